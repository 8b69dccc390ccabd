/** A job in a pool: which of its rollouts wait, which are found, and when it is over. Knows no worker and no time. */
import type { Candidate } from '../rollouts/candidate.ts'
import { StopInOrder } from '../rollouts/order.ts'
import type { Found, Job, StepEvent } from '../rollouts/run.ts'
import { enoughAgree } from '../rollouts/stop.ts'

/** A job with the puzzle that its rollouts are judged by. Its rollouts rise. */
export interface PoolJob extends Job {
  readonly kind: string
  readonly puzzle: unknown
}

/** How a run is watched and ended. */
export interface PoolRunOptions {
  /** Ends the job within one step; `run` then resolves with what there is. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds after which the job is ended as by a signal. */
  readonly deadline?: number | undefined
  /** Whose job it is: slots are shared between clients, then between a client's jobs. Default: one of no name. */
  readonly client?: string | undefined
  /** A promise that it returns is waited for, up to signal and deadline; what it throws or rejects with ends the job. */
  readonly onStep?: ((event: StepEvent) => unknown) | undefined
  /** As `onStep`. Where the plan is exact it also hears of rollouts that then turn out not to count. */
  readonly onCandidate?: ((candidate: Candidate) => unknown) | undefined
}

/** What ended a run. */
export type StoppedBy = 'end' | 'rule' | 'signal' | 'deadline'

/** What a run came to: candidates by rollout number, and what ended it. */
export interface PoolOutcome {
  readonly candidates: Candidate[]
  readonly stoppedBy: StoppedBy
}

/** A rollout that a worker is given, for the `attempt`th time, from 1. */
export interface Given {
  readonly rollout: number
  readonly attempt: number
}

export class OpenJob {
  /** The number of the model that it is for. */
  readonly model: number
  readonly job: PoolJob
  readonly options: PoolRunOptions
  readonly client: string | undefined
  /** By the pool's clock; Infinity for none. */
  readonly deadlineAt: number
  /** Runs under way that it waits for. */
  running = 0
  /** Promises of listeners that it waits for. */
  listening = 0
  /** True once `run` is settled. */
  closed = false
  stoppedBy: StoppedBy = 'end'
  /** That came to their own end. */
  readonly #found: Candidate[] = []
  /** What is known of others: those cut off, and those that are to be run again. */
  readonly #kept = new Map<number, Candidate>()
  /** Of the job's rollouts, the first that was never given out. */
  #next = 0
  /** To be given out again, rising. */
  #again: Given[] = []
  #ended = false
  #isOutOfTime = false
  readonly #order: StopInOrder | undefined
  readonly done: Promise<PoolOutcome>
  #resolve!: (outcome: PoolOutcome) => void
  #reject!: (reason: unknown) => void
  readonly #undo: ((outcome?: PoolOutcome) => void)[] = []

  /** `now`: by the pool's clock. */
  constructor(model: number, job: PoolJob, options: PoolRunOptions, now: number) {
    this.model = model
    this.job = job
    this.options = options
    this.client = options.client
    this.deadlineAt = now + (options.deadline ?? Number.POSITIVE_INFINITY)
    if (job.plan.exact) this.#order = new StopInOrder(job.plan.stop, job.rollouts)
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Rollouts of this number and above are not wanted. */
  get below(): number {
    if (this.#ended) return 0
    return this.#order?.below ?? Number.POSITIVE_INFINITY
  }

  /** True where rollouts wait for a worker. */
  get waits(): boolean {
    const next = this.#again[0]?.rollout ?? this.job.rollouts[this.#next]
    return next !== undefined && next < this.below
  }

  /** True where the rollout that waits first was lost with a worker: it may be what that worker died of. */
  get waitsAlone(): boolean {
    return this.waits && this.#again[0] !== undefined && this.#again[0].attempt > 1
  }

  /** True where nothing is left to wait for. */
  get isOver(): boolean {
    return this.running === 0 && (this.listening === 0 || this.#isOutOfTime) && !this.waits
  }

  /** Whether the end of one rollout may spare others. */
  get maySpare(): boolean {
    return this.job.plan.stop !== 'all'
  }

  /** Whether the pool must hear of every step: for the listener, or as what is there must be known at the deadline. */
  get wantsSteps(): boolean {
    return this.options.onStep !== undefined || this.options.deadline !== undefined
  }

  /** Whether rollouts that were cut off count: not where the order of rollouts has decided what does. */
  get wantsCut(): boolean {
    return this.#ended || !this.#order
  }

  /** How many rollouts wait, counted up to `most`. */
  waiting(most: number): number {
    const { below } = this
    let waiting = this.#again.filter(({ rollout }) => rollout < below).length
    for (let i = this.#next; waiting < most; i++, waiting++) if (!(this.job.rollouts[i]! < below)) break
    return Math.min(waiting, most)
  }

  /** How many of those that wait are run in any case, whatever a right answer may spare; counted up to `most`. */
  sure(most: number): number {
    if (!this.maySpare) return this.waiting(most)
    return this.running === 0 ? this.waiting(Math.min(most, 1)) : 0
  }

  /** Takes out the next rollout. There must be one that waits. */
  take(): Given {
    return this.#again.shift() ?? { rollout: this.job.rollouts[this.#next++]!, attempt: 1 }
  }

  /** Puts back what a worker did not come to the end of, to be given again as it is, with the steps that are known of it. */
  putBack(again: readonly Given[], partial: Iterable<Candidate>): void {
    for (const candidate of partial) this.#keep(candidate)
    this.#again = [...this.#again, ...again].sort((a, b) => a.rollout - b.rollout)
  }

  /** Books a rollout; `below` may fall. */
  book({ candidate, cut, stops }: Found): void {
    if (cut) {
      this.#keep(candidate)
      return
    }
    this.#found.push(candidate)
    this.#kept.delete(candidate.rollout)
    if (this.#order) this.#order.add(candidate, stops)
    else if (stops || enoughAgree(this.job.plan.stop, this.#found)) this.end('rule')
  }

  /** Rollouts that ran, whether or not they count. */
  get ran(): Candidate[] {
    return [...this.#found, ...this.#kept.values()]
  }

  /** Wants no more rollouts, and by a signal or a deadline waits for no listener. */
  end(by: StoppedBy): void {
    this.#isOutOfTime ||= by === 'signal' || by === 'deadline'
    if (!this.#ended && this.stoppedBy === 'end') this.stoppedBy = by
    this.#ended = true
  }

  /** `undo` is called when `run` is settled, with what it came to where it came to something. */
  whenClosed(undo: (outcome?: PoolOutcome) => void): void {
    this.#undo.push(undo)
  }

  resolve(): void {
    const { candidates, byRule } = this.#counted()
    const stoppedBy = this.stoppedBy === 'end' && byRule ? 'rule' : this.stoppedBy
    const outcome = { candidates, stoppedBy }
    if (this.#close(outcome)) this.#resolve(outcome)
  }

  reject(reason: unknown): void {
    this.end('signal')
    if (this.#close()) this.#reject(reason)
  }

  #counted(): { candidates: Candidate[]; byRule: boolean } {
    const below = this.#order?.below ?? Number.POSITIVE_INFINITY
    const all = this.wantsCut ? this.ran : this.#found
    const candidates = all.filter(({ rollout }) => rollout < below)
    return { candidates: candidates.sort((a, b) => a.rollout - b.rollout), byRule: Number.isFinite(below) }
  }

  /** Of two attempts at a rollout, which are alike step by step, the longer one. */
  #keep(candidate: Candidate): void {
    const other = this.#kept.get(candidate.rollout)
    if (!other || candidate.steps > other.steps) this.#kept.set(candidate.rollout, candidate)
  }

  #close(outcome?: PoolOutcome): boolean {
    if (this.closed) return false
    this.closed = true
    for (const undo of this.#undo) undo(outcome)
    return true
  }
}
