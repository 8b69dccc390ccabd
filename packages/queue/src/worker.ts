/**
 * `ptrm worker`: looks for runs, takes part in those whose models it has, and leaves the others to others. Rollouts run in
 * threads of their own, so that claims on jobs are renewed in time.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { KernelUnavailableError, kernelSha256 } from '@ptrm/orchestrator'
import type { Redis } from 'ioredis'
import { countJobs, LOCK_MS } from './bull.ts'
import { type Engine, type EngineChoice, type Engines, Solvers } from './engines.ts'
import { RunVersionError } from './errors.ts'
import { keysOf, RUNS } from './keys.ts'
import { ModelShelf } from './models.ts'
import { Signs } from './roster.ts'
import { RunWorker } from './run-worker.ts'
import { findRun, type Run } from './spec.ts'

/** Milliseconds between two looks for runs. */
const LOOK_MS = 1000

export interface WorkerOptions extends EngineChoice {
  /** Files of models besides the bundled ones. */
  readonly models?: readonly string[] | undefined
  /** Default: solvers on this machine. */
  readonly engines?: Engines | undefined
  /**
   * Leaves once every run that it can take part in is done, or has but dead letters left; what others have in hand is waited
   * for. Default false.
   */
  readonly untilDone?: boolean | undefined
  /** Milliseconds that a claim on a job holds unless it is renewed. */
  readonly lockMs?: number | undefined
  /** Ends the worker; jobs in hand go back to others. */
  readonly signal?: AbortSignal | undefined
  /** Hears what it begins, refuses and ends. */
  readonly onRemark?: ((text: string) => void) | undefined
  /** Hears of every job that fails. */
  readonly onFault?: ((text: string) => void) | undefined
}

/** What a worker did. */
export interface WorkerReport {
  /** That it has kept the record of. */
  readonly puzzles: number
  /** Longest time that its event loop stood still, milliseconds. */
  readonly longestBlockMs: number
}

/** Works until the signal, or until all is done. Rejects with what models and engines can't be opened with. */
export async function work(redis: Redis, options: WorkerOptions = {}): Promise<WorkerReport> {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const crew = new Crew(redis, await ModelShelf.open(options.models ?? []), options)
  delay.enable()
  const signs = new Signs(redis)
  try {
    while (!options.signal?.aborted) {
      const isDone = await crew.look()
      if (isDone && options.untilDone) break
      await sleep(LOOK_MS, undefined, { signal: options.signal }).catch(() => {})
    }
  } finally {
    delay.disable()
    await crew.close()
    await signs.stop()
  }
  return { puzzles: crew.puzzles, longestBlockMs: Math.round(delay.max / 1e6) }
}

/** A worker's parts in all runs. */
class Crew {
  readonly #redis: Redis
  readonly #shelf: ModelShelf
  readonly #options: WorkerOptions
  readonly #engines: Engines
  /** That it has kept the record of. */
  puzzles = 0
  /** By run and part; null where it takes no part. */
  readonly #parts = new Map<string, RunWorker | null>()
  /** Names of runs of other versions. */
  readonly #refused = new Set<string>()

  constructor(redis: Redis, shelf: ModelShelf, options: WorkerOptions) {
    this.#redis = redis
    this.#shelf = shelf
    this.#options = options
    this.#engines = options.engines ?? new Solvers(options)
  }

  /** Joins what is new and leaves what is over. Returns whether nothing is left that it takes part in. */
  async look(): Promise<boolean> {
    const names = await this.#redis.smembers(RUNS)
    const open = new Set<string>()
    for (const name of names.sort()) {
      const run = await this.#find(name)
      if (!run || (await this.#isOver(run))) continue
      for (const part of Object.keys(run.spec.models)) {
        open.add(partKey(run, part))
        if (!this.#options.signal?.aborted) await this.#join(run, part)
      }
    }
    for (const [key, worker] of this.#parts) {
      if (open.has(key)) continue
      this.#parts.delete(key)
      await worker?.close()
      if (worker) this.#say(`run ${worker.run.name}, ${worker.part}: over`)
    }
    return ![...this.#parts.values()].some((worker) => worker !== null)
  }

  /** A run of another version is left to workers of that one. */
  async #find(name: string): Promise<Run | undefined> {
    try {
      return await findRun(this.#redis, name)
    } catch (error) {
      if (!(error instanceof RunVersionError)) throw error
      if (!this.#refused.has(name)) this.#say(`${error.message}; it is left to others`)
      this.#refused.add(name)
      return undefined
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.values()].map((worker) => worker?.close()))
    if (!this.#options.engines) await this.#engines.close()
  }

  /** A worker that leaves by itself does not wait for somebody to try dead letters anew. */
  async #isOver(run: Run): Promise<boolean> {
    if ((await this.#redis.hlen(keysOf(run).results)) >= run.spec.data.entries) return true
    if (!this.#options.untilDone || !run.isSubmitted) return false
    const { waiting, active, delayed } = await countJobs(this.#redis, run)
    return waiting + active + delayed === 0
  }

  async #join(run: Run, part: string): Promise<void> {
    const key = partKey(run, part)
    if (this.#parts.has(key)) return
    const { kernel, kernelSha256: kernelOfRun } = run.spec
    if (kernelOfRun !== undefined && kernelOfRun !== kernelSha256(kernel)) {
      this.#leave(
        run,
        part,
        `run ${run.name} wants the ${kernel} kernel of another version of ptrm, with SHA-256 ${kernelOfRun}`,
      )
      return
    }
    const wanted = run.spec.models[part]!
    const model = await this.#shelf.find(wanted)
    if (!model) {
      this.#leave(
        run,
        part,
        `run ${run.name} wants the model ${wanted.name} with SHA-256 ${wanted.sha256}, which is not here`,
        ' (give the file with --model)',
      )
      return
    }
    const engine = await this.#open(model, part, run)
    if (!engine) return
    const { lockMs = LOCK_MS } = this.#options
    const onKept = () => {
      this.puzzles += 1
    }
    const hooks = { onKept, onFault: this.#options.onFault }
    this.#parts.set(key, new RunWorker({ redis: this.#redis, run, part, engine, lockMs, ...hooks }))
    this.#say(
      `run ${run.name}, ${part}: at work with ${wanted.name} on ${engine.backend}, ${engine.slots} rollouts at once`,
    )
  }

  /** A run's kernel may want more than this machine has: others may have it. What no run could be worked on with rejects. */
  async #open(model: Uint8Array, part: string, run: Run): Promise<Engine | undefined> {
    try {
      return await this.#engines.open(model, part, run.spec)
    } catch (error) {
      if (!(error instanceof KernelUnavailableError)) throw error
      this.#leave(run, part, `run ${run.name}: ${error.message}`)
      return undefined
    }
  }

  /** Not to be looked at again: what it wants is not here. */
  #leave(run: Run, part: string, why: string, remedy = ''): void {
    this.#parts.set(partKey(run, part), null)
    this.#say(`${why}; its ${part} puzzles are left to others${remedy}`)
  }

  #say(text: string): void {
    this.#options.onRemark?.(text)
  }
}

/** By id, as a name may be another run's at the next look. */
function partKey({ name, id }: Run, part: string): string {
  return `${name} ${id} ${part}`
}
