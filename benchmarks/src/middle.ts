/**
 * A run of many puzzles with so many of them in flight, timed in its middle: from when as many answers are there as there are
 * askers until as many are left, so that neither the crowd at the start nor the last stragglers count.
 */
import { idleShare, type Usage, usageOf } from './usage.ts'

export interface Middle {
  readonly puzzlesPerSecond: number
  /** Processor milliseconds of a puzzle: of the process that solves, and of this one beside it. Linux only. */
  readonly cpuMs: number | undefined
  readonly callerCpuMs: number
  /** Share of the time in which the workers had nothing to do. Linux only. */
  readonly idle: number | undefined
}

export interface Crowd {
  /** Puzzles in all, more than twice as many as are in flight. */
  readonly amount: number
  readonly inFlight: number
  /** The process that solves, and its workers. */
  readonly pid: number
  readonly workers: number
}

interface Look {
  readonly at: number
  readonly usage: Usage | undefined
  readonly callerCpuMs: number
}

/** Counts answers; `middle` may be asked for when all are there. */
export class MiddleOfRun {
  readonly #crowd: Crowd
  #answers = 0
  #first: Look | undefined
  #last: Look | undefined

  constructor(crowd: Crowd) {
    this.#crowd = crowd
  }

  answered(): void {
    const { amount, inFlight } = this.#crowd
    this.#answers += 1
    if (this.#answers === inFlight) this.#first = this.#look()
    if (this.#answers === amount - inFlight) this.#last = this.#look()
  }

  get middle(): Middle {
    const { amount, inFlight, workers } = this.#crowd
    const [first, last] = [this.#first, this.#last]
    if (!first || !last) throw new Error(`${this.#answers} answers of ${amount}`)
    const puzzles = amount - 2 * inFlight
    const both = first.usage && last.usage && ([first.usage, last.usage] as const)
    return {
      puzzlesPerSecond: (puzzles / (last.at - first.at)) * 1000,
      cpuMs: both && (both[1].cpuMs - both[0].cpuMs) / puzzles,
      callerCpuMs: (last.callerCpuMs - first.callerCpuMs) / puzzles,
      idle: both && idleShare(both[0], both[1], workers),
    }
  }

  #look(): Look {
    const { user, system } = process.cpuUsage()
    return {
      at: performance.now(),
      usage: usageOf(this.#crowd.pid),
      callerCpuMs: (user + system) / 1000,
    }
  }
}
