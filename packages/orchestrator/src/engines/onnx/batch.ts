/** What goes into one run of a graph and what comes out of it, whoever makes the noise. */
import type { BoardSize, NoiseTarget } from '@ptrm/core-wasm'
import type { StepRequest } from '../engine.ts'
import type { OnnxTensor } from './runtime.ts'
import type { Latents, SizedModel } from './sized.ts'

/** A step that a run has computed. */
export interface Computed {
  readonly of: StepRequest
  readonly tokens: Uint8Array
  readonly q: number
}

/** A rollout on the engine. */
export interface Slot {
  /** Of its board. */
  readonly size: BoardSize
  readonly tokens: BigInt64Array
  /** After the last run; undefined before the first and after one that `isLast`. */
  latents: Latents | undefined
  /** Whether a run was the rollout's last. */
  ended: boolean
  /** Steps that nobody has asked for yet, first the next. */
  ahead: Computed[]
}

/** A request and the slot that it is for. */
export interface Member {
  readonly request: StepRequest
  readonly slot: Slot
}

/** What goes into one run: boards of one size, the same number of steps, for several steps one noise target. */
export interface Batch {
  readonly sized: SizedModel
  readonly target: NoiseTarget
  readonly steps: number
  readonly members: readonly Member[]
}

/** Inputs and outputs by name. */
export type Tensors = Readonly<Record<string, OnnxTensor>>

/** What a run left. */
export interface Ran {
  /** [steps, batch, L]; the batch may be larger than it was asked for. */
  readonly answers: Uint8Array
  /** Halt logit of a step of a member. */
  q(step: number, member: number): number
  /** [batch, T, d] each; undefined where no rollout goes on. */
  readonly latents: Latents | undefined
  /** Of the outputs. */
  readonly batch: number
}

/** Runs batches on a graph. */
export interface Runs {
  /** Steps after the one asked for that it wants to hear of. */
  readonly lookahead: number
  /** Opens the graph that is wanted first, so that it is known whether it can be had. */
  open(sized: SizedModel): Promise<unknown>
  /** Steps that may share a run have the same. */
  kindOf(target: NoiseTarget, steps: number): string
  /** Whether a run of so many steps leaves no latents for the request's rollout, as it ends with it. */
  isLast(request: StepRequest, steps: number): boolean
  run(batch: Batch): Promise<Ran>
}

/** The step that a run makes after `step` others for a request. */
export function requestAt(request: StepRequest, step: number): StepRequest {
  return step === 0 ? request : { slot: request.slot, ...request.ahead![step - 1]! }
}
