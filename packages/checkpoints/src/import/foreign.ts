/**
 * Tells what beside a TRM's tensors may lie unused: tables made from the config, and what training keeps. Anything else
 * is part of a network that is no TRM (an HRM, norms with weights, layers with biases) and refuses the import by name:
 * left out, it would leave other answers than the checkpoint's.
 */
import type { Weights } from './entries.ts'
import { CheckpointError } from './errors.ts'

const LAYER =
  /^L_level\.layers\.\d+\.(?:self_attn\.(?:qkv|o)_proj|mlp(?:_t)?\.(?:gate_up|down)_proj)\.weight$/
const OWN = new Set([
  'H_init',
  'L_init',
  'embed_tokens.embedding_weight',
  'embed_pos.embedding_weight',
  'puzzle_emb.weights',
  'lm_head.weight',
  'q_head.weight',
  'q_head.bias',
])

/** RoPE's tables, which some versions save. */
const ROPE_TABLE = /(?:^|\.)rotary_emb\.(?:cos_cached|sin_cached|inv_freq)$/
/** Rows of the last training batch, which the official puzzle embedding keeps beside its weights. */
const BATCH_ROWS = /^puzzle_emb\.local_(?:weights|ids)$/
/** Free weights of a layer, as model files of this project's own training have them: they run, but are no official TRM's. */
const FREE = /^L_level\.layers\.\d+\.(?:units|planes|board)\./
/** First parts of names that trainers save beside a network. */
const TRAINING =
  /^(?:\w*optim(?:izer)?s?|\w*sched(?:uler)?s?|(?:grad_)?scaler|ema|ema_model|model_ema|shadow|\w*rng_states?|steps?|global_step|epochs?|iteration|n_averaged|\w*loss(?:es)?|metrics|history|best_\w+|args|config|hparams|hyper_parameters)$/

/** How many names an error lists. */
const MOST_NAMES = 12

/** Why a checkpoint that has such a tensor is no TRM's. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^H_level\./, 'an H_level beside the L_level makes it an HRM, which ptrm does not run'],
  [/^L[1-9]_init$/, 'several L states make it a variant of TRM that ptrm does not run'],
  [/norm/i, 'norms of a TRM have no weights'],
  [/\.bias$/, 'layers of a TRM have no biases'],
]

/** Whether a TRM of some config has a tensor of this name. */
export function isOwn(name: string): boolean {
  return OWN.has(name) || LAYER.test(name)
}

/** Whether the checkpoint says itself that its attention is turned by RoPE. */
export function hasRopeTables(weights: Weights): boolean {
  return [...weights.keys()].some((name) => ROPE_TABLE.test(name))
}

/**
 * Throws a `CheckpointError` that names every tensor that is neither `known` nor may lie unused, or that says what a file of
 * free weights is.
 */
export function refuseForeign(weights: Weights, known: (name: string) => boolean): void {
  const free = [...weights.keys()].find((name) => FREE.test(name))
  if (free !== undefined)
    throw new CheckpointError(
      'unsupported',
      `it has free weights (${free}), as ptrm's own model files do: there is nothing to import, every command takes such a file as it is. ` +
        'For the plain TRM that they stand for, write them out by ptrm export --safetensors, and import that',
    )
  const foreign = [...weights.keys()].filter((name) => !known(name) && !mayLieUnused(name))
  if (foreign.length === 0) return
  const more = foreign.length > MOST_NAMES ? `, ... (${foreign.length} in all)` : ''
  const reasons = REASONS.filter(([pattern]) => foreign.some((name) => pattern.test(name)))
  throw new CheckpointError(
    'foreign',
    `the network has tensors that ptrm would not run: ${foreign.slice(0, MOST_NAMES).join(', ')}${more}. ` +
      'Without them its answers would be others, so nothing is imported' +
      reasons.map(([, reason]) => `; ${reason}`).join(''),
  )
}

function mayLieUnused(name: string): boolean {
  return ROPE_TABLE.test(name) || BATCH_ROWS.test(name) || TRAINING.test(name.split('.', 1)[0]!)
}
