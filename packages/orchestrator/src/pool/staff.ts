/**
 * The workers of a pool and the models that they have: which one takes a job's next rollout, when another is started, and
 * who loads what. For rollouts that a right answer may spare, the first worker stays alone until the work has lasted
 * (`patience.ts`). Knows no rollout and no outcome.
 */
import type { KernelSource } from '@ptrm/core-wasm'
import { WorkerCrashedError } from '../errors.ts'
import type { Clock } from './clock.ts'
import type { OpenJob } from './open-job.ts'
import { Patience } from './patience.ts'
import { PoolWorker } from './pool-worker.ts'
import type { FromWorker, WorkerAdapter } from './protocol.ts'

/** Workers may die this often while they load a model, and a rollout may take them with it. */
export const MAX_ATTEMPTS = 3

/** Milliseconds after which workers that did not load beside others are tried again: what they lacked may be there. */
export const AGAIN_MS = 60_000

export interface StaffOptions {
  readonly adapter: WorkerAdapter
  readonly kernel: KernelSource
  /** Workers, when all are started. */
  readonly size: number
  /** Rollouts that a worker holds at once. */
  readonly slots: number
  readonly clock: Clock
}

/** What the staff asks and tells its pool. */
export interface StaffEvents {
  heard(worker: PoolWorker, message: FromWorker): void
  died(worker: PoolWorker, cause: Error): void
  /** No worker has the model, and none will: its jobs can't be run. */
  unavailable(model: number, error: unknown): void
  /** Jobs that are open. */
  jobs(): Iterable<OpenJob>
}

/** What is known of a model. */
interface Entry {
  readonly bytes: Uint8Array
  /** Callers of `load` who wait. */
  readonly loads: { resolve(): void; reject(reason: unknown): void }[]
  /** Deaths of workers that loaded it, since it last loaded. */
  deaths: number
  /** Whether a worker failed to load it since one last did: then one is tried at a time. */
  isShaky: boolean
}

export class Staff {
  readonly workers: Set<PoolWorker> = new Set()
  readonly #options: StaffOptions
  readonly #events: StaffEvents
  readonly #patience: Patience
  /** Terminations under way. */
  readonly #leaving = new Set<Promise<void>>()
  readonly #models = new Map<number, Entry>()
  /** Workers that there may be: fewer than `size` for a while where some did not load. */
  #most: number
  #callOffAgain = () => {}
  #nextModel = 0

  constructor(options: StaffOptions, events: StaffEvents) {
    this.#options = options
    this.#events = events
    this.#patience = new Patience(options.clock)
    this.#most = options.size
  }

  /** Takes in a model by its file's bytes, and gives it a number. Loads nothing. */
  add(bytes: Uint8Array): number {
    const model = this.#nextModel++
    this.#models.set(model, { bytes, loads: [], deaths: 0, isShaky: false })
    return model
  }

  has(model: number): boolean {
    return this.#models.has(model)
  }

  /** Resolves when a worker has it. */
  load(model: number): Promise<void> {
    if (this.#states(model).includes('loaded')) return Promise.resolve()
    const loaded = new Promise<void>((resolve, reject) => {
      this.#models.get(model)!.loads.push({ resolve, reject })
    })
    this.grow()
    return loaded
  }

  /** Frees a model of which no job is left. */
  forget(model: number, error: Error): void {
    for (const { reject } of this.#models.get(model)?.loads ?? []) reject(error)
    this.#models.delete(model)
    for (const { models, handle } of this.workers)
      if (models.delete(model)) handle!.post({ type: 'unload', model })
  }

  /** Ends all workers; resolves when nothing of them is left running. */
  async close(error: Error): Promise<void> {
    this.#most = 0
    this.#callOffAgain()
    this.#patience.rest()
    for (const worker of [...this.workers]) this.dismiss(worker)
    for (const { loads } of this.#models.values()) for (const { reject } of loads.splice(0)) reject(error)
    await Promise.all(this.#leaving)
  }

  /** Workers that there may be at present. */
  get most(): number {
    return this.#most
  }

  /** Whether any worker has a free slot. */
  get hasRoom(): boolean {
    for (const { isUp, held } of this.workers) if (isUp && held < this.#options.slots) return true
    return false
  }

  /** One that takes the job's next rollout now; where there is none, sees to it that there will be one. */
  workerFor(open: OpenJob): PoolWorker | undefined {
    let best: { readonly worker: PoolWorker; readonly held: number } | undefined
    for (const worker of this.workers) {
      if (worker.models.get(open.model) !== 'loaded') continue
      const { held } = worker
      if (held >= this.#options.slots || (best && held >= best.held) || !worker.takes(open)) continue
      best = { worker, held }
      if (held === 0) break
    }
    if (!best) this.#makeRoom(open)
    return best?.worker
  }

  /**
   * One that takes the job's next rollout ahead: to begin it when the one that it runs is over, without a word from the pool,
   * whose thread may be busy with other things. Of another model it would not wait.
   */
  workerAhead(open: OpenJob): PoolWorker | undefined {
    const { slots } = this.#options
    for (const worker of this.workers)
      if (worker.isQuick && worker.held === slots && worker.takes(open) && worker.runsOnly(open.model))
        return worker
    return undefined
  }

  /** Lets workers that were kept for the job take others' rollouts; false where none was. */
  release(open: OpenJob): boolean {
    const kept = [...this.workers].filter(({ only }) => only === open)
    for (const worker of kept) worker.only = undefined
    return kept.length > 0
  }

  /** Starts workers while there is more work: one for as many rollouts as it holds, where no loading one will take them. */
  grow(): void {
    for (const [model, { loads }] of this.#models) if (loads.length > 0) this.#loadSomewhere(model)
    let mayCome = false
    for (const [model, { sure, all }] of this.#mayGrow ? this.#workersWanted() : []) {
      let loading = this.#states(model).filter((state) => state === 'loading').length
      const wanted = Math.min(this.#patience.isOver ? all : sure, this.#models.get(model)!.isShaky ? 1 : all)
      while (loading < wanted && this.#mayGrow && this.#spawn(model)) loading += 1
      if (loading < all) mayCome = true
    }
    if (mayCome && this.#mayGrow) this.#patience.wait(() => this.grow())
    else this.#patience.rest()
  }

  /** A worker says that it has the model. */
  loaded(worker: PoolWorker, model: number): void {
    const { adapter, clock } = this.#options
    if (!worker.isUp) this.#patience.learn(adapter.loadMs ?? clock.now() - worker.startedAt)
    worker.isUp = true
    const entry = this.#models.get(model)
    if (!entry || !worker.models.has(model)) return // it was let go of
    worker.models.set(model, 'loaded')
    entry.deaths = 0
    entry.isShaky = false
    for (const { resolve } of entry.loads.splice(0)) resolve()
  }

  /** With a worker that has it, others are done without; with none, nothing of this model can be run. */
  notLoaded(worker: PoolWorker, model: number, error: unknown): void {
    worker.models.set(model, 'failed')
    const entry = this.#models.get(model)
    if (entry) entry.isShaky = true
    const isGone = !worker.isUp && !worker.isLoading
    if (isGone) this.dismiss(worker)
    this.#without(model, error, isGone)
  }

  /** A worker died of itself. */
  died(worker: PoolWorker, cause: Error): void {
    this.dismiss(worker)
    for (const [model, state] of worker.models) {
      const entry = this.#models.get(model)
      if (state !== 'loading' || !entry) continue
      entry.deaths += 1
      if (entry.deaths >= MAX_ATTEMPTS)
        this.#without(model, new WorkerCrashedError(undefined, entry.deaths, cause), true)
    }
  }

  /** Ends a worker; what it says from now on is not heard. */
  dismiss(worker: PoolWorker): void {
    this.workers.delete(worker)
    for (const run of worker.runs.values()) run.callOffTimers()
    const leaving = (worker.handle?.terminate() ?? Promise.resolve())
      .catch(() => {})
      .finally(() => this.#leaving.delete(leaving))
    this.#leaving.add(leaving)
    // It may have been the only one with a model: then others that could not load it try again.
    for (const model of worker.models.keys())
      if (!this.#states(model).some((state) => state !== 'failed')) this.#unmark(model)
  }

  get #mayGrow(): boolean {
    return this.workers.size < this.#most
  }

  /** Of the workers that were told to load it. */
  #states(model: number): ('loading' | 'loaded' | 'failed')[] {
    return [...this.workers].flatMap(({ models }) => models.get(model) ?? [])
  }

  #unmark(model: number): void {
    for (const { models } of this.workers) models.delete(model)
  }

  /** For what must run alone, keeps a worker from other jobs; else gives the model to workers that have room. */
  #makeRoom(open: OpenJob): void {
    if (open.waitsAlone) {
      const workers = [...this.workers].filter(({ models }) => models.get(open.model) === 'loaded')
      if (workers.some(({ only }) => only === open)) return
      const quietest = leastHeld(workers.filter(({ only }) => only === undefined))
      if (quietest) quietest.only = open
      if (workers.length > 0) return
    }
    this.#loadSomewhere(open.model, open.waiting(this.#options.slots * this.#most))
  }

  /** Has workers that are up load the model: those that have room, as many as so many rollouts need, and one in any case. */
  #loadSomewhere(model: number, rollouts = 1): void {
    const { slots } = this.#options
    const states = this.#states(model).filter((state) => state !== 'failed')
    let loading = states.filter((state) => state === 'loading').length
    // What runs alone shall not die of a load.
    const lacking = [...this.workers].filter(
      ({ isUp, models, only }) => isUp && !models.has(model) && only === undefined,
    )
    for (const worker of lacking.filter(({ held }) => held < slots)) {
      if (loading * slots >= rollouts) return
      this.#tellToLoad(worker, model)
      loading += 1
    }
    const quietest = leastHeld(lacking)
    if (states.length === 0 && loading === 0 && quietest) this.#tellToLoad(quietest, model)
  }

  #tellToLoad(worker: PoolWorker, model: number): void {
    worker.models.set(model, 'loading')
    const { kernel } = this.#options
    worker.handle!.post({ type: 'load', model, kernel, modelBytes: this.#models.get(model)!.bytes })
  }

  /** By model, counted up to the workers that there may be. `sure`: those for rollouts that no right answer will spare. */
  #workersWanted(): Map<number, { sure: number; all: number }> {
    const wanted = new Map<number, { sure: number; all: number }>()
    for (const [model, { loads }] of this.#models)
      if (loads.length > 0) wanted.set(model, { sure: 1, all: 1 })
    const { slots } = this.#options
    let sum = 0
    for (const open of this.#events.jobs()) {
      if (sum >= this.#most) break
      const workers = Math.ceil(open.waiting(slots * this.#most) / slots)
      if (workers === 0) continue
      const sure = Math.ceil(open.sure(slots * this.#most) / slots)
      const before = wanted.get(open.model) ?? { sure: 0, all: 0 }
      wanted.set(open.model, { sure: before.sure + sure, all: before.all + workers })
      sum += sure
    }
    return wanted
  }

  /** False where it can't be started. */
  #spawn(model: number): boolean {
    const worker = new PoolWorker(this.#options.clock.now())
    this.workers.add(worker)
    const isHere = () => this.workers.has(worker)
    try {
      worker.handle = this.#options.adapter.spawn({
        heard: (message) => isHere() && this.#events.heard(worker, message),
        died: (cause) => isHere() && this.#events.died(worker, cause),
      })
      this.#tellToLoad(worker, model)
    } catch (error) {
      this.notLoaded(worker, model, error)
      return false
    }
    return true
  }

  #doWithFewer(): void {
    const { size, clock } = this.#options
    this.#most = this.workers.size
    this.#callOffAgain()
    this.#callOffAgain = clock.after(AGAIN_MS, () => {
      this.#most = size
      for (const entry of this.#models.values()) entry.deaths = 0
      this.grow()
    })
  }

  #without(model: number, error: unknown, isGone: boolean): void {
    const states = this.#states(model)
    if (states.includes('loaded')) {
      if (isGone) this.#doWithFewer()
      return
    }
    const entry = this.#models.get(model)
    if (states.includes('loading') || !entry) return
    // The next job may try again.
    this.#unmark(model)
    entry.deaths = 0
    for (const { reject } of entry.loads.splice(0)) reject(error)
    this.#events.unavailable(model, error)
  }
}

function leastHeld(workers: readonly PoolWorker[]): PoolWorker | undefined {
  return workers.reduce<PoolWorker | undefined>(
    (best, worker) => (best && best.held <= worker.held ? best : worker),
    undefined,
  )
}
