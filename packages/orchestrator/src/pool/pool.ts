/**
 * The pool: workers that take one rollout at a time (or, with an engine of many slots, a job's), the same in Node, in a
 * page and in tests with a virtual clock. Everything happens in answer to a message, a death or a timer.
 *
 * Of the open jobs the one with the fewest running rollouts gets the next free worker: many puzzles in flight get a
 * worker each (nothing is computed in vain when a first answer verifies), a single puzzle gets them all. For rollouts
 * that a right answer may spare, the first worker stays alone until the work has lasted (`patience.ts`). A worker that
 * dies is replaced and its rollouts run again; one that does not leave a job that is over is ended. Whoever made the
 * pool closes it.
 */
import type { KernelSource } from '@ptrm/core-wasm'
import { WorkerCrashedError } from '../errors.ts'
import { checkOptions, SOLVER_RULES } from '../options.ts'
import { type Clock, realClock } from './clock.ts'
import { fromThrown } from './error-transfer.ts'
import { OpenJob, type PoolJob, type PoolOutcome, type PoolRunOptions } from './open-job.ts'
import { Patience } from './patience.ts'
import { PoolWorker, Run } from './pool-worker.ts'
import type { FromWorker, WorkerAdapter } from './protocol.ts'

/** A rollout may crash its worker this often before the job fails, and workers may die this often while they load. */
const MAX_ATTEMPTS = 3
/** Milliseconds that an ended job waits for its workers, for the step that they are in; then it is over without them. */
export const LATE_MS = 1000
/** Milliseconds that a worker has for the step that it is in, once its job is ended; then it is ended and replaced. */
export const LOST_MS = 10_000

/** What a pool is made of. */
export interface PoolOptions {
  readonly adapter: WorkerAdapter
  readonly kernel: KernelSource
  readonly modelBytes: Uint8Array
  /** Default: one a core. */
  readonly workers?: number | undefined
  /** How many a worker is given at once; more than 1 for engines that run many side by side. Default 1. */
  readonly rolloutsPerRun?: number | undefined
  /** Default: this machine's. */
  readonly clock?: Clock | undefined
}

/** The workers and the jobs that wait for them. Most callers want a `Solver`, which has one. */
export class Pool {
  /** Workers, when all are started. */
  readonly size: number
  readonly #options: PoolOptions
  readonly #rolloutsPerRun: number
  readonly #clock: Clock
  readonly #patience: Patience
  readonly #workers = new Set<PoolWorker>()
  /** Terminations under way. */
  readonly #leaving = new Set<Promise<void>>()
  readonly #jobs = new Set<OpenJob>()
  /** Callers of `load` who wait. */
  #loads: { resolve(): void; reject(reason: unknown): void }[] = []
  /** Workers that there may be: fewer than `size` where some do not load. */
  #most: number
  /** Deaths of loading workers since one last loaded. */
  #deaths = 0
  #nextRun = 0
  #closed = false

  /** Throws `PlanError`. Starts nothing. */
  constructor(options: PoolOptions) {
    const { workers, rolloutsPerRun = 1, clock = realClock } = options
    checkOptions({ workers, rolloutsPerRun }, SOLVER_RULES)
    this.#options = options
    this.#rolloutsPerRun = rolloutsPerRun
    this.#clock = clock
    this.#patience = new Patience(clock)
    this.size = workers ?? options.adapter.defaultWorkers()
    this.#most = this.size
  }

  /** Loads the first worker; rejects with what keeps it from loading. Without it, the first run reports that. */
  load(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the pool is closed'))
    if ([...this.#workers].some((worker) => worker.isLoaded)) return Promise.resolve()
    const loaded = new Promise<void>((resolve, reject) => this.#loads.push({ resolve, reject }))
    if (this.#workers.size === 0) this.#spawn()
    return loaded
  }

  /** Runs a job's rollouts. Rejects with `WorkerCrashedError`, or with what a worker's loading or running threw. */
  run(job: PoolJob, options: PoolRunOptions = {}): Promise<PoolOutcome> {
    if (this.#closed) return Promise.reject(new Error('the pool is closed'))
    const open = new OpenJob(job, options)
    const { signal, deadline } = options
    if (signal?.aborted) open.end('signal')
    this.#jobs.add(open)
    open.whenClosed(() => {
      this.#jobs.delete(open)
      if (!this.#neediest()) this.#patience.rest()
    })
    const onAbort = () => this.#stop(open, 'signal')
    signal?.addEventListener('abort', onAbort, { once: true })
    open.whenClosed(() => signal?.removeEventListener('abort', onAbort))
    if (deadline !== undefined)
      open.whenClosed(this.#clock.after(deadline, () => this.#stop(open, 'deadline')))
    this.#dispatch()
    this.#settle(open)
    return open.done
  }

  /** Ends every job and every worker; resolves when nothing is left running. */
  async close(): Promise<void> {
    this.#closed = true
    this.#patience.rest()
    const error = new Error('the pool was closed')
    for (const worker of [...this.#workers]) this.#dismiss(worker)
    for (const open of [...this.#jobs]) open.reject(error)
    for (const { reject } of this.#loads.splice(0)) reject(error)
    await Promise.all(this.#leaving)
  }

  /** Gives free workers to jobs that wait, and starts workers while there is more work than there are. */
  #dispatch(): void {
    for (;;) {
      const open = this.#neediest()
      const worker = open && this.#freeWorker()
      if (!worker) break
      this.#start(worker, open)
    }
    this.#spawnForWaiting()
  }

  #neediest(): OpenJob | undefined {
    let best: OpenJob | undefined
    for (const open of this.#jobs) {
      if (!open.waits || (best && open.running >= best.running)) continue
      best = open
      if (best.running === 0) break
    }
    return best
  }

  #freeWorker(): PoolWorker | undefined {
    for (const worker of this.#workers) if (worker.isFree) return worker
    return undefined
  }

  #start(worker: PoolWorker, open: OpenJob): void {
    const given = open.take(this.#rolloutsPerRun)
    const run = new Run(this.#nextRun++, open, given)
    const job = { ...open.job, rollouts: given.map(({ rollout }) => rollout) }
    try {
      worker.handle!.post({ type: 'run', run: run.number, job, steps: open.wantsSteps })
    } catch (error) {
      this.#fail(open, error) // the puzzle can't be sent to a worker
      return
    }
    worker.run = run
    open.running += 1
  }

  /** One worker for each run that waits and that no loading worker will take; what may be spared must have waited a while. */
  #spawnForWaiting(): void {
    let loading = 0
    for (const { isLoaded } of this.#workers) if (!isLoaded) loading += 1
    const { sure, all } = this.#runsWaiting()
    const wanted = this.#patience.isOver ? all : sure
    const mayGrow = () => !this.#closed && this.#workers.size < this.#most
    while (loading < wanted && mayGrow() && this.#spawn()) loading += 1
    if (loading < all && mayGrow()) this.#patience.wait(() => this.#spawnForWaiting())
    else this.#patience.rest()
  }

  /** Counted up to the workers that there may be. `sure`: those that no right answer will spare. */
  #runsWaiting(): { readonly sure: number; readonly all: number } {
    let all = this.#loads.length > 0 ? 1 : 0
    let sure = all
    for (const open of this.#jobs) {
      if (sure >= this.#most) break
      const runs = open.runsWaiting(this.#rolloutsPerRun, this.#most)
      all += runs
      sure += open.maySpare ? Math.min(runs, open.running === 0 ? 1 : 0) : runs
    }
    return { sure, all }
  }

  /** False where it can't be started. */
  #spawn(): boolean {
    const { adapter, kernel, modelBytes } = this.#options
    const worker = new PoolWorker(this.#clock.now())
    this.#workers.add(worker)
    try {
      worker.handle = adapter.spawn({
        heard: (message) => this.#hear(worker, message),
        died: (cause) => this.#die(worker, cause),
      })
      worker.handle.post({ type: 'load', kernel, modelBytes })
    } catch (error) {
      this.#dismiss(worker)
      this.#notLoaded(error)
      return false
    }
    return true
  }

  #hear(worker: PoolWorker, message: FromWorker): void {
    if (!this.#workers.has(worker)) return
    if (message.type === 'loaded') this.#loaded(worker)
    else if (message.type === 'not-loaded') {
      this.#dismiss(worker)
      this.#notLoaded(fromThrown(message.thrown))
    } else if (worker.run?.number === message.run) this.#hearRun(worker, worker.run, message)
  }

  #hearRun(worker: PoolWorker, run: Run, message: Extract<FromWorker, { run: number }>): void {
    const { open } = run
    if (message.type === 'done' || message.type === 'failed') {
      worker.run = undefined
      run.callOffTimers()
      const wasAttached = this.#detach(run)
      if (wasAttached && message.type === 'failed') this.#fail(open, fromThrown(message.thrown))
      // None is left but by a worker that is mistaken.
      else if (wasAttached) this.#runAgain(run, new Error('its worker left it out'))
      this.#dispatch()
      this.#settle(open)
    } else if (run.attached && message.type === 'step') {
      run.note(message.event)
      this.#tell(open, () => open.options.onStep?.(message.event))
    } else if (run.attached && message.type === 'found') {
      const { found } = message
      run.given.delete(found.candidate.rollout)
      open.book(found)
      this.#tell(open, () => open.options.onCandidate?.(found.candidate))
      this.#endUnwanted(open)
      this.#settle(open)
    }
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

  #loaded(worker: PoolWorker): void {
    worker.isLoaded = true
    this.#patience.learn(this.#options.adapter.loadMs ?? this.#clock.now() - worker.startedAt)
    this.#deaths = 0
    for (const { resolve } of this.#loads.splice(0)) resolve()
    this.#dispatch()
  }

  /** With a worker that loaded, others are done without; with none, nothing can be run. */
  #notLoaded(error: unknown): void {
    if ([...this.#workers].some(({ isLoaded }) => isLoaded)) this.#most = this.#workers.size
    else if (this.#workers.size === 0) {
      this.#deaths = 0
      for (const { reject } of this.#loads.splice(0)) reject(error)
      for (const open of [...this.#jobs]) this.#fail(open, error)
    }
  }

  #die(worker: PoolWorker, cause: Error): void {
    if (!this.#workers.has(worker)) return
    const { run, isLoaded } = worker
    this.#dismiss(worker)
    if (!isLoaded) {
      this.#deaths += 1
      if (this.#deaths >= MAX_ATTEMPTS)
        this.#notLoaded(new WorkerCrashedError(undefined, this.#deaths, cause))
    }
    if (run && this.#detach(run)) this.#runAgain(run, cause)
    this.#dispatch()
    if (run) this.#settle(run.open)
  }

  /** Ends a worker; what it says from now on is not heard. */
  #dismiss(worker: PoolWorker): void {
    this.#workers.delete(worker)
    worker.run?.callOffTimers()
    const leaving = (worker.handle?.terminate() ?? Promise.resolve())
      .catch(() => {})
      .finally(() => this.#leaving.delete(leaving))
    this.#leaving.add(leaving)
  }

  /** The job goes on without the run, with what is known of its rollouts; false where it did so before. */
  #detach(run: Run): boolean {
    if (!run.attached) return false
    run.attached = false
    run.open.running -= 1
    return true
  }

  /** What a run left that is still wanted is run again; what is not keeps the steps that it had. */
  #runAgain(run: Run, cause: Error): void {
    const { open } = run
    const left = [...run.given.values()].filter(({ rollout }) => rollout < open.below)
    const spent = left.find(({ attempt }) => attempt >= MAX_ATTEMPTS)
    if (spent) this.#fail(open, new WorkerCrashedError(spent.rollout, spent.attempt, cause))
    else open.putBack(left, run.partial)
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
    for (const worker of [...this.#workers]) {
      const { run } = worker
      if (run?.open !== open || run.endedFrom <= from) continue
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
    run.addTimer(
      this.#clock.after(LOST_MS, () => {
        this.#dismiss(worker)
        this.#dispatch()
      }),
    )
  }

  #settle(open: OpenJob): void {
    if (!open.closed && open.isOver) open.resolve()
  }
}
