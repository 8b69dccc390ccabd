/** What a pool says to its workers, and what it needs of the platform to have any. */
import type { KernelSource } from '@ptrm/core-wasm'
import type { Endpoint } from 'comlink'
import type { Job, RunOutcome, StepEvent } from '../rollouts/run.ts'
import type { Thrown } from './error-transfer.ts'

/** A job as a worker gets it: with the puzzle, for the verifier beside the engine. */
export interface WorkerJob extends Job {
  readonly id: number
  readonly kind: string
  readonly puzzle: unknown
}

/** The calls that a worker answers. */
export interface WorkerApi {
  /** Loads the model once. Rejects with `ModelFormatError` for a bad one, or with what keeps the engine from opening. */
  load(kernel: KernelSource, modelBytes: Uint8Array): Promise<void>
  /** Runs the job's rollouts; `emit` hears of every step before this resolves. Rejects with what `emit` threw. */
  run(job: WorkerJob, emit?: (event: StepEvent) => void): Promise<RunOutcome>
  /** Ends the job within one step; its `run` then resolves with what it has. */
  cancel(jobId: number): void
}

/** How a call ended. Errors come as values, as comlink would lose their class. */
export type Ended<T> = { readonly value: T } | { readonly thrown: Thrown }

/** A worker's API as comlink carries it. */
export type WireApi = {
  readonly [Call in keyof WorkerApi]: (
    ...args: Parameters<WorkerApi[Call]>
  ) => Promise<Ended<Awaited<ReturnType<WorkerApi[Call]>>>>
}

/** A live worker. The pool terminates it. */
export interface WorkerHandle {
  readonly endpoint: Endpoint
  /** Resolves with the reason when the worker dies of itself. */
  readonly died: Promise<Error>
  terminate(): Promise<void>
}

/** The platform's part: Node worker threads, or a page's module Workers. */
export interface WorkerAdapter {
  /** One a core. */
  defaultWorkers(): number
  spawn(): WorkerHandle
}
