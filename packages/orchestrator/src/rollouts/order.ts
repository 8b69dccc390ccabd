/**
 * The stop rule as one worker would meet it that runs rollout after rollout: rollouts may end in any order, and what
 * ends the job depends on their numbers alone. Knows no worker and no time.
 */
import type { Candidate } from './candidate.ts'
import type { StopRule } from './plan.ts'
import { enoughAgree } from './stop.ts'

/** Books rollouts as they end, and tells which are still wanted. */
export class StopInOrder {
  readonly #stop: StopRule
  readonly #rollouts: readonly number[]
  /** Ended, by number; those of the row go. */
  readonly #ended = new Map<number, Candidate>()
  /** The job's first rollouts, so many as have ended without a gap. */
  readonly #row: Candidate[] = []
  #below = Number.POSITIVE_INFINITY

  /** `rollouts`: the job's, rising. */
  constructor(stop: StopRule, rollouts: readonly number[]) {
    this.#stop = stop
    this.#rollouts = rollouts
  }

  /** Rollouts of this number and above are not wanted; Infinity until the rule fires. It never rises. */
  get below(): number {
    return this.#below
  }

  /** A rollout has come to its own end; `stops` where the rule fires with it. */
  add(candidate: Candidate, stops: boolean): void {
    if (candidate.rollout >= this.#below) return
    if (stops) this.#below = candidate.rollout + 1
    this.#ended.set(candidate.rollout, candidate)
    for (;;) {
      const next = this.#ended.get(this.#rollouts[this.#row.length]!)
      if (!next || next.rollout >= this.#below) return
      this.#ended.delete(next.rollout)
      this.#row.push(next)
      if (enoughAgree(this.#stop, this.#row)) this.#below = next.rollout + 1
    }
  }
}
