/** One worker as its pool sees it: loading, free, or at one run of one job. Decides nothing. */
import type { Candidate } from '../rollouts/candidate.ts'
import type { StepEvent } from '../rollouts/run.ts'
import type { Given, OpenJob } from './open-job.ts'
import type { WorkerHandle } from './protocol.ts'

/** Rollouts that a worker was told to run. */
export class Run {
  readonly number: number
  readonly open: OpenJob
  /** Those whose end was not told yet, by number. */
  readonly given: Map<number, Given>
  /** False once the job is over without it: what is said of it then no longer counts. */
  attached = true
  /** Rollouts of this number and above were told to end. */
  endedFrom: number = Number.POSITIVE_INFINITY
  /** How far rollouts are, where the pool hears of steps. */
  readonly #partial = new Map<number, Candidate>()
  readonly #timers: (() => void)[] = []

  constructor(number: number, open: OpenJob, given: readonly Given[]) {
    this.number = number
    this.open = open
    this.given = new Map(given.map((one) => [one.rollout, one]))
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

export class PoolWorker {
  /** By the pool's clock. */
  readonly startedAt: number
  /** Set as soon as it is started. */
  handle: WorkerHandle | undefined
  isLoaded = false
  run: Run | undefined

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }

  get isFree(): boolean {
    return this.isLoaded && !this.run
  }
}
