/**
 * What the registry knows of an engine: its name, what it needs, what it costs, and how it is opened.
 *
 * A spec is light: importing it loads nothing of the engine. It opens nothing by itself, keeps no state, and knows no
 * pool; `registry.ts` holds the specs of this build, and callers may add their own. Node only, but for its types.
 */
import type {
  KernelSource,
  KernelVariant,
  Latent,
  Model,
  Tensors,
  TokenBoard,
  TrmConfig,
} from '@ptrm/core-wasm'
import type { Rules } from '../options.ts'
import type { Engine } from './engine.ts'

/** What `auto` reckons with. The numbers are measured; docs/decisions/0008-auto.md says how. */
export type EngineCost =
  | {
      /** On the machine's cores, one session a core. */
      readonly on: 'cores'
      /** GFLOPS of a rollout-step on one core, noise included. */
      readonly gflops: number
      /** Milliseconds that opening it takes longer than opening the kernel, in a fresh process. */
      readonly loadMs: number
    }
  | {
      /** On a device of its own, which one puzzle's rollouts must fill. */
      readonly on: 'device'
      /** Rollouts a puzzle from which it is taken. */
      readonly fromRollouts: number
      /** What is to be known of that number, in words. */
      readonly note?: string | undefined
    }

/** One way of opening an engine that is worth its own line in the contract, in parity or by the doctor. */
export interface EngineVariant<Inner extends object = object> {
  /** `wasm relaxed` */
  readonly name: string
  /** The kernel that it computes with, or that makes its noise. */
  readonly kernel: KernelVariant
  /** As `open` takes them. */
  readonly options: Inner
  /** For the contract alone: the doctor and parity have nothing of it. */
  readonly contractOnly?: boolean | undefined
}

/** How many workers an engine runs in, and with what. */
export interface EngineSetup<Inner extends object = object> {
  /** Handed to `open`; structured-cloneable. */
  readonly options: Inner
  /** Undefined: as many as the caller says, or one a core. */
  readonly workers?: number | undefined
  /** Where workers differ, as each has a GPU of its own: for each what goes over `options`. There are then as many workers. */
  readonly each?: readonly Partial<Inner>[] | undefined
  /** Rollouts that a worker holds at once; undefined = 1. */
  readonly slots?: number | undefined
}

/** What an engine is opened with. */
export interface OpenRequest<Inner extends object = object> {
  readonly kernel: KernelSource
  readonly model: Model
  /** `slots`: rollouts held at once; default 1. */
  readonly options: Inner & { readonly slots?: number | undefined }
}

/** A model with slots whose whole state can be read and written. The opener closes it. */
export interface InspectableModel {
  /** Fresh latents for a board. */
  start(slot: number, board: TokenBoard, puzzleId: number): void | Promise<void>
  /** Advances a slot by one deep recursion step without noise of its own; a promise is awaited. */
  step(slot: number): unknown
  /** A copy, row-major [T, d]. */
  readLatent(slot: number, latent: Latent): Float32Array
  /** Row-major [T, d]. */
  writeLatent(slot: number, latent: Latent, values: Float32Array): void
  /** Of the last step, shape [L, vocab]. */
  logits(slot: number): Float32Array
  /** Halt and continue logit of the last step, shape [2]. */
  q(slot: number): Float32Array
  close(): void | Promise<void>
}

/** A model to look into: its config and weights, and how many boards at once. */
export interface InspectRequest {
  readonly config: TrmConfig
  readonly tensors: Tensors
  readonly slots: number
}

/** Steps towards an engine that does not load, in order, each with its command. */
export interface Remedy {
  /** What they lead to, in words: `CUDA`. */
  readonly for: string
  readonly steps: readonly string[]
}

/** An engine as the registry knows it. `Options` are the caller's, `Inner` those that travel to its workers. */
export interface EngineSpec<
  Name extends string = string,
  Family extends string = string,
  Options extends object = object,
  Inner extends object = object,
> {
  /** Its `backend`: `onnx-cuda`. */
  readonly name: Name
  /** A name that stands for several engines, the fastest that loads; the engine's own where it is alone. */
  readonly family: Family
  /** What it is, for the middle of a sentence: `the CUDA provider`. */
  readonly title: string
  /** What a machine must have for it, in words. */
  readonly needs: string
  /** True for the one engine that runs wherever this package does; the others are tried before they are relied on. */
  readonly everywhere?: boolean | undefined
  /** True where ending its worker in the middle of a step would end the process: then the worker is asked to leave. */
  readonly asksToLeave?: boolean | undefined
  /**
   * True where a rollout's numbers depend, in their last bits, on how many run beside it, as a GPU's libraries choose the
   * order of their sums by the size of the batch.
   */
  readonly lastBitsByBatch?: boolean | undefined
  readonly cost: EngineCost
  /** Of those that are not for the contract alone, the fastest comes last. */
  readonly variants: readonly EngineVariant<Inner>[]
  /** What its options may be; a caller's are held to it before any work. */
  readonly rules?: Rules | undefined
  /**
   * For engines outside this package's registry: the module that exports the spec as `engine`, for workers to import.
   * `import.meta.url` of the file that holds it.
   */
  readonly module?: string | undefined
  /** What is not installed that it needs, by looking at files alone; undefined where all is there. */
  missing(): string | undefined
  /** Loads what `open` will load. Rejects with `BackendUnavailableError`. */
  load?(): Promise<void>
  /** Which version of it the doctor looks at. */
  detail(variant: EngineVariant<Inner>): string
  /** From a caller's options, before the first worker starts. */
  setup(options: Options): EngineSetup<Inner>
  /** Opens it with a model, in a worker or in this thread. Rejects with `BackendUnavailableError` or `ModelFormatError`. */
  open(request: OpenRequest<Inner>): Promise<Engine>
  /** Opens it with its state in view. Rejects as `open` does. */
  inspect(variant: EngineVariant<Inner>, request: InspectRequest): Promise<InspectableModel>
  /** What to do where it does not load; left out where there is nothing to do. */
  remedy?(): Remedy
}
