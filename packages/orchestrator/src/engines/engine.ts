/**
 * The seam between rollouts and hardware: advances rollouts by one step and holds their latent state.
 *
 * An engine knows no puzzle, no plan and no selection. It lives in a worker; whoever made it closes it, and its
 * outputs are copies that the caller may keep.
 */
import type { NoiseRequest, TokenBoard } from '@ptrm/core-wasm'

/** One step asked of an engine: the slot, and the noise that goes before the step. */
export interface StepRequest extends NoiseRequest {
  readonly slot: number
  /**
   * The same rollout's next steps, as many as the engine's `lookahead` wants, or all that it still has: where they are fewer,
   * the rollout ends with them. A promise: until the slot is started anew, its next requests are these.
   */
  readonly ahead?: readonly NoiseRequest[] | undefined
}

/** What one step left in a slot. Copies; the caller may keep them. */
export interface StepOutput {
  readonly slot: number
  /** What the network says of the board, row by row, shape [rows * columns]. */
  readonly tokens: Uint8Array
  /** Halt logit. */
  readonly q: number
}

/** Advances rollouts. `step` may answer at once or by a promise; one call at a time. */
export interface Engine {
  /** Rollouts that it can hold at once. */
  readonly slots: number
  /** How many steps after the one asked for it likes to hear of, to work ahead; undefined = 0. */
  readonly lookahead?: number | undefined
  /** Gives a slot to a new rollout with fresh latents. Slots may hold boards of different sizes. */
  start(slot: number, board: TokenBoard): void
  /**
   * One deep recursion step for each slot named, outputs in the same order. After a failure slots may be asked again, in other
   * company: the board of one of them may be what failed.
   */
  step(requests: readonly StepRequest[]): StepOutput[] | Promise<StepOutput[]>
  /** How many of a slot's next steps are computed already; for engines with a `lookahead`. They are then asked for first. */
  computed?(slot: number): number
  /** The latent z_H of a slot in an order of the engine's own, valid until its next step; for engines that can tell. */
  latent?(slot: number): Float32Array
  /** A second call does nothing. */
  close(): void
}
