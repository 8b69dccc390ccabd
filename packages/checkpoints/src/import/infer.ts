/** A TRM's config from its weights' shapes, what the caller knows, and the puzzle kind; lists all that is still missing. */
import { type DenseConfig, rowsOf } from '@ptrm/core-wasm'
import type { GivenConfig } from './config-file.ts'
import type { Weights } from './entries.ts'
import { CheckpointError, ConfigConflictError, MissingConfigError, type MissingField } from './errors.ts'
import { hasRopeTables } from './foreign.ts'

const MAX_LAYERS = 64

/** What the shapes alone say. */
interface Shapes {
  readonly vocabSize: number
  readonly hiddenSize: number
  readonly layers: number
  readonly mlpT: boolean
  readonly learned: boolean
  /** Whether RoPE's tables are saved. */
  readonly rope: boolean
  /** Rows T = prefix + L, where a weight has that many. */
  readonly rows: number | undefined
  /** Width of a puzzle's embedding; undefined without one. */
  readonly puzzleWidth: number | undefined
}

/**
 * The whole config. `cells` is the board length of the puzzle kind, where it has only one; it serves where nothing else
 * tells the sequence length. Throws `MissingConfigError`, `ConfigConflictError`, or `CheckpointError` for weights that
 * are no TRM's.
 */
export function inferConfig(weights: Weights, given: GivenConfig, cells?: number): DenseConfig {
  const shapes = readShapes(weights)
  const missing: MissingField[] = []
  const need = <T>(value: T | undefined, field: string, flag: string, why: string): T => {
    if (value === undefined) missing.push({ field, flag, why })
    return value as T
  }
  const { seqLen, prefix } = inferRows(shapes, given, cells)
  const positions = positionsOf(shapes, given)
  const heads = shapes.mlpT ? (given.numHeads ?? 1) : given.numHeads
  const config: DenseConfig = {
    vocabSize: shapes.vocabSize,
    hiddenSize: shapes.hiddenSize,
    layers: shapes.layers,
    mlpT: shapes.mlpT,
    hCycles: need(given.hCycles, 'H_cycles', '--h-cycles N', 'how often the network runs shows in no shape'),
    lCycles: need(given.lCycles, 'L_cycles', '--l-cycles N', 'how often the network runs shows in no shape'),
    numHeads: need(heads, 'num_heads', '--heads N', 'heads share one projection'),
    positions: need(positions, 'pos_encodings', '--positions rope|none', 'RoPE has no weights'),
    seqLen: need(
      seqLen,
      'seq_len',
      '--seq-len N',
      shapes.rows === undefined
        ? 'no weight has a row for each cell of the board'
        : `the weights have ${shapes.rows} rows, of board and puzzle embedding together; --prefix N does as well`,
    ),
    // Where the weights tell T, the board length asked for above gives the prefix too.
    prefix:
      seqLen === undefined && shapes.rows !== undefined
        ? 0
        : need(prefix, 'puzzle_emb_len', '--prefix N', prefixAdvice(shapes)),
    rmsEps: given.rmsEps ?? 1e-5,
    ropeTheta: given.ropeTheta ?? 10_000,
    answerTokens: given.answerTokens ?? [],
    ...(given.leastBoard && { leastBoard: given.leastBoard }),
  }
  if (missing.length > 0) throw new MissingConfigError(missing)
  refuseConflicts(config, shapes, given)
  return config
}

function positionsOf({ learned, mlpT, rope }: Shapes, given: GivenConfig): GivenConfig['positions'] {
  if (learned) return 'learned'
  if (mlpT) return 'none' // the official code has RoPE's setting there too, and does not use it
  return given.positions ?? (rope ? 'rope' : undefined)
}

/** What the width of a puzzle embedding says of the rows that it takes; whose rule they follow shows in no shape. */
function prefixAdvice({ puzzleWidth, hiddenSize }: Shapes): string {
  const rows = Math.ceil(puzzleWidth! / hiddenSize)
  if (rows > 1) return `the puzzle embedding fills ${rows} rows: ${rows}, unless it is padded to more`
  return 'rows in front of the board: 16 in official TRM runs, which pad the puzzle embedding; 1 without padding'
}

/** The prefix that a board of this length leaves, where it can hold the puzzle embedding. */
function fittingPrefix({ rows, puzzleWidth = 0, hiddenSize }: Shapes, seqLen: number): string {
  const rest = rows! - seqLen
  return rest >= puzzleWidth / hiddenSize ? `: a prefix of ${rest} would fit` : ''
}

/** Board length and prefix, from whichever of T, L, prefix and the kind are known. */
function inferRows(
  { rows, puzzleWidth, hiddenSize }: Shapes,
  given: GivenConfig,
  cells: number | undefined,
): { seqLen: number | undefined; prefix: number | undefined } {
  const board = given.seqLen ?? cells
  let prefix: number | undefined
  if (puzzleWidth === undefined) prefix = 0
  else if (given.puzzleEmbLen !== undefined)
    prefix = given.puzzleEmbLen || Math.ceil(puzzleWidth / hiddenSize)
  else if (rows !== undefined && board !== undefined) prefix = Math.max(0, rows - board)
  const rest = rows !== undefined && prefix !== undefined && rows > prefix ? rows - prefix : undefined
  return { seqLen: given.seqLen ?? rest ?? cells, prefix }
}

function readShapes(weights: Weights): Shapes {
  const [vocabSize, hiddenSize] = matrix(weights, 'embed_tokens.embedding_weight')!
  const layers = countLayers(weights)
  const tokenMix = matrix(weights, 'L_level.layers.0.mlp_t.gate_up_proj.weight')
  const positions = matrix(weights, 'embed_pos.embedding_weight')
  return {
    vocabSize,
    hiddenSize,
    layers,
    mlpT: tokenMix !== undefined,
    learned: positions !== undefined,
    rope: hasRopeTables(weights),
    rows: tokenMix?.[1] ?? positions?.[0],
    puzzleWidth: matrix(weights, 'puzzle_emb.weights')?.[1],
  }
}

function matrix(weights: Weights, name: string): [number, number] | undefined {
  const shape = weights.get(name)?.shape
  if (!shape) return undefined
  const [rows, columns] = shape
  if (shape.length === 2 && rows! > 0 && columns! > 0) return [rows!, columns!]
  throw new CheckpointError('no-model', `tensor ${name} has shape [${shape}], wanted a matrix`)
}

function countLayers(weights: Weights): number {
  const numbers = [...weights.keys()].map((name) => /^L_level\.layers\.(\d{1,6})\./.exec(name)?.[1])
  const count = numbers.reduce((most, text) => Math.max(most, text === undefined ? 0 : Number(text) + 1), 0)
  if (count > 0 && count <= MAX_LAYERS) return count
  throw new CheckpointError('no-model', `found ${count} layers (L_level.layers.N), wanted 1 to ${MAX_LAYERS}`)
}

function refuseConflicts(config: DenseConfig, shapes: Shapes, given: GivenConfig): void {
  const conflicts: string[] = []
  const compare = (field: string, said: unknown, found: unknown, from: string) => {
    if (said !== undefined && said !== found)
      conflicts.push(`${field} is given as ${said}, ${from} say ${found}`)
  }
  compare('vocab_size', given.vocabSize, shapes.vocabSize, 'the weights')
  compare('hidden_size', given.hiddenSize, shapes.hiddenSize, 'the weights')
  compare('L_layers', given.layers, shapes.layers, 'the weights')
  compare('mlp_t', given.mlpT, shapes.mlpT, 'the weights')
  if (shapes.learned) compare('pos_encodings', given.positions, 'learned', 'the weights (embed_pos)')
  else if (config.positions === 'learned')
    conflicts.push('pos_encodings is learned, but there is no embed_pos')
  if (!config.mlpT && shapes.rope)
    compare('pos_encodings', config.positions, 'rope', 'the weights (rotary_emb)')
  const { prefix, seqLen, hiddenSize, numHeads, leastBoard } = config
  const rows = rowsOf(config)
  if (shapes.rows !== undefined && shapes.rows !== rows)
    conflicts.push(
      `seq_len ${seqLen} + prefix ${prefix} is ${rows}, the weights have ${shapes.rows} rows${fittingPrefix(shapes, seqLen)}`,
    )
  if (leastBoard && leastBoard.rows * leastBoard.columns !== seqLen)
    conflicts.push(
      `least_board is ${leastBoard.rows}x${leastBoard.columns}, but a board has seq_len ${seqLen} cells`,
    )
  if (shapes.puzzleWidth !== undefined && shapes.puzzleWidth > prefix * hiddenSize)
    conflicts.push(
      `a prefix of ${prefix} rows of ${hiddenSize} can't hold the puzzle embedding of ${shapes.puzzleWidth}`,
    )
  if (!config.mlpT && (numHeads === 0 || hiddenSize % numHeads !== 0))
    conflicts.push(`num_heads ${numHeads} does not divide hidden_size ${hiddenSize}`)
  else if (config.positions === 'rope' && (hiddenSize / numHeads) % 2 !== 0)
    conflicts.push(
      `num_heads ${numHeads} leaves an odd head width of ${hiddenSize / numHeads}, which RoPE can't turn`,
    )
  if (config.vocabSize > 256)
    conflicts.push(`vocab_size is ${config.vocabSize}; tokens are bytes, so at most 256`)
  if (conflicts.length > 0) throw new ConfigConflictError(conflicts)
}
