/** What a step of a model costs, counted from its sizes. */
import type { TrmConfig } from './config.ts'
import type { Shapes } from './tensor-list.ts'

/** A network by its sizes; its weights are not looked at. */
export interface Sizes {
  readonly config: TrmConfig
  readonly tensors: Shapes
}

/** What one deep recursion step of one rollout takes. */
export interface StepCost {
  /** Calls of the network in one deep recursion step: H_cycles * (L_cycles + 1). */
  readonly netCalls: number
  /** Floating point operations of one step of one rollout: 2 * M * N * K of every matrix product; the rest is not counted. */
  readonly flops: number
}

/** Operations of one step. */
export function stepCost({ config, tensors }: Sizes): StepCost {
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
export function rowsOf({ prefix, seqLen }: Pick<TrmConfig, 'prefix' | 'seqLen'>): number {
  return prefix + seqLen
}

/** Inner widths of the two SwiGLUs, of the widest layer (as a rule they are all alike); 0 where there is none. */
export function innerWidths({ config, tensors }: Sizes): { token: number; channel: number } {
  const inner = (mix: string) => {
    let widest = 0
    for (let layer = 0; layer < config.layers; layer++) {
      const height = tensors.get(`L_level.layers.${layer}.${mix}.gate_up_proj.weight`)?.shape[0] ?? 0
      widest = Math.max(widest, height / 2)
    }
    return widest
  }
  return { token: inner('mlp_t'), channel: inner('mlp') }
}
