/** One worker as its pool sees it: the models that it has, and the runs that it is at. Decides nothing. */
import type { Candidate } from '../rollouts/candidate.ts'
import type { StepEvent } from '../rollouts/run.ts'
import type { Given, OpenJob } from './open-job.ts'
import type { WorkerHandle } from './protocol.ts'

/** Rollouts that a worker was told to run. */
export class Run {
  readonly number: number
  readonly open: OpenJob
  /** Those whose end was not told yet, by number. */
  readonly given: Map<number, Given> = new Map()
  /** False once the job is over without it: what is said of it then no longer counts. */
  attached = true
  /** Rollouts of this number and above were told to end. */
  endedFrom: number = Number.POSITIVE_INFINITY
  /** How far rollouts are, where the pool hears of steps. */
  readonly #partial = new Map<number, Candidate>()
  readonly #timers: (() => void)[] = []

  constructor(number: number, open: OpenJob) {
    this.number = number
    this.open = open
  }

  /** Remembers a step, so that what a worker had before it was lost is not. */
  note({ rollout, step, tokens, q, verified }: StepEvent): void {
    if (!this.given.has(rollout)) return
    const before = this.#partial.get(rollout)?.firstVerified
    const firstVerified = before ?? (verified ? { step, tokens, q } : undefined)
    this.#partial.set(rollout, { rollout, steps: step, complete: false, tokens, q, firstVerified })
  }

  /** Every rollout not told to have ended that ran a step. */
  get partial(): Iterable<Candidate> {
    return [...this.#partial.values()].filter(({ rollout }) => this.given.has(rollout))
  }

  addTimer(callOff: () => void): void {
    this.#timers.push(callOff)
  }

  callOffTimers(): void {
    for (const callOff of this.#timers.splice(0)) callOff()
  }
}

/**
 * Milliseconds of a rollout, below which a worker is given the next one before it is done. Longer ones lose nothing to speak
 * of by waiting for the pool's thread, and would hold up what comes after them.
 */
const QUICK_MS = 50

export class PoolWorker {
  /** By the pool's clock. */
  readonly startedAt: number
  /** Set as soon as it is started. */
  handle: WorkerHandle | undefined
  /** Whether it has ever loaded a model. */
  isUp: boolean = false
  /** Of the models that it was told to load, by number. */
  readonly models: Map<number, 'loading' | 'loaded' | 'failed'> = new Map()
  /** By number. */
  readonly runs: Map<number, Run> = new Map()
  /** The only job whose rollouts it may be given, as they may be what another worker died of. */
  only: OpenJob | undefined
  /** Whether its last rollout was over so soon that a wait for the next one would count. */
  isQuick: boolean = false
  /** Since when it is at what it holds. */
  #since = 0

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }

  get isLoading(): boolean {
    for (const state of this.models.values()) if (state === 'loading') return true
    return false
  }

  /** Rollouts that it was given and has not told the end of. */
  get held(): number {
    let held = 0
    for (const { given } of this.runs.values()) held += given.size
    return held
  }

  /** It is given a rollout. */
  begins(now: number): void {
    if (this.runs.size === 0) this.#since = now
  }

  /** It told the end of a rollout. */
  ends(now: number): void {
    this.isQuick = now - this.#since < QUICK_MS
    this.#since = now
  }

  /** Whether it may be given the job's next rollout, as far as what it runs already goes. */
  takes(open: OpenJob): boolean {
    if (this.only !== undefined && this.only !== open) return false
    return !open.waitsAlone || [...this.runs.values()].every((run) => run.open === open)
  }

  /** Whether all that it runs is of the model. */
  runsOnly(model: number): boolean {
    for (const { open } of this.runs.values()) if (open.model !== model) return false
    return true
  }

  /** Lets it take all jobs' rollouts again, once it holds none that must be alone. */
  mayMix(): void {
    if (this.only?.waitsAlone) return
    for (const { given } of this.runs.values())
      for (const { attempt } of given.values()) if (attempt > 1) return
    this.only = undefined
  }
}
