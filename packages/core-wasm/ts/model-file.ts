/** Reads a model file: weights, and the config in its metadata. Knows safetensors and our config, no engine. */
import {
  type BoardSize,
  fixedLength,
  POSITIONS,
  type Tensor,
  type Tensors,
  type Tie,
  type TrmConfig,
} from './config.ts'
import { rowsOf } from './cost.ts'
import { ModelFormatError } from './errors.ts'
import { parseJson } from './json-text.ts'
import { checkConfig, checkLimits } from './limits.ts'
import { PLAN_VALUES, type RecommendedPlan, shown } from './plan-values.ts'
import { checkWidens, listSafetensors, type SafetensorsEntry, widened } from './safetensors.ts'
import { checkTensors } from './tensor-list.ts'
import { tieOf, tieToJson } from './tie.ts'

/** A model file, read: the network, and what its makers say of it. */
export interface Model {
  /** The puzzle kind that it was trained for. */
  readonly kind: string
  readonly config: TrmConfig
  readonly recommended: RecommendedPlan
  /** Those that its layers read; whatever else is in the file is left there. */
  readonly tensors: Tensors
}

/** A model file's list: all that is known of it before a weight is read. */
export interface ModelListing extends Omit<Model, 'tensors'> {
  /** Those that its layers read, as they lie in the file. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>
}

/** Parses a safetensors file with a `ptrm` metadata entry. Throws `ModelFormatError`. */
export function readModel(bytes: Uint8Array): Model {
  const { entries, ...model } = listModel(bytes)
  const tensors = new Map<string, Tensor>()
  for (const [name, entry] of entries) tensors.set(name, widened(name, entry))
  return { ...model, tensors }
}

/** Checks all of a model file but its weights: config, recommended plan, shapes, sizes. Throws `ModelFormatError`. */
export function listModel(bytes: Uint8Array): ModelListing {
  const { entries, metadata } = listSafetensors(bytes)
  const model = modelOf(metadata)
  const { config, recommended } = model
  const used = new Map<string, SafetensorsEntry>()
  for (const name of checkTensors(config, entries).keys()) used.set(name, entries.get(name)!)
  for (const [name, entry] of used) checkWidens(name, entry)
  checkLimits({ config, tensors: used }, recommended.steps)
  return { ...model, entries: used }
}

/** What a model file says of itself; its tensors are not looked at. Throws `ModelFormatError`. */
export function readConfig(bytes: Uint8Array): Omit<Model, 'tensors'> {
  return modelOf(listSafetensors(bytes).metadata)
}

function modelOf(metadata: Readonly<Record<string, string>>): Omit<Model, 'tensors'> {
  const raw = parseMetadata(metadata['ptrm'])
  const config = configOf(raw)
  checkConfig(config)
  if (typeof raw['kind'] !== 'string') throw fieldError('kind', raw['kind'], 'the name of a puzzle kind')
  return { kind: raw['kind'], config, recommended: recommendedPlan(raw['recommended']) }
}

/** The formats of the metadata: dense weights (also where the file names none), and free ones. */
const [DENSE, TIED] = ['ptrm-model/1', 'ptrm-model/2'] as const

function configOf(raw: Record<string, unknown>): TrmConfig {
  const tie = tieIn(raw)
  const leastBoard = boardIn(raw['least_board'])
  const positions = POSITIONS.find((p) => p === raw['pos_encodings'])
  if (!positions) throw fieldError('pos_encodings', raw['pos_encodings'], POSITIONS.join(', '))
  return {
    vocabSize: integer(raw, 'vocab_size'),
    seqLen: tie?.name === 'board' && raw['seq_len'] === undefined ? undefined : integer(raw, 'seq_len'),
    ...(tie && { tie }),
    ...(leastBoard && { leastBoard }),
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
}

function tieIn({ format = DENSE, tie }: Record<string, unknown>): Tie | undefined {
  if (format === TIED) return tieOf(tie)
  if (format !== DENSE) throw fieldError('format', format, `${DENSE} or ${TIED}, which this build reads`)
  if (tie !== undefined) throw fieldError('tie', tie, `none in ${DENSE}; free weights are ${TIED}`)
  return undefined
}

/** The field `least_board`, [rows, columns]. */
function boardIn(raw: unknown): BoardSize | undefined {
  if (raw === undefined || raw === null) return undefined
  const [rows, columns, ...rest] = Array.isArray(raw) ? raw : []
  if (rest.length === 0 && [rows, columns].every((side) => Number.isInteger(side) && side >= 1))
    return { rows, columns }
  throw fieldError('least_board', raw, 'a list of rows and columns, each at least 1')
}

/** The plan values of it that are there, checked; other fields are left out. */
function recommendedPlan(raw: unknown): RecommendedPlan {
  if (raw === undefined || raw === null) return {}
  if (typeof raw !== 'object' || Array.isArray(raw)) throw fieldError('recommended', raw, 'an object')
  const plan: Record<string, unknown> = {}
  for (const [field, { allows, wanted }] of Object.entries(PLAN_VALUES)) {
    const value = (raw as Record<string, unknown>)[field]
    if (value === undefined) continue
    if (!allows(value)) throw fieldError(`recommended.${field}`, value, wanted)
    plan[field] = value
  }
  return plan
}

/** The latent that rollouts of a board start from: `H_init` or `L_init` in each of the T rows, row-major [T, d]. */
export function initialLatent(
  { config, tensors }: Pick<Model, 'config' | 'tensors'>,
  name: 'H_init' | 'L_init',
  cells: number = fixedLength(config),
): Float32Array {
  const row = tensors.get(name)!.data
  const size = rowsOf(config, cells) * config.hiddenSize
  return Float32Array.from({ length: size }, (_, i) => row[i % row.length]!)
}

/** The config as `readModel` reads it: the JSON under the metadata key `ptrm`. */
export function configToJson({ kind, config, recommended }: Omit<Model, 'tensors'>): Record<string, unknown> {
  const { tie, leastBoard, seqLen } = config
  return {
    ...(tie && { format: TIED, tie: tieToJson(tie) }),
    kind,
    vocab_size: config.vocabSize,
    ...(seqLen !== undefined && { seq_len: seqLen }),
    ...(leastBoard && { least_board: [leastBoard.rows, leastBoard.columns] }),
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
  let why = ''
  try {
    const raw = parseJson(text)
    if (typeof raw === 'object' && raw !== null) return raw as Record<string, unknown>
  } catch (error) {
    why = ` (${(error as Error).message})`
  }
  throw new ModelFormatError('config', `the file's config is no JSON object${why}: ${remedy}`)
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
  const message = `config field ${field}: found ${shown(found)}, wanted ${wanted}`
  return new ModelFormatError('config', message, { tensor: field })
}
