/** Node's worker threads for the pool. The only file of the pool that knows Node. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import type { OnnxEngineOptions } from '../engines/onnx/engine.ts'
import type { WorkerAdapter, WorkerHandle } from './protocol.ts'

// Run from the sources (tests) the worker is a .ts file, from the built package a .js file.
const DEFAULT_WORKER = new URL(
  `./node-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
)

export function nodeAdapter(workerUrl: URL = DEFAULT_WORKER): WorkerAdapter {
  return {
    defaultWorkers: () => availableParallelism(),
    spawn: () => spawn(workerUrl),
  }
}

/** Workers with an onnxruntime session each: one a core on the CPU, one on a GPU. Give the pool `slots` as its `rolloutsPerRun`. */
export function onnxAdapter(options: OnnxEngineOptions): WorkerAdapter {
  const url = new URL(`./onnx-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  const defaultWorkers = () => (options.provider === 'cuda' ? 1 : availableParallelism())
  return { defaultWorkers, spawn: () => gentle(spawn(url, options)) }
}

/** Asks an onnx worker to leave; its handler then runs between two runs of onnxruntime, never inside one. */
export const LEAVE = 'leave'
/** Milliseconds for the longest run of onnxruntime that a close waits for. */
const PATIENCE = 60_000

/**
 * A worker that is terminated while onnxruntime runs in it aborts the whole process (an uncaught Napi::Error), so this
 * one leaves by itself.
 */
function gentle(handle: NodeHandle): WorkerHandle {
  const { worker, died } = handle
  const terminate = async () => {
    worker.postMessage(LEAVE)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE)
    })
    await Promise.race([died, late])
    clearTimeout(timer)
    await handle.terminate()
  }
  return { ...handle, terminate }
}

interface NodeHandle extends WorkerHandle {
  readonly worker: Worker
}

function spawn(workerUrl: URL, workerData?: unknown): NodeHandle {
  const worker = new Worker(workerUrl, { workerData })
  const died = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))))
    worker.once('exit', (code) => resolve(new Error(`the worker exited with code ${code}`)))
  })
  // comlink adds one listener a pending call to the worker.
  worker.setMaxListeners(0)
  const terminate = async () => void (await worker.terminate())
  return { worker, endpoint: nodeEndpoint(worker), died, terminate }
}
