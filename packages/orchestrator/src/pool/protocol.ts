/** What a pool and its workers tell each other, and what a pool needs of the platform to have workers. */
import type { KernelSource } from '@ptrm/core-wasm'
import type { Found, Job, StepEvent } from '../rollouts/run.ts'
import type { Thrown } from './error-transfer.ts'

/** A job as a worker gets it: with the puzzle, for the verifier beside the engine. */
export interface WorkerJob extends Job {
  readonly kind: string
  readonly puzzle: unknown
}

/**
 * What a pool says. A worker loads models, each by a number, and runs rollouts of several jobs side by side. `run` numbers
 * what it was told to run, so that what either side says of a run that is over is known as such.
 */
export type ToWorker =
  | {
      readonly type: 'load'
      readonly model: number
      readonly kernel: KernelSource
      readonly modelBytes: Uint8Array
    }
  /** The model is no longer needed; none of its runs is. */
  | { readonly type: 'unload'; readonly model: number }
  /** `steps`: whether the pool wants to hear of every step. */
  | {
      readonly type: 'run'
      readonly run: number
      readonly model: number
      readonly job: WorkerJob
      readonly steps: boolean
    }
  /** Rollouts of the run from this number on are no longer wanted; they end within one step. */
  | { readonly type: 'end'; readonly run: number; readonly from: number }

/** What a worker says. Errors are values, as a structured clone of one loses its class. */
export type FromWorker =
  | { readonly type: 'loaded'; readonly model: number }
  | { readonly type: 'not-loaded'; readonly model: number; readonly thrown: Thrown }
  | { readonly type: 'step'; readonly run: number; readonly event: StepEvent }
  | { readonly type: 'found'; readonly run: number; readonly found: Found }
  /** The run is over. */
  | { readonly type: 'done'; readonly run: number }
  | { readonly type: 'failed'; readonly run: number; readonly thrown: Thrown }

/** What a pool hears of one worker. After `died` there is nothing more. */
export interface WorkerEvents {
  heard(message: FromWorker): void
  /** It died of itself, or can't be understood any more. */
  died(cause: Error): void
}

/** A live worker. The pool terminates it. */
export interface WorkerHandle {
  /** Throws what can't be cloned. */
  post(message: ToWorker): void
  /** Resolves when nothing of it runs any more. */
  terminate(): Promise<void>
}

/** The platform's part: Node worker threads, a page's module Workers, or the thread that there is. */
export interface WorkerAdapter {
  /** One a core. */
  defaultWorkers(): number
  /** Milliseconds that a worker takes to load, where the first one does not tell of the others. */
  readonly loadMs?: number | undefined
  /** Milliseconds that a step may take before its worker counts as lost; default: `LOST_MS`. */
  readonly lostMs?: number | undefined
  /** Throws what keeps a worker from being started. */
  spawn(events: WorkerEvents): WorkerHandle
  /** Of workers in the caller's thread: lends it to them until `over` is settled. Called once for each job that waits. */
  attend?(over: Promise<unknown>): Promise<void>
}
