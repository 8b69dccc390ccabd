/** Which tensors a TRM has and in which shapes, and the check of a checkpoint against that, all at once. */
import { ModelFormatError, rowsOf, type TrmConfig } from '@ptrm/core-wasm'
import type { Weights } from './entries.ts'
import { refuseForeign } from './foreign.ts'

/** Name and shape of every tensor that a config asks for; inner widths and the embedding's size from the weights. */
function wantedShapes(config: TrmConfig, weights: Weights): Map<string, readonly number[]> {
  const { hiddenSize: d, vocabSize, prefix } = config
  const rows = rowsOf(config)
  const wanted = new Map<string, readonly number[]>([
    ['embed_tokens.embedding_weight', [vocabSize, d]],
    ['H_init', [d]],
    ['L_init', [d]],
    ['lm_head.weight', [vocabSize, d]],
    ['q_head.weight', [2, d]],
    ['q_head.bias', [2]],
  ])
  if (config.positions === 'learned') wanted.set('embed_pos.embedding_weight', [rows, d])
  if (prefix > 0) wanted.set('puzzle_emb.weights', weights.get('puzzle_emb.weights')?.shape ?? [1, d])
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `L_level.layers.${layer}`
    if (config.mlpT) addSwiglu(wanted, weights, `${at}.mlp_t`, rows)
    else {
      wanted.set(`${at}.self_attn.qkv_proj.weight`, [3 * d, d])
      wanted.set(`${at}.self_attn.o_proj.weight`, [d, d])
    }
    addSwiglu(wanted, weights, `${at}.mlp`, d)
  }
  return wanted
}

function addSwiglu(
  wanted: Map<string, readonly number[]>,
  weights: Weights,
  name: string,
  width: number,
): void {
  const inner = Math.floor((weights.get(`${name}.gate_up_proj.weight`)?.shape[0] ?? 2) / 2)
  wanted.set(`${name}.gate_up_proj.weight`, [2 * inner, width])
  wanted.set(`${name}.down_proj.weight`, [width, inner])
}

/**
 * Throws a `ModelFormatError` that lists every tensor that is missing or has another shape, or a `CheckpointError` that
 * lists those that the network has beside them.
 */
export function checkShapes(config: TrmConfig, weights: Weights): Map<string, readonly number[]> {
  const wanted = wantedShapes(config, weights)
  refuseForeign(weights, (name) => wanted.has(name))
  const missing = [...wanted.keys()].filter((name) => !weights.has(name))
  if (missing.length > 0)
    throw new ModelFormatError(
      'missing-tensor',
      `the checkpoint lacks ${missing.length} of ${wanted.size} tensors: ${missing.join(', ')}`,
      { tensor: missing[0]! },
    )
  const wrong = [...wanted].filter(([name, shape]) => !sameShape(weights.get(name)!.shape, shape))
  if (wrong.length > 0) {
    const [name, shape] = wrong[0]!
    const lines = wrong.map(([name, shape]) => `  ${name}: [${weights.get(name)!.shape}], wanted [${shape}]`)
    throw new ModelFormatError(
      'wrong-shape',
      `tensors of other shapes than the config's:\n${lines.join('\n')}`,
      {
        tensor: name,
        wanted: shape,
        found: weights.get(name)!.shape,
      },
    )
  }
  return wanted
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}
