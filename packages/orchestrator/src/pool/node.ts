/** Node's worker threads for the pool. The only file of the pool that knows Node. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { sourceFile } from '../source-file.ts'
import type { FromWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from './protocol.ts'

/** The engine that a worker opens: its name in the registry, or the module that holds its spec. Structured-cloneable. */
export interface WorkerEngine {
  readonly name: string
  readonly module?: string | undefined
  /** As its spec's `open` takes them. */
  readonly options: object
}

/** What the worker threads run. */
export interface NodeAdapterOptions {
  /** Default: the WASM kernel. */
  readonly engine?: WorkerEngine | undefined
  /** Ends workers by asking them to leave, for engines that must not be cut off in the middle of a step. */
  readonly asksToLeave?: boolean | undefined
  /** A worker's script of the caller's own. */
  readonly workerUrl?: URL | undefined
}

const WORKER = sourceFile('./node-worker', import.meta.url)
const KERNEL: WorkerEngine = { name: 'wasm', options: {} }

/** Worker threads, by default one a core. */
export function nodeAdapter(options: NodeAdapterOptions = {}): WorkerAdapter {
  const { engine = KERNEL, asksToLeave = false, workerUrl = WORKER } = options
  return {
    defaultWorkers: () => availableParallelism(),
    spawn: (events) =>
      asksToLeave ? gentle(spawn(workerUrl, engine, events)) : spawn(workerUrl, engine, events),
  }
}

/** Asks a worker to leave; its handler then runs between two steps of its engine, never inside one. */
export const LEAVE = 'leave'
/** Milliseconds for the longest step that a close waits for. */
const PATIENCE = 60_000

function gentle(handle: NodeHandle): WorkerHandle {
  const { worker } = handle
  const terminate = async () => {
    if (worker.threadId < 0) return // it is gone already, and there will be no exit
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.postMessage(LEAVE)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE)
    })
    await Promise.race([gone, late])
    clearTimeout(timer)
    await handle.terminate()
  }
  return { ...handle, terminate }
}

interface NodeHandle extends WorkerHandle {
  readonly worker: Worker
}

function spawn(workerUrl: URL, workerData: WorkerEngine, { heard, died }: WorkerEvents): NodeHandle {
  const worker = new Worker(workerUrl, { workerData })
  worker.on('message', (message: FromWorker) => heard(message))
  worker.on('messageerror', (error) => died(error))
  worker.on('error', (error) => died(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => died(new Error(`the worker exited with code ${code}`)))
  return {
    worker,
    post: (message) => worker.postMessage(message),
    terminate: async () => void (await worker.terminate()),
  }
}
