/** The body of a worker, the same on every platform: one engine, one job at a time, deaf for one step at most. */
import { instantiateKernel, type KernelSource } from '@ptrm/core-wasm'
import { kindNamed } from '@ptrm/puzzles'
import { type Endpoint, expose } from 'comlink'
import type { Engine } from '../engines/engine.ts'
import { WasmEngine } from '../engines/wasm/engine.ts'
import { openModel } from '../model.ts'
import { type RunOutcome, runRollouts, type StepEvent } from '../rollouts/run.ts'
import { toThrown } from './error-transfer.ts'
import type { Ended, WireApi, WorkerApi, WorkerJob } from './protocol.ts'

/** Makes a worker's engine, once. */
export type MakeEngine = (source: KernelSource, modelBytes: Uint8Array) => Promise<Engine>

const wasmEngine: MakeEngine = async (source, modelBytes) =>
  new WasmEngine(await instantiateKernel(source), openModel(modelBytes))

/** Makes the worker's API; `pause` lets messages in and resolves as soon as they are handled. */
export function workerApi(pause: () => Promise<void>, makeEngine: MakeEngine = wasmEngine): WorkerApi {
  let engine: Engine | undefined
  const cancelled = new Set<number>()
  return {
    async load(source: KernelSource, modelBytes: Uint8Array): Promise<void> {
      engine = await makeEngine(source, modelBytes)
    },

    async run(job: WorkerJob, emit?: (event: StepEvent) => void): Promise<RunOutcome> {
      if (!engine) throw new Error('run before load')
      const kind = kindNamed(job.kind)
      const canonical = (tokens: Uint8Array) => kind.canonical(job.puzzle, tokens)
      const verify = (tokens: Uint8Array) => kind.isSolved(job.puzzle, kind.decode(job.puzzle, tokens))
      const listener = emit && listenerOf(emit)
      try {
        const isCancelled = () => cancelled.has(job.id)
        const hooks = { canonical, verify, emit: listener?.tell, pause, cancelled: isCancelled }
        const outcome = await runRollouts(engine, job, hooks)
        await listener?.heardAll()
        return outcome
      } finally {
        cancelled.delete(job.id)
      }
    },

    cancel(jobId: number): void {
      cancelled.add(jobId)
    },
  }
}

/**
 * Events travel on another port than the outcome, so without waiting the last of them would come after it. `heardAll`
 * resolves when the listener has had every event; rejects with the first error that it threw.
 */
function listenerOf(emit: (event: StepEvent) => unknown) {
  let heard: Promise<unknown> = Promise.resolve()
  const errors: unknown[] = []
  return {
    tell(event: StepEvent): void {
      const next = Promise.resolve(emit(event)).catch((error: unknown) => errors.push(error))
      heard = Promise.all([heard, next])
    },
    async heardAll(): Promise<void> {
      await heard
      if (errors.length > 0) throw errors[0]
    },
  }
}

/** Answers a pool's calls on `endpoint`, errors as values. */
export function exposeWorker(api: WorkerApi, endpoint?: Endpoint): void {
  const wire: WireApi = {
    load: (...args) => ended(async () => api.load(...args)),
    run: (...args) => ended(async () => api.run(...args)),
    cancel: (...args) => ended(async () => api.cancel(...args)),
  }
  expose(wire, endpoint)
}

async function ended<T>(call: () => Promise<T>): Promise<Ended<T>> {
  try {
    return { value: await call() }
  } catch (error) {
    return { thrown: toThrown(error) }
  }
}
