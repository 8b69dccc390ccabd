/** Reads a model file: weights, and the config in its metadata. Knows safetensors and our config, no engine. */
import { type NoiseTarget, POSITIONS, type Tensors, type TrmConfig } from './config.ts'
import { ModelFormatError } from './errors.ts'
import { readSafetensors } from './safetensors.ts'

/** The plan values that a model's makers recommend. */
export interface RecommendedPlan {
  readonly rollouts?: number
  readonly steps?: number
  readonly sigma?: number | readonly number[]
  readonly noiseTarget?: NoiseTarget
}

/** A model file, read: the network, and what its makers say of it. */
export interface Model {
  /** The puzzle kind that it was trained for. */
  readonly kind: string
  readonly config: TrmConfig
  readonly recommended: RecommendedPlan
  readonly tensors: Tensors
}

/** Parses a safetensors file with a `ptrm` metadata entry. Throws `ModelFormatError`. */
export function readModel(bytes: Uint8Array): Model {
  const { tensors, metadata } = readSafetensors(bytes)
  const raw = parseMetadata(metadata['ptrm'])
  const positions = POSITIONS.find((p) => p === raw['pos_encodings'])
  if (!positions) throw fieldError('pos_encodings', raw['pos_encodings'], POSITIONS.join(', '))
  const config: TrmConfig = {
    vocabSize: integer(raw, 'vocab_size'),
    seqLen: integer(raw, 'seq_len'),
    prefix: integer(raw, 'puzzle_emb_len', 0),
    hiddenSize: integer(raw, 'hidden_size'),
    numHeads: integer(raw, 'num_heads', 0),
    layers: integer(raw, 'L_layers'),
    hCycles: integer(raw, 'H_cycles'),
    lCycles: integer(raw, 'L_cycles'),
    positions,
    mlpT: raw['mlp_t'] === true,
    rmsEps: positive(raw, 'rms_norm_eps', 1e-5),
    ropeTheta: positive(raw, 'rope_theta', 10_000),
    answerTokens: tokenList(raw['answer_tokens']),
  }
  if (typeof raw['kind'] !== 'string') throw fieldError('kind', raw['kind'], 'the name of a puzzle kind')
  return { kind: raw['kind'], config, tensors, recommended: (raw['recommended'] ?? {}) as RecommendedPlan }
}

/** The latent that every rollout starts from: `H_init` or `L_init` in each of the T rows, row-major [T, d]. */
export function initialLatent(
  { config, tensors }: Pick<Model, 'config' | 'tensors'>,
  name: 'H_init' | 'L_init',
): Float32Array {
  const row = tensors.get(name)!.data
  const size = (config.prefix + config.seqLen) * config.hiddenSize
  return Float32Array.from({ length: size }, (_, i) => row[i % row.length]!)
}

/** The config as `readModel` reads it: the JSON under the metadata key `ptrm`. */
export function configToJson({ kind, config, recommended }: Omit<Model, 'tensors'>): Record<string, unknown> {
  return {
    kind,
    vocab_size: config.vocabSize,
    seq_len: config.seqLen,
    puzzle_emb_len: config.prefix,
    hidden_size: config.hiddenSize,
    num_heads: config.numHeads,
    L_layers: config.layers,
    H_cycles: config.hCycles,
    L_cycles: config.lCycles,
    pos_encodings: config.positions,
    mlp_t: config.mlpT,
    rms_norm_eps: config.rmsEps,
    rope_theta: config.ropeTheta,
    answer_tokens: config.answerTokens,
    recommended,
  }
}

function parseMetadata(text: string | undefined): Record<string, unknown> {
  const remedy = 'the config belongs as JSON under the metadata key "ptrm"'
  if (text === undefined) throw new ModelFormatError('config', `the file has no config: ${remedy}`)
  try {
    const raw: unknown = JSON.parse(text)
    if (typeof raw === 'object' && raw !== null) return raw as Record<string, unknown>
  } catch {
    // Reported below, with the remedy.
  }
  throw new ModelFormatError('config', `the file's config is no JSON object: ${remedy}`)
}

function integer(raw: Record<string, unknown>, field: string, least = 1): number {
  const value = raw[field]
  if (Number.isInteger(value) && (value as number) >= least) return value as number
  throw fieldError(field, value, `an integer of at least ${least}`)
}

function positive(raw: Record<string, unknown>, field: string, fallback: number): number {
  const value = raw[field] ?? fallback
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value
  throw fieldError(field, value, 'a positive number')
}

function tokenList(value: unknown): number[] {
  if (value === undefined) return []
  if (Array.isArray(value) && value.every((token) => Number.isInteger(token))) return value
  throw fieldError('answer_tokens', value, 'a list of tokens')
}

function fieldError(field: string, found: unknown, wanted: string): ModelFormatError {
  const message = `config field ${field}: found ${JSON.stringify(found)}, wanted ${wanted}`
  return new ModelFormatError('config', message, { tensor: field })
}
