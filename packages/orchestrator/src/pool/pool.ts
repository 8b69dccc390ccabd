/**
 * The pool: workers whose slots are filled with rollouts of all open jobs, of one model or of several, the same in Node,
 * in a page and in tests with a virtual clock. Everything happens in answer to a message, a death or a timer.
 *
 * `fair-queue.ts` says whose rollout is next, `staff.ts` which worker takes it and when another is started.
 * A worker that dies is replaced and its rollouts run again, apart from other jobs' (one of them may be what it died
 * of); one that does not leave a job that is over is ended. Whoever made the pool closes it.
 */
import type { KernelSource } from '@ptrm/core-wasm'
import { WorkerCrashedError } from '../errors.ts'
import { checkOptions, POOL_RULES } from '../options.ts'
import type { Found } from '../rollouts/run.ts'
import { type Clock, realClock } from './clock.ts'
import { fromThrown } from './error-transfer.ts'
import { FairQueue } from './fair-queue.ts'
import { OpenJob, type PoolJob, type PoolOutcome, type PoolRunOptions } from './open-job.ts'
import { type PoolStats, Totals } from './pool-stats.ts'
import { type PoolWorker, Run } from './pool-worker.ts'
import type { FromWorker, WorkerAdapter } from './protocol.ts'
import { MAX_ATTEMPTS, Staff } from './staff.ts'

/** Milliseconds that an ended job waits for its workers, for the step that they are in; then it is over without them. */
export const LATE_MS = 1000
/** Milliseconds that a worker has for the step that it is in, once its job is ended; then it is ended and replaced. */
export const LOST_MS = 10_000

/** What a pool is made of. */
export interface PoolOptions {
  readonly adapter: WorkerAdapter
  readonly kernel: KernelSource
  /** Default: one a core. */
  readonly workers?: number | undefined
  /** Rollouts that a worker holds at once; more than 1 for engines that run many side by side. Default 1. */
  readonly slots?: number | undefined
  /** Default: this machine's. */
  readonly clock?: Clock | undefined
}

/** A model of a pool: its jobs run on the pool's workers beside those of other models. */
export interface PooledModel {
  /** Loads it in a first worker; rejects with what keeps it from loading. Without it, the first run reports that. */
  load(): Promise<void>
  /** Runs a job's rollouts. Rejects with `WorkerCrashedError`, or with what a worker's loading or running threw. */
  run(job: PoolJob, options?: PoolRunOptions): Promise<PoolOutcome>
  /** Ends its jobs, which reject, and frees it in all workers. The pool goes on. */
  close(): void
}

/** The workers and the jobs that wait for them. Most callers want a `Solver`, which has one or shares one. */
export class Pool {
  /** Workers, when all are started. */
  readonly size: number
  /** Rollouts that a worker holds at once. */
  readonly slots: number
  readonly #clock: Clock
  readonly #adapter: WorkerAdapter
  readonly #staff: Staff
  readonly #queue = new FairQueue<OpenJob>()
  readonly #totals = new Totals()
  #nextRun = 0
  #closed = false

  /** Throws `PlanError`. Starts nothing. */
  constructor({ adapter, kernel, workers, slots = 1, clock = realClock }: PoolOptions) {
    checkOptions({ workers, slots }, POOL_RULES)
    this.#clock = clock
    this.#adapter = adapter
    this.size = workers ?? adapter.defaultWorkers()
    this.slots = slots
    this.#staff = new Staff(
      { adapter, kernel, size: this.size, slots, clock },
      {
        heard: (worker, message) => this.#hear(worker, message),
        died: (worker, cause) => this.#die(worker, cause),
        unavailable: (model, error) => {
          for (const open of this.#jobsOf(model)) this.#fail(open, error)
        },
        jobs: () => this.#queue.jobs,
      },
    )
  }

  /** Takes in a model by its file's bytes. Loads nothing. */
  open(modelBytes: Uint8Array): PooledModel {
    const model = this.#staff.add(modelBytes)
    const isOpen = () => !this.#closed && this.#staff.has(model)
    const refuse = () => Promise.reject(new Error('the pool is closed'))
    return {
      load: () => (isOpen() ? this.#staff.load(model) : refuse()),
      run: (job, options = {}) => (isOpen() ? this.#run(model, job, options) : refuse()),
      close: () => this.#forget(model, new Error('the solver was closed')),
    }
  }

  /** What there is, and what was done since the start. */
  get stats(): PoolStats {
    let [up, busySlots, waitingJobs, waitingRollouts] = [0, 0, 0, 0]
    for (const { isUp, held } of this.#staff.workers) {
      if (isUp) up += 1
      busySlots += Math.min(held, this.slots)
      waitingRollouts += Math.max(0, held - this.slots)
    }
    for (const open of this.#queue.jobs) {
      const waiting = open.waiting(open.job.rollouts.length)
      waitingRollouts += waiting
      if (waiting > 0 && open.running === 0) waitingJobs += 1
    }
    const slots = this.#staff.most * this.slots
    const openJobs = this.#queue.size
    return {
      ...{ workers: up, slots, busySlots, openJobs, waitingJobs, waitingRollouts },
      ...this.#totals.read(),
    }
  }

  /** Ends every job and every worker; resolves when nothing is left running. */
  async close(): Promise<void> {
    this.#closed = true
    const error = new Error('the pool was closed')
    const ended = this.#staff.close(error)
    for (const open of [...this.#queue.jobs]) open.reject(error)
    await ended
  }

  #run(model: number, job: PoolJob, options: PoolRunOptions): Promise<PoolOutcome> {
    const open = new OpenJob(model, job, options, this.#clock.now())
    const { signal, deadline } = options
    if (signal?.aborted) open.end('signal')
    this.#queue.add(open)
    open.whenClosed((outcome) => {
      this.#queue.remove(open)
      if (outcome) this.#totals.add(job, open.ran, outcome)
      if (this.#staff.release(open)) this.#dispatch()
      else this.#staff.grow()
    })
    const onAbort = () => this.#stop(open, 'signal')
    signal?.addEventListener('abort', onAbort, { once: true })
    open.whenClosed(() => signal?.removeEventListener('abort', onAbort))
    if (deadline !== undefined)
      open.whenClosed(this.#clock.after(deadline, () => this.#stop(open, 'deadline')))
    this.#dispatch()
    this.#settle(open)
    void this.#adapter.attend?.(open.done)
    return open.done
  }

  #jobsOf(model: number): OpenJob[] {
    return [...this.#queue.jobs].filter((open) => open.model === model)
  }

  #forget(model: number, error: Error): void {
    const own = this.#jobsOf(model)
    for (const open of own) open.end('signal') // so that none of them is given a slot of another
    for (const open of own) this.#fail(open, error)
    this.#staff.forget(model, error)
  }

  /** Gives free slots to jobs that wait, in the order of the queue, and starts workers while there is more work. */
  #dispatch(): void {
    const fresh = new Map<Run, PoolWorker>()
    while (this.#staff.hasRoom) {
      let worker: PoolWorker | undefined
      const open = this.#queue.next((job) => {
        worker = this.#staff.workerFor(job)
        return worker !== undefined
      })
      if (!open || !worker) break
      this.#give(open, worker, fresh)
    }
    this.#giveAhead(fresh)
    for (const [run, worker] of fresh) this.#start(run, worker)
    this.#staff.grow()
  }

  /** Where so much waits that nobody will lack it, workers get one rollout more than they have slots for. */
  #giveAhead(fresh: Map<Run, PoolWorker>): void {
    let open = this.#queue.next()
    for (; open && this.#abounds && open.sure(1) > 0 && !open.waitsAlone; open = this.#queue.next()) {
      const worker = this.#staff.workerAhead(open)
      if (!worker) return
      this.#give(open, worker, fresh)
    }
  }

  /** Whether more rollouts wait that are run in any case than one for each worker but one. */
  get #abounds(): boolean {
    let waiting = 0
    for (const open of this.#queue.jobs) {
      waiting += open.sure(this.size)
      if (waiting >= this.size) return true
    }
    return false
  }

  #give(open: OpenJob, worker: PoolWorker, fresh: Map<Run, PoolWorker>): void {
    if (open.waitsAlone) {
      this.#staff.release(open)
      worker.only = open
    }
    const given = open.take()
    this.#queue.give(open)
    worker.begins(this.#clock.now())
    let [run] = [...fresh].find(([{ open: other }, at]) => at === worker && other === open) ?? []
    if (!run) {
      run = new Run(this.#nextRun++, open)
      fresh.set(run, worker)
      worker.runs.set(run.number, run)
      open.running += 1
    }
    run.given.set(given.rollout, given)
  }

  #start(run: Run, worker: PoolWorker): void {
    const { open, number, given } = run
    const job = { ...open.job, rollouts: [...given.keys()] }
    try {
      worker.handle!.post({ type: 'run', run: number, model: open.model, job, steps: open.wantsSteps })
    } catch (error) {
      worker.runs.delete(number) // the puzzle can't be sent to a worker
      this.#detach(run)
      this.#fail(open, error)
    }
  }

  #hear(worker: PoolWorker, message: FromWorker): void {
    if (message.type === 'loaded') {
      this.#staff.loaded(worker, message.model)
      this.#dispatch()
    } else if (message.type === 'not-loaded') {
      this.#staff.notLoaded(worker, message.model, fromThrown(message.thrown))
      this.#staff.grow()
    } else {
      const run = worker.runs.get(message.run)
      if (run) this.#hearRun(worker, run, message)
    }
  }

  #hearRun(worker: PoolWorker, run: Run, message: Extract<FromWorker, { run: number }>): void {
    const { open } = run
    if (message.type === 'done' || message.type === 'failed') {
      const wasAttached = this.#leave(worker, run)
      if (wasAttached && message.type === 'failed') this.#fail(open, fromThrown(message.thrown))
      // None is left but by a worker that is mistaken.
      else if (wasAttached) this.#runAgain(run, new Error('its worker left it out'))
      this.#dispatch()
      this.#settle(open)
    } else if (message.type === 'found') this.#hearFound(worker, run, message.found)
    else if (run.attached) {
      run.note(message.event)
      this.#tell(open, () => open.options.onStep?.(message.event))
    }
  }

  #hearFound(worker: PoolWorker, run: Run, found: Found): void {
    const { open } = run
    this.#totals.hear(found)
    const wasGiven = run.given.delete(found.candidate.rollout)
    worker.ends(this.#clock.now())
    worker.mayMix()
    if (run.attached) {
      if (wasGiven) this.#queue.takeBack(open)
      open.book(found)
      this.#tell(open, () => open.options.onCandidate?.(found.candidate))
      this.#endUnwanted(open)
    }
    // Its worker may be in a step for others before it says that it is done.
    if (run.given.size === 0) this.#leave(worker, run)
    this.#dispatch()
    this.#settle(open)
  }

  /** The run is over; false where its job went on without it. */
  #leave(worker: PoolWorker, run: Run): boolean {
    worker.runs.delete(run.number)
    worker.mayMix()
    run.callOffTimers()
    return this.#detach(run)
  }

  /** The caller's listener. Its error ends the job at once, and as the very error that it is. */
  #tell(open: OpenJob, call: () => unknown): void {
    try {
      const heard = call()
      if (typeof (heard as PromiseLike<unknown> | undefined)?.then !== 'function') return
      open.listening += 1
      Promise.resolve(heard)
        .catch((error: unknown) => this.#fail(open, error))
        .finally(() => {
          open.listening -= 1
          this.#settle(open)
        })
    } catch (error) {
      this.#fail(open, error)
    }
  }

  #die(worker: PoolWorker, cause: Error): void {
    const runs = [...worker.runs.values()]
    this.#staff.died(worker, cause)
    // Where it loaded something, that is what it died of.
    const asTheyAre = worker.isLoading
    for (const run of runs) if (this.#detach(run)) this.#runAgain(run, asTheyAre ? undefined : cause)
    this.#dispatch()
    for (const { open } of runs) this.#settle(open)
  }

  /** The job goes on without the run, with what is known of its rollouts; false where it did so before. */
  #detach(run: Run): boolean {
    if (!run.attached) return false
    run.attached = false
    run.open.running -= 1
    for (const _ of run.given) this.#queue.takeBack(run.open)
    return true
  }

  /** What a run left that is still wanted is run again; what is not keeps the steps that it had. `cause`: if it is theirs. */
  #runAgain(run: Run, cause?: Error): void {
    const { open } = run
    const left = [...run.given.values()].filter(({ rollout }) => rollout < open.below)
    const spent = cause && left.find(({ attempt }) => attempt >= MAX_ATTEMPTS)
    const again = cause ? left.map(({ rollout, attempt }) => ({ rollout, attempt: attempt + 1 })) : left
    if (spent) this.#fail(open, new WorkerCrashedError(spent.rollout, spent.attempt, cause))
    else open.putBack(again, run.partial)
  }

  #stop(open: OpenJob, by: 'signal' | 'deadline'): void {
    open.end(by)
    this.#endUnwanted(open)
    this.#settle(open)
  }

  #fail(open: OpenJob, error: unknown): void {
    open.reject(error)
    this.#endUnwanted(open)
  }

  /** Tells workers which of the job's rollouts they may leave, and sees to it that they do. */
  #endUnwanted(open: OpenJob): void {
    const from = open.below
    if (from === Number.POSITIVE_INFINITY) return
    for (const worker of [...this.#staff.workers])
      for (const run of [...worker.runs.values()]) {
        if (run.open !== open || run.endedFrom <= from) continue
        const rollouts = [...run.given.keys()]
        if (!rollouts.some((rollout) => rollout >= from)) continue
        run.endedFrom = from
        worker.handle!.post({ type: 'end', run: run.number, from })
        if (rollouts.every((rollout) => rollout >= from)) this.#expectToLeave(worker, run)
      }
  }

  /** None of the run's rollouts is wanted: the job waits a moment for what they have, the pool somewhat longer. */
  #expectToLeave(worker: PoolWorker, run: Run): void {
    const { open } = run
    const goOn = () => {
      if (!this.#detach(run)) return
      for (const candidate of run.partial) open.book({ candidate, cut: true, stops: false })
      this.#settle(open)
    }
    // Where the order of rollouts decides, what comes after the end does not count.
    if (open.closed || !open.wantsCut) goOn()
    else run.addTimer(this.#clock.after(LATE_MS, goOn))
    run.addTimer(this.#clock.after(this.#adapter.lostMs ?? LOST_MS, () => this.#giveUp(worker)))
  }

  /** A worker that does not leave is ended; what it runs for others is no fault of theirs. */
  #giveUp(worker: PoolWorker): void {
    const runs = [...worker.runs.values()].filter((run) => this.#detach(run))
    this.#staff.dismiss(worker)
    for (const run of runs) this.#runAgain(run)
    this.#dispatch()
    for (const { open } of runs) this.#settle(open)
  }

  #settle(open: OpenJob): void {
    if (!open.closed && open.isOver) open.resolve()
  }
}
