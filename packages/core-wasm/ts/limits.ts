/**
 * What a model may ask for: bounds on its sizes, its weights and its work, so that a file that was made to harm is
 * refused by name where it is loaded. A step can't be interrupted, so that the work of one step is bounded above all.
 */
import type { TrmConfig } from './config.ts'
import { innerWidths, rowsOf, type Sizes, stepCost } from './cost.ts'
import { ModelFormatError } from './errors.ts'
import { PUZZLE_EMBEDDING } from './tensor-list.ts'
import { checkTie, DIGITS } from './tie.ts'

/** Channels that the kernel computes at a time: narrower matrices, and heads, are filled up and cost as much as these. */
const LANES = 8
/** What one weight of a softmax takes, beside the products: in operations of these. */
const SOFTMAX_FLOPS = 30

/** Numbers within which f32 does all that is done with them, and has neither 0 nor infinity. */
const FLOATS = { rmsEps: 'rms_norm_eps', ropeTheta: 'rope_theta' } as const
const [LEAST_FLOAT, MOST_FLOAT] = [1e-30, 1e30] as const

/** Each field's own bound. */
const FIELDS = {
  vocabSize: 256,
  seqLen: 16_384,
  prefix: 1_024,
  hiddenSize: 8_192,
  layers: 64,
  hCycles: 1_000,
  lCycles: 1_000,
} as const

/** Calls of layers in one step; the official TRMs have 30 and 42. Each is some thirty nodes of an ONNX graph. */
export const MOST_LAYER_CALLS = 1000
/** Calls of layers in a whole rollout as the model recommends it: 16 steps of an official TRM are 672. */
export const MOST_ROLLOUT_CALLS = 1_000_000
/** Operations of one step: half a minute of one core; the official TRM for 30x30 grids has 0.25e12. */
export const MOST_FLOPS = 1e12
/** Weights of layers and heads, of 4 bytes each: the kernel holds them twice, and has 4 GiB. */
export const MOST_WEIGHTS: number = 2 ** 28
/** Numbers in the embedding of puzzles, which for the official ARC model has a row for each of 876,406. */
export const MOST_PUZZLE_WEIGHTS: number = 2 ** 29
/** Numbers in one activation: the kernel holds a dozen of them. */
export const MOST_ACTIVATION: number = 2 ** 25

/** Cells of a board, for models that take any: no kind has as many. */
export const MOST_CELLS: number = FIELDS.seqLen

/** Steps of a rollout where the model recommends none. */
const USUAL_STEPS = 16

/** Throws `ModelFormatError` (`config`) for a field out of bounds. */
export function checkConfig(config: TrmConfig): void {
  for (const [field, most] of Object.entries(FIELDS) as [keyof typeof FIELDS, number][]) {
    const value = config[field]
    if (field === 'seqLen' && value === undefined && config.tie?.name === 'board') continue
    const least = field === 'prefix' ? 0 : 1
    if (value === undefined || !Number.isInteger(value) || value < least || value > most) {
      const message = `config field ${field}: found ${value}, wanted an integer from ${least} to ${most}`
      throw new ModelFormatError('config', message, { tensor: field })
    }
  }
  for (const [field, name] of Object.entries(FLOATS) as [keyof typeof FLOATS, string][]) {
    const value = config[field]
    if (value >= LEAST_FLOAT && value <= MOST_FLOAT) continue
    const message = `config field ${name}: found ${value}, wanted a number from ${LEAST_FLOAT} to ${MOST_FLOAT}`
    throw new ModelFormatError('config', message, { tensor: name })
  }
  checkTie(config)
  checkHeads(config)
  checkLeastBoard(config)
  checkAnswers(config)
}

/** Each of them is looked at for every cell after every step. */
function checkAnswers({ answerTokens, vocabSize }: TrmConfig): void {
  const badToken = answerTokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabSize)
  const wrong =
    badToken !== undefined
      ? `${badToken} is outside the vocabulary of ${vocabSize}`
      : answerTokens.length > vocabSize && `found ${answerTokens.length}, the vocabulary has ${vocabSize}`
  if (wrong)
    throw new ModelFormatError('config', `config field answerTokens: ${wrong}`, { tensor: 'answerTokens' })
}

/** A model with attention has heads of equal, whole widths; RoPE turns channels two by two. */
function checkHeads({ mlpT, numHeads, hiddenSize, positions }: TrmConfig): void {
  if (mlpT) return
  const width = hiddenSize / numHeads
  const isWhole = Number.isInteger(width) && width > 0
  if (isWhole && (positions !== 'rope' || width % 2 === 0)) return
  const wanted = isWhole ? 'must leave an even head width for RoPE' : 'must divide hidden_size'
  const message = `config field num_heads ${wanted}: found ${numHeads}, of ${hiddenSize}`
  throw new ModelFormatError('config', message, { tensor: 'num_heads' })
}

function checkLeastBoard({ leastBoard, seqLen }: TrmConfig): void {
  if (!leastBoard) return
  const { rows, columns } = leastBoard
  const cells = rows * columns
  if (cells <= MOST_CELLS && (seqLen === undefined || cells === seqLen)) return
  const wanted = seqLen === undefined ? `at most ${MOST_CELLS} cells` : `the ${seqLen} cells of seq_len`
  const message = `config field least_board: found ${rows}x${columns}, wanted ${wanted}`
  throw new ModelFormatError('config', message, { tensor: 'least_board' })
}

/**
 * Bounds the work and the memory of a network whose config and shapes are checked. Throws `ModelFormatError`
 * (`too-large`) with the numbers; a model of boards of any size is judged by the largest. `steps`: of a rollout, as the model recommends them.
 */
export function checkLimits({ config, tensors }: Sizes, steps: number = USUAL_STEPS): void {
  const { layers, hCycles, lCycles } = config
  const calls = layers * hCycles * (lCycles + 1)
  const product = `${layers} layers x ${hCycles} H_cycles x (${lCycles} L_cycles + 1)`
  atMost(MOST_LAYER_CALLS, calls, `a step takes ${product} = ${calls} calls of layers`)
  const all = calls * steps
  atMost(MOST_ROLLOUT_CALLS, all, `a rollout takes ${product} x ${steps} steps = ${all} calls of layers`)
  const flops = stepWork({ config, tensors }, largestBoard(config))
  atMost(MOST_FLOPS, flops, `a step takes ${flops.toExponential(1)} operations`)
  let [weights, held] = [0, 4 * layers * filled(config.hiddenSize) * extraHeads(config)]
  for (const [name, { shape }] of tensors) {
    if (name === PUZZLE_EMBEDDING) continue
    weights += elements(shape)
    held += elements(shape.length === 2 ? shape.map(filled) : shape)
  }
  atMost(MOST_WEIGHTS, weights, `its layers have ${weights} weights`)
  atMost(MOST_WEIGHTS, held, `its layers take the room of ${held} weights`)
  const puzzles = elements(tensors.get(PUZZLE_EMBEDDING)?.shape ?? [0])
  atMost(MOST_PUZZLE_WEIGHTS, puzzles, `its puzzle embedding has ${puzzles} weights`)
  const activation = largestActivation({ config, tensors })
  atMost(MOST_ACTIVATION, activation, `an activation has ${activation} numbers`)
}

/** Operations of a step as the kernel makes them, with those that fill channels and heads up, and with the softmax. */
function stepWork({ config, tensors }: Sizes, cells: number): number {
  const { layers, mlpT, numHeads } = config
  const d = filled(config.hiddenSize)
  const { netCalls, flops } = stepCost({ config: { ...config, hiddenSize: d }, tensors }, cells)
  const rows = rowsOf(config, cells)
  const { channel } = innerWidths({ config, tensors })
  const channels = 6 * rows * d * (filled(channel) - channel)
  const products = (8 * rows * d + 4 * rows * rows) * extraHeads(config)
  const softmax = mlpT ? 0 : SOFTMAX_FLOPS * numHeads * rows * rows
  return flops + netCalls * layers * (channels + products + softmax)
}

function filled(width: number): number {
  return Math.ceil(width / LANES) * LANES
}

/** Channels that attention has beyond those of the latent, as each head is filled up. */
function extraHeads({ mlpT, numHeads, hiddenSize }: TrmConfig): number {
  return mlpT ? 0 : numHeads * filled(hiddenSize / numHeads) - filled(hiddenSize)
}

/** Numbers in the largest matrix that a step makes. */
function largestActivation({ config, tensors }: Sizes): number {
  const { vocabSize, mlpT, tie } = config
  const d = filled(config.hiddenSize)
  const rows = rowsOf(config, largestBoard(config))
  const { token, channel } = innerWidths({ config, tensors })
  if (tie) {
    const inner = tie.name === 'units' ? DIGITS * tie.planeInner + tie.sharedInner : channel
    // A board's rows are mixed one at a time, and a board may be one row.
    const ofRow = tie.name === 'board' ? LANES * tie.types : 0
    return rows * Math.max(d, inner, vocabSize, ofRow)
  }
  const attention = Math.max(rows, 3 * (d + extraHeads(config)))
  return Math.max(rows * d, rows * channel, rows * vocabSize, mlpT ? token * d : attention * rows)
}

/** Its cells. */
function largestBoard({ seqLen = MOST_CELLS }: TrmConfig): number {
  return seqLen
}

function atMost(most: number, found: number, what: string): void {
  if (found <= most) return
  const limit = most >= 1e9 ? most.toExponential() : String(most)
  throw new ModelFormatError('too-large', `${what}; this build runs models of at most ${limit}`, {
    wanted: [most],
    found: [found],
  })
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
