/** The body of a worker, the same on every platform: engines of one or several models, deaf for one step at most. */
import { instantiateKernel, type KernelSource } from '@ptrm/core-wasm'
import type { Engine } from '../engines/engine.ts'
import { WasmEngine } from '../engines/wasm/engine.ts'
import { openModel } from '../model.ts'
import { toThrown } from './error-transfer.ts'
import type { FromWorker, ToWorker } from './protocol.ts'
import { type DueStep, type Share, WorkerRuns } from './worker-runs.ts'

/** Makes a worker's engine for a model, once a model. */
export type MakeEngine = (source: KernelSource, modelBytes: Uint8Array) => Promise<Engine>

/** The WASM kernel. */
export const wasmEngine: MakeEngine = async (source, modelBytes) =>
  new WasmEngine(await instantiateKernel(source), openModel(modelBytes))

/** What a worker stands on. */
export interface WorkerGround {
  post(message: FromWorker): void
  /** Lets messages in; resolves as soon as they are handled. */
  pause(): Promise<void>
  /** Default: the WASM kernel. */
  readonly makeEngine?: MakeEngine | undefined
}

/** A worker that makes a step when it is told to. */
export interface SteppedWorker {
  /** Takes the pool's messages. */
  hear(message: ToWorker): void
  /** Makes the step that is due; undefined, and at once, where nothing is left to run. One call at a time. */
  step(): Promise<void> | undefined
}

/** Makes a worker that steps for as long as there is something to run; what it returns takes the pool's messages. */
export function workerBody({ pause, ...ground }: WorkerGround): (message: ToWorker) => void {
  const { hear, step } = steppedWorker(ground)
  let isOn = false
  const goOn = async () => {
    if (isOn) return
    isOn = true
    for (let made = step(); made; made = step()) {
      await made
      await pause()
    }
    isOn = false
  }
  return (message) => {
    hear(message)
    if (message.type === 'run') void goOn()
  }
}

/** Makes a worker for those who have only one thread, and share it out themselves. */
export function steppedWorker({ post, makeEngine = wasmEngine }: Omit<WorkerGround, 'pause'>): SteppedWorker {
  const runs = new WorkerRuns(post)
  /** Models that were let go while they loaded. */
  const unwanted = new Set<number>()
  const loading = new Set<number>()
  let isStepping = false

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
    if (!isStepping) runs.tidy()
  }

  const hear = (message: ToWorker) => {
    if (message.type === 'load') void load(message)
    else if (message.type === 'unload') unload(message.model)
    else if (message.type === 'run') runs.start(message)
    else {
      runs.end(message.run, message.from)
      if (!isStepping) runs.tidy()
    }
  }

  const make = async (due: DueStep) => {
    isStepping = true
    try {
      runs.book(due, await due.engine.step(due.requests))
    } catch (error) {
      const shares = runs.shares(due)
      // Run by run, so that none fails for another's board.
      for (const share of shares.length > 1 ? shares : []) await makeShare(share)
      if (shares.length === 1) runs.fail(shares[0]!, error)
    }
    isStepping = false
  }

  const makeShare = async (share: Share) => {
    try {
      runs.book(share, await share.engine.step(share.requests))
    } catch (error) {
      runs.fail(share, error)
    }
  }

  const step = () => {
    const due = runs.due()
    return due && make(due)
  }

  return { hear, step }
}
