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

/** One worker with one onnxruntime session; give the pool `slots` as its `rolloutsPerRun`. */
export function onnxAdapter(options: OnnxEngineOptions): WorkerAdapter {
  const url = new URL(`./onnx-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  return { defaultWorkers: () => 1, spawn: () => spawn(url, options) }
}

function spawn(workerUrl: URL, workerData?: unknown): WorkerHandle {
  const worker = new Worker(workerUrl, { workerData })
  const died = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))))
    worker.once('exit', (code) => resolve(new Error(`the worker exited with code ${code}`)))
  })
  // comlink adds one listener a pending call to the worker.
  worker.setMaxListeners(0)
  return { endpoint: nodeEndpoint(worker), died, terminate: async () => void (await worker.terminate()) }
}
