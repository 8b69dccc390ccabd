/** What a pool tells of itself, for those who watch it: how full it is, and what it has done. */
import type { Candidate } from '../rollouts/candidate.ts'
import type { Found } from '../rollouts/run.ts'
import type { PoolJob, PoolOutcome } from './open-job.ts'

/** What there is now, and sums since the start. */
export interface PoolStats extends Sums {
  /** Workers that have loaded a model. */
  readonly workers: number
  /** Of all workers, when all are started that there may be. */
  readonly slots: number
  readonly busySlots: number
  /** Jobs that are not over. */
  readonly openJobs: number
  /** Of these, those of which no worker has a rollout yet. */
  readonly waitingJobs: number
  readonly waitingRollouts: number
}

/** Of jobs that are over, but for `unusedSteps`. */
export interface Sums {
  readonly jobs: number
  /** That ran a step. */
  readonly rollouts: number
  /** Deep recursion steps. */
  readonly steps: number
  /** Rollouts that a stop rule spared: they never ran. Those of exact plans that ran but do not count are not among them. */
  readonly sparedRollouts: number
  /** Deep recursion steps that engines computed ahead of rollouts which then ended, the price of several steps a run. */
  readonly unusedSteps: number
}

export class Totals {
  readonly #sums = { jobs: 0, rollouts: 0, steps: 0, sparedRollouts: 0, unusedSteps: 0 }

  /** `ran`: all that ran, of which an exact plan's outcome may leave some out. */
  add(job: PoolJob, ran: readonly Candidate[], { stoppedBy }: PoolOutcome): void {
    const sums = this.#sums
    sums.jobs += 1
    sums.rollouts += ran.length
    sums.steps += ran.reduce((sum, { steps }) => sum + steps, 0)
    if (stoppedBy === 'rule') sums.sparedRollouts += job.rollouts.length - ran.length
  }

  hear({ unused = 0 }: Found): void {
    this.#sums.unusedSteps += unused
  }

  read(): Sums {
    return { ...this.#sums }
  }
}
