/** Node's worker threads for the pool. The only file of the pool that knows Node. */
import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { sourceFile } from '../source-file.ts'
import { Here } from './here.ts'
import type { FromWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from './protocol.ts'
import { makerOf, type WorkerEngine } from './worker-engine.ts'

/** What the worker threads run. */
export interface NodeAdapterOptions {
  /** Default: the WASM kernel. */
  readonly engine?: WorkerEngine | undefined
  /** For each worker what goes over the engine's options; a worker that is started anew has what the one before had. */
  readonly each?: readonly object[] | undefined
  /** Ends workers by asking them to leave, for engines that must not be cut off in the middle of a step. */
  readonly asksToLeave?: boolean | undefined
  /** The first worker lives in this thread; for steps so short that whatever else the thread does can wait for one. */
  readonly firstHere?: boolean | undefined
  /** A worker's script of the caller's own. */
  readonly workerUrl?: URL | undefined
}

const WORKER = sourceFile('./node-worker', import.meta.url)
const KERNEL: WorkerEngine = { name: 'wasm', options: {} }
/** Milliseconds that a step may take where native code makes it: a graph for boards of a new size may be opened in it. */
const NATIVE_LOST_MS = 60_000
/** Times that Node itself took to start, for a thread until it has loaded; measured, and 60 ms on a quiet machine. */
const THREAD_STARTS = 3
/** Milliseconds of that start where it is not told. */
const START_MS = 20

/** Worker threads, by default one a core. */
export function nodeAdapter(options: NodeAdapterOptions = {}): WorkerAdapter {
  const { engine = KERNEL, each, asksToLeave = false, firstHere = false, workerUrl = WORKER } = options
  const places = new Places(each ?? [{}])
  const thread = (events: WorkerEvents) => {
    const { own, leave } = places.take()
    const died = (cause: Error) => {
      leave()
      events.died(cause)
    }
    let handle: NodeHandle
    try {
      handle = spawn(workerUrl, { ...engine, options: { ...engine.options, ...own } }, { ...events, died })
    } catch (error) {
      leave()
      throw error
    }
    const { terminate } = asksToLeave ? gentle(handle) : handle
    return {
      ...handle,
      terminate: () => {
        leave()
        return terminate()
      },
    }
  }
  const defaultWorkers = () => availableParallelism()
  const lostMs = asksToLeave ? NATIVE_LOST_MS : undefined
  if (!firstHere) return { defaultWorkers, lostMs, spawn: thread }
  const here = new Here(makerOf(engine))
  let isHere = false
  const spawnFirst = (events: WorkerEvents): WorkerHandle => {
    isHere = true
    const handle = here.spawn(events)
    const terminate = () =>
      handle.terminate().finally(() => {
        isHere = false
      })
    return { ...handle, terminate }
  }
  return {
    defaultWorkers,
    lostMs,
    // What a worker in this thread takes says nothing of a thread; what Node took does, as busy as the machine is.
    loadMs: THREAD_STARTS * (performance.nodeTiming?.bootstrapComplete ?? START_MS),
    spawn: (events) => (isHere ? thread(events) : spawnFirst(events)),
    attend: (over) => here.attend(over),
  }
}

/** Who has which of the workers' own options: the next worker takes those that the fewest have. */
class Places {
  readonly #places: { readonly own: object; held: number }[]

  constructor(each: readonly object[]) {
    this.#places = each.map((own) => ({ own, held: 0 }))
  }

  take(): { readonly own: object; leave(): void } {
    const place = this.#places.reduce((best, other) => (other.held < best.held ? other : best))
    place.held += 1
    let isHeld = true
    const leave = () => {
      if (isHeld) place.held -= 1
      isHeld = false
    }
    return { own: place.own, leave }
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

/** Node's own arguments without `--input-type`, which is of a program that is a text, and which threads refuse. */
export function argumentsOfThreads(given: readonly string[]): string[] {
  return given.filter((text, i) => !text.startsWith('--input-type') && given[i - 1] !== '--input-type')
}

interface NodeHandle extends WorkerHandle {
  readonly worker: Worker
}

function spawn(workerUrl: URL, workerData: WorkerEngine, { heard, died }: WorkerEvents): NodeHandle {
  const worker = new Worker(workerUrl, { workerData, execArgv: argumentsOfThreads(process.execArgv) })
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
