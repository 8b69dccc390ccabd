/** What goes into one run of a graph and what comes out of it, whoever makes the noise. */
import type { BoardSize, NoiseRequest, NoiseTarget } from '@ptrm/core-wasm'
import type { StepRequest } from '../engine.ts'
import type { Onnxruntime, OnnxTensor } from './runtime.ts'
import type { Latents, SizedModel } from './sized.ts'

/** A rollout's latents among those of the batch that it was in. */
export interface Kept {
  /** [batch, T, d] each. */
  readonly batch: Latents
  readonly row: number
}

/** A step that a run has computed. */
export interface Computed {
  readonly of: NoiseRequest
  readonly tokens: Uint8Array
  readonly q: number
}

/** A rollout on the engine. */
export interface Slot {
  /** Of its board. */
  readonly size: BoardSize
  readonly tokens: BigInt64Array
  /** After the last run; undefined before the first and after one that `isLast`. */
  kept: Kept | undefined
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
  /** [steps, batch, L]. */
  readonly answers: Uint8Array
  /** Halt logit of a step of a member. */
  q(step: number, member: number): number
  /** [batch, T, d] each; undefined where no rollout goes on. */
  readonly latents: Latents | undefined
  /** Of the outputs; may be larger than was asked for. */
  readonly batch: number
}

/** How batches are run. */
export interface RunsOptions {
  readonly stepsPerRun: number
  readonly form: 'loop' | 'unrolled'
  readonly slots: number
  readonly cuda: boolean
  /** The size that a batch of so many rollouts is filled up to; what is added does nothing. */
  filled(count: number): number
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

/** The noise of the step that a run makes after `step` others for a request. */
export function noiseAt(request: StepRequest, step: number): NoiseRequest {
  return step === 0 ? request : request.ahead![step - 1]!
}

/** The boards of a batch of `count`, as every graph takes them: `tokens`, and `puzzle_id` where the model has several. */
export function boardsOf(
  runtime: Onnxruntime,
  { members, sized: { cells, takesPuzzleId } }: Batch,
  count: number,
): Record<string, OnnxTensor> {
  const tokens = new BigInt64Array(count * cells)
  for (const [i, { slot }] of members.entries()) tokens.set(slot.tokens, i * cells)
  const feeds: Record<string, OnnxTensor> = { tokens: new runtime.Tensor('int64', tokens, [count, cells]) }
  if (takesPuzzleId) feeds['puzzle_id'] = new runtime.Tensor('int64', new BigInt64Array(count), [count])
  return feeds
}

const BIGINTS = Array.from({ length: 256 }, (_, i) => BigInt(i))

/** As graphs take tokens; without a new bigint for each, of which a large batch has a million. */
export function int64Tokens(tokens: Uint8Array): BigInt64Array {
  const wide = new BigInt64Array(tokens.length)
  for (let i = 0; i < tokens.length; i++) wide[i] = BIGINTS[tokens[i]!]!
  return wide
}
