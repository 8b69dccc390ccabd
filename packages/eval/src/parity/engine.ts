/**
 * What parity asks of an engine: a name, and how to hold a model with its whole state open to reading and writing, which
 * the rollouts' `Engine` keeps to itself.
 */
import type { Latent, Tensors, TrmConfig } from '@ptrm/core-wasm'

/** A model with slots whose state can be looked into. The opener closes it. */
export interface ParityModel {
  /** Fresh latents for a board of tokens, shape [L]. */
  start(slot: number, tokens: Uint8Array, puzzleId: number): void | Promise<void>
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

export interface ParityEngine {
  readonly name: string
  /** Throws `BackendUnavailableError` or `KernelUnavailableError` where it does not load. */
  open(config: TrmConfig, weights: Tensors, slots: number): Promise<ParityModel>
}
