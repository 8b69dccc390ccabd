/** The body of a worker, the same on every platform: engines of one or several models, deaf for one step at most. */
import { instantiateKernel, type KernelSource } from '@ptrm/core-wasm'
import type { Engine } from '../engines/engine.ts'
import { WasmEngine } from '../engines/wasm/engine.ts'
import { openModel } from '../model.ts'
import { toThrown } from './error-transfer.ts'
import type { FromWorker, ToWorker } from './protocol.ts'
import { WorkerRuns } from './worker-runs.ts'

/** Makes a worker's engine for a model, once a model. */
export type MakeEngine = (source: KernelSource, modelBytes: Uint8Array) => Promise<Engine>

const wasmEngine: MakeEngine = async (source, modelBytes) =>
  new WasmEngine(await instantiateKernel(source), openModel(modelBytes))

/** What a worker stands on. */
export interface WorkerGround {
  post(message: FromWorker): void
  /** Lets messages in; resolves as soon as they are handled. */
  pause(): Promise<void>
  /** Default: the WASM kernel. */
  readonly makeEngine?: MakeEngine | undefined
}

/** Makes a worker; what it returns takes the pool's messages. */
export function workerBody({
  post,
  pause,
  makeEngine = wasmEngine,
}: WorkerGround): (message: ToWorker) => void {
  const runs = new WorkerRuns(post)
  /** Models that were let go while they loaded. */
  const unwanted = new Set<number>()
  const loading = new Set<number>()
  let steps = false

  const load = async ({ model, kernel, modelBytes }: Extract<ToWorker, { type: 'load' }>) => {
    loading.add(model)
    try {
      runs.open(model, await makeEngine(kernel, modelBytes))
      post({ type: 'loaded', model })
    } catch (error) {
      post({ type: 'not-loaded', model, thrown: toThrown(error) })
    }
    loading.delete(model)
    if (unwanted.delete(model)) unload(model)
  }

  const unload = (model: number) => {
    if (loading.has(model)) {
      unwanted.add(model)
      return
    }
    runs.close(model)
    if (!steps) runs.due()
  }

  /** Steps while there is something to run. */
  const goOn = async () => {
    if (steps) return
    steps = true
    try {
      for (let due = runs.due(); due; due = runs.due()) {
        try {
          runs.book(due, await due.engine.step(due.requests))
        } catch (error) {
          runs.fail(due, error)
        }
        await pause()
      }
    } catch (error) {
      runs.failAll(error)
    }
    steps = false
  }

  return (message) => {
    if (message.type === 'load') void load(message)
    else if (message.type === 'unload') unload(message.model)
    else if (message.type === 'end') runs.end(message.run, message.from)
    else {
      runs.start(message)
      void goOn()
    }
  }
}
