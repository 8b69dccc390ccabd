/**
 * The pool: workers behind comlink that take one rollout at a time (or, with an engine of many slots, a job's), the same in Node and in a page.
 *
 * Of the open jobs the one with the fewest running rollouts gets the next free worker: many puzzles in flight get a
 * worker each (nothing is computed in vain when a first answer verifies), a single puzzle gets them all. A worker
 * that dies is replaced and its rollout run again. Whoever made the pool closes it.
 */
import type { KernelSource } from '@ptrm/core-wasm'
import { proxy, type Remote, wrap } from 'comlink'
import { WorkerCrashedError } from '../errors.ts'
import { checkOptions, SOLVER_RULES } from '../options.ts'
import type { Candidate } from '../rollouts/candidate.ts'
import type { Job, StepEvent } from '../rollouts/run.ts'
import { enoughAgree } from '../rollouts/stop.ts'
import { fromThrown } from './error-transfer.ts'
import type { Ended, WireApi, WorkerAdapter, WorkerHandle } from './protocol.ts'

/** A rollout may crash its worker this often before the job fails. */
const MAX_ATTEMPTS = 3

/** A job with the puzzle that its rollouts are judged by. */
export interface PoolJob extends Job {
  readonly kind: string
  readonly puzzle: unknown
}

/** How a run is watched and ended. */
export interface PoolRunOptions {
  /** Ends the job within one step; `run` then resolves with what there is. */
  readonly signal?: AbortSignal | undefined
  readonly onStep?: ((event: StepEvent) => void) | undefined
  readonly onCandidate?: ((candidate: Candidate) => void) | undefined
}

/** What a run came to: candidates by rollout number, and what ended it. */
export interface PoolOutcome {
  readonly candidates: Candidate[]
  readonly stoppedBy: 'end' | 'rule' | 'signal'
}

interface OpenJob {
  readonly id: number
  readonly job: PoolJob
  readonly options: PoolRunOptions
  readonly waiting: { rollout: number; attempt: number }[]
  readonly candidates: Candidate[]
  running: number
  stoppedBy: PoolOutcome['stoppedBy']
  error?: unknown
  readonly done: PromiseWithResolvers<PoolOutcome>
}

interface PoolWorker {
  readonly handle: WorkerHandle
  readonly api: Remote<WireApi>
  readonly loaded: Promise<void>
  jobId: number | undefined
}

/** The workers and the jobs that wait for them. Most callers want a `Solver`, which has one. */
export class Pool {
  readonly size: number
  readonly #adapter: WorkerAdapter
  readonly #kernel: KernelSource
  readonly #modelBytes: Uint8Array
  readonly #rolloutsPerRun: number
  readonly #workers = new Set<PoolWorker>()
  readonly #jobs = new Set<OpenJob>()
  #nextJobId = 0
  #closed = false

  /** `rolloutsPerRun`: how many a worker is given at once; more than 1 for engines that run many side by side. */
  constructor(
    adapter: WorkerAdapter,
    kernel: KernelSource,
    modelBytes: Uint8Array,
    size?: number,
    rolloutsPerRun = 1,
  ) {
    checkOptions({ workers: size, rolloutsPerRun }, SOLVER_RULES)
    this.#rolloutsPerRun = rolloutsPerRun
    this.#adapter = adapter
    this.#kernel = kernel
    this.#modelBytes = modelBytes
    this.size = size ?? adapter.defaultWorkers()
  }

  /** Loads the first worker; rejects with what keeps it from loading. Without it, the first run reports that. */
  async load(): Promise<void> {
    await this.#idleWorker()?.loaded
  }

  /** Runs a job's rollouts. Rejects with `WorkerCrashedError`, or with what a worker's `load` or `run` threw. */
  run(job: PoolJob, options: PoolRunOptions = {}): Promise<PoolOutcome> {
    if (this.#closed) return Promise.reject(new Error('the pool is closed'))
    const open: OpenJob = {
      id: this.#nextJobId++,
      job,
      options,
      waiting: job.rollouts.map((rollout) => ({ rollout, attempt: 1 })),
      candidates: [],
      running: 0,
      stoppedBy: 'end',
      done: withResolvers(),
    }
    const onAbort = () => this.#stop(open, 'signal')
    options.signal?.addEventListener('abort', onAbort, { once: true })
    this.#jobs.add(open)
    if (options.signal?.aborted) onAbort()
    this.#dispatch()
    this.#settle(open)
    return open.done.promise.finally(() => options.signal?.removeEventListener('abort', onAbort))
  }

  /** Ends every job and every worker; resolves when nothing is left running. */
  async close(): Promise<void> {
    this.#closed = true
    const workers = [...this.#workers]
    this.#workers.clear()
    for (const open of [...this.#jobs]) this.#fail(open, new Error('the pool was closed'))
    await Promise.all(workers.map((worker) => worker.handle.terminate()))
  }

  #dispatch(): void {
    while (!this.#closed) {
      const open = this.#neediest()
      if (!open) return
      const worker = this.#idleWorker()
      if (!worker) return
      void this.#runOne(worker, open)
    }
  }

  #neediest(): OpenJob | undefined {
    let best: OpenJob | undefined
    for (const open of this.#jobs)
      if (open.waiting.length > 0 && (!best || open.running < best.running)) best = open
    return best
  }

  #idleWorker(): PoolWorker | undefined {
    for (const worker of this.#workers) if (worker.jobId === undefined) return worker
    return this.#workers.size < this.size ? this.#spawn() : undefined
  }

  #spawn(): PoolWorker {
    const handle = this.#adapter.spawn()
    const api = wrap<WireApi>(handle.endpoint)
    const loaded = orDeath(handle, api.load(this.#kernel, this.#modelBytes))
    loaded.catch(() => {}) // the first run reports it
    const worker: PoolWorker = { handle, api, loaded, jobId: undefined }
    this.#workers.add(worker)
    return worker
  }

  async #runOne(worker: PoolWorker, open: OpenJob): Promise<void> {
    const given = open.waiting.splice(0, this.#rolloutsPerRun)
    worker.jobId = open.id
    open.running += 1
    try {
      await worker.loaded
      const job = { ...open.job, id: open.id, rollouts: given.map(({ rollout }) => rollout) }
      const outcome = await orDeath(worker.handle, worker.api.run(job, this.#listener(open)))
      for (const candidate of outcome.candidates) {
        open.candidates.push(candidate)
        open.options.onCandidate?.(candidate)
      }
      if (outcome.stopped || enoughAgree(open.job.plan.stop, open.candidates)) this.#stop(open, 'rule')
    } catch (error) {
      this.#afterError(worker, open, given, error)
    }
    worker.jobId = undefined
    open.running -= 1
    this.#dispatch()
    this.#settle(open)
  }

  /** The caller's listener. Its error ends the job at once, and as the very error that it is. */
  #listener(open: OpenJob): ((event: StepEvent) => Promise<void>) | undefined {
    const { onStep } = open.options
    if (!onStep) return undefined
    return proxy(async (event: StepEvent) => {
      try {
        await onStep(event)
      } catch (error) {
        this.#fail(open, error)
        throw error
      }
    })
  }

  #afterError(
    worker: PoolWorker,
    open: OpenJob,
    given: readonly { rollout: number; attempt: number }[],
    error: unknown,
  ): void {
    if (!(error instanceof WorkerDeath)) {
      this.#fail(open, error)
      return
    }
    this.#workers.delete(worker)
    const spent = given.find(({ attempt }) => attempt >= MAX_ATTEMPTS)
    if (spent) {
      this.#fail(open, new WorkerCrashedError(spent.rollout, spent.attempt, error.cause))
    } else if (open.stoppedBy === 'end') {
      open.waiting.unshift(...given.map(({ rollout, attempt }) => ({ rollout, attempt: attempt + 1 })))
    }
  }

  /** Hands out no more of the job and tells its workers to leave it. */
  #stop(open: OpenJob, stoppedBy: 'rule' | 'signal'): void {
    if (open.stoppedBy === 'end') open.stoppedBy = stoppedBy
    open.waiting.length = 0
    for (const worker of this.#workers) if (worker.jobId === open.id) void cancel(worker, open.id)
    this.#settle(open)
  }

  #fail(open: OpenJob, error: unknown): void {
    open.error ??= error
    this.#stop(open, 'signal')
    this.#jobs.delete(open)
    open.done.reject(open.error)
  }

  #settle(open: OpenJob): void {
    if (open.running > 0 || open.waiting.length > 0) return
    this.#jobs.delete(open)
    const candidates = open.candidates.sort((a, b) => a.rollout - b.rollout)
    open.done.resolve({ candidates, stoppedBy: open.stoppedBy })
  }
}

async function cancel(worker: PoolWorker, jobId: number): Promise<void> {
  // A worker that dies meanwhile needs no cancelling; its run reports the death.
  await orDeath(worker.handle, worker.api.cancel(jobId)).catch(() => {})
}

class WorkerDeath extends Error {}

/** What a call returned. Throws what it threw. comlink waits for ever on a dead worker, so a call races against its death. */
async function orDeath<T>(handle: WorkerHandle, call: Promise<Ended<T>>): Promise<T> {
  call.catch(() => {})
  const death = handle.died.then((cause) => {
    throw new WorkerDeath('the worker died', { cause })
  })
  const ended = await Promise.race([call, death])
  if ('thrown' in ended) throw fromThrown(ended.thrown)
  return ended.value
}

// Promise.withResolvers needs Node 22; the package runs on 20.
interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
