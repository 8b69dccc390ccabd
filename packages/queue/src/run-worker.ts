/** A worker's work on one part of one run: takes its jobs, solves them, and gives back what it does not come to the end of. */
import { isNotConnectionError, type Job, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { MOST_STALLS } from './bull.ts'
import type { Engine } from './engines.ts'
import { keysOf } from './keys.ts'
import type { Task } from './layout.ts'
import { clearIfRemoved } from './removal.ts'
import { solveTask } from './solve-task.ts'
import type { Run } from './spec.ts'
import type { Workplace } from './workplace.ts'

/** Jobs in hand: while the last puzzles of one are being solved, the next one's fill the threads. */
const AT_ONCE = 2

export interface RunWorkerOptions {
  readonly redis: Redis
  readonly run: Run
  readonly part: string
  readonly engine: Engine
  /** Milliseconds that a claim on a job holds unless it is renewed. */
  readonly lockMs: number
  readonly onFault?: ((text: string) => void) | undefined
  /** Called for every record kept. */
  readonly onKept: () => void
}

export class RunWorker {
  readonly run: Run
  readonly part: string
  readonly #redis: Redis
  readonly #engine: Engine
  readonly #worker: Worker<Task>
  readonly #ended = new AbortController()

  constructor({ redis, run, part, engine, lockMs, onFault, onKept }: RunWorkerOptions) {
    this.run = run
    this.#redis = redis
    this.part = part
    this.#engine = engine
    const keys = keysOf(run)
    const place: Workplace = { redis, keys, run, layout: run.layouts[part]!, engine, onKept }
    this.#worker = new Worker<Task>(part, (job, token) => this.#do(place, job, token!), {
      connection: redis,
      prefix: keys.prefix,
      concurrency: AT_ONCE,
      lockDuration: lockMs,
      // Whole milliseconds, or Redis takes none of it.
      stalledInterval: Math.ceil(lockMs / 3),
      maxStalledCount: MOST_STALLS,
    })
    this.#worker.on('failed', (job, error) =>
      onFault?.(`run ${run.name}, ${part}, job ${job?.id}: ${error.message}`),
    )
    // Claims that were lost to others, say, who then do the job. The connection tells of itself.
    this.#worker.on('error', (error) => {
      if (isNotConnectionError(error)) onFault?.(`run ${run.name}, ${part}: ${error.message}`)
    })
  }

  /** Ends within a step; jobs in hand go back to others, at once. Nothing stays of a run that was removed. */
  async close(): Promise<void> {
    this.#ended.abort(new Error('the worker ends'))
    await this.#worker.close()
    await this.#engine.close()
    // Claims that are looked after write to a queue, whether or not it is there.
    await clearIfRemoved(this.#redis, this.run)
  }

  async #do(place: Workplace, job: Job<Task>, token: string): Promise<void> {
    try {
      await solveTask(place, job.data, this.#ended.signal)
    } catch (error) {
      if (!this.#ended.signal.aborted) throw error
      await job.moveToWait(token)
      throw new WaitingError()
    }
  }
}
