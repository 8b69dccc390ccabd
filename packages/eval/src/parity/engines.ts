/**
 * The one list of engines that parity is proved on. An engine joins by an entry here: a name, and how to hold a model
 * with its whole state open to reading and writing, which the rollouts' `Engine` keeps to itself.
 */
import {
  compileKernel,
  instantiateKernel,
  type KernelVariant,
  type Latent,
  type Tensors,
  type TrmConfig,
} from '@ptrm/core-wasm'
import { BackendUnavailableError } from '@ptrm/orchestrator'
import { findRuntime } from '@ptrm/orchestrator/onnx'
import { openOnnx } from './onnx-model.ts'

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

/** Every engine of this build, whether it loads on this machine or not; CUDA only where its library is installed. */
export const parityEngines: readonly ParityEngine[] = [
  wasm('simd128'),
  wasm('relaxed'),
  { name: 'onnx cpu', open: openOnnx('cpu') },
  ...(findRuntime().cuda ? [{ name: 'onnx cuda', open: openOnnx('cuda') }] : []),
]

function wasm(variant: KernelVariant): ParityEngine {
  return {
    name: `wasm ${variant}`,
    async open(config, weights, slots) {
      const kernel = await instantiateKernel(await compile(variant))
      return kernel.load(config, weights, { slots })
    },
  }
}

async function compile(variant: KernelVariant): ReturnType<typeof compileKernel> {
  try {
    return await compileKernel({ variant })
  } catch (cause) {
    throw new BackendUnavailableError(`wasm ${variant}`, (cause as Error).message, cause)
  }
}
