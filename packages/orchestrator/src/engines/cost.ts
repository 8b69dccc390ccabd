/** What a step of a model costs, counted from its sizes. */
import type { Model, TrmConfig } from '@ptrm/core-wasm'

/** What one deep recursion step of one rollout takes. */
export interface StepCost {
  /** Calls of the network in one deep recursion step: H_cycles * (L_cycles + 1). */
  readonly netCalls: number
  /** Floating point operations of one step of one rollout: 2 * M * N * K of every matrix product; the rest is not counted. */
  readonly flops: number
}

/** Operations of one step. */
export function stepCost({ config, tensors }: Model): StepCost {
  const { hiddenSize: d, layers, seqLen, vocabSize, hCycles, lCycles } = config
  const rows = rowsOf(config)
  const netCalls = hCycles * (lCycles + 1)
  const { token, channel } = innerWidths({ config, tensors })
  const channelMix = 6 * rows * d * channel
  // Attention: q, k, v and output projections, then scores and their product with v.
  const tokenMix = config.mlpT ? 6 * rows * d * token : 8 * rows * d * d + 4 * rows * rows * d
  return { netCalls, flops: netCalls * layers * (tokenMix + channelMix) + 2 * seqLen * d * vocabSize }
}

/** Rows T of a latent. */
export function rowsOf({ prefix, seqLen }: TrmConfig): number {
  return prefix + seqLen
}

/** Inner widths of the two SwiGLUs, from the first layer's shapes; 0 where there is none. */
export function innerWidths({ tensors }: Pick<Model, 'config' | 'tensors'>): {
  token: number
  channel: number
} {
  const inner = (mix: string) =>
    (tensors.get(`L_level.layers.0.${mix}.gate_up_proj.weight`)?.shape[0] ?? 0) / 2
  return { token: inner('mlp_t'), channel: inner('mlp') }
}
