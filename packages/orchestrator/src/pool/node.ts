/** Node's worker threads for the pool. The only file of the pool that knows Node. */
import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { sourceFile } from '../source-file.ts'
import { spawnHere } from './here.ts'
import type { FromWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from './protocol.ts'
import { makerOf, type WorkerEngine } from './worker-engine.ts'

/** What the worker threads run. */
export interface NodeAdapterOptions {
  /** Default: the WASM kernel. */
  readonly engine?: WorkerEngine | undefined
  /** Ends workers by asking them to leave, for engines that must not be cut off in the middle of a step. */
  readonly asksToLeave?: boolean | undefined
  /** The first worker lives in this thread; for steps so short that whatever else the thread does can wait for one. */
  readonly firstHere?: boolean | undefined
  /** A worker's script of the caller's own. */
  readonly workerUrl?: URL | undefined
}

const WORKER = sourceFile('./node-worker', import.meta.url)
const KERNEL: WorkerEngine = { name: 'wasm', options: {} }
/** Times that Node itself took to start, for a thread until it has loaded; measured, and 60 ms on a quiet machine. */
const THREAD_STARTS = 3
/** Milliseconds of that start where it is not told. */
const START_MS = 20

/** Worker threads, by default one a core. */
export function nodeAdapter(options: NodeAdapterOptions = {}): WorkerAdapter {
  const { engine = KERNEL, asksToLeave = false, firstHere = false, workerUrl = WORKER } = options
  const thread = (events: WorkerEvents) =>
    asksToLeave ? gentle(spawn(workerUrl, engine, events)) : spawn(workerUrl, engine, events)
  const defaultWorkers = () => availableParallelism()
  if (!firstHere) return { defaultWorkers, spawn: thread }
  let isHere = false
  const spawnFirst = (events: WorkerEvents): WorkerHandle => {
    isHere = true
    const handle = spawnHere(makerOf(engine), events)
    const terminate = () =>
      handle.terminate().finally(() => {
        isHere = false
      })
    return { ...handle, terminate }
  }
  return {
    defaultWorkers,
    // What a worker in this thread takes says nothing of a thread; what Node took does, as busy as the machine is.
    loadMs: THREAD_STARTS * (performance.nodeTiming?.bootstrapComplete ?? START_MS),
    spawn: (events) => (isHere ? thread(events) : spawnFirst(events)),
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
