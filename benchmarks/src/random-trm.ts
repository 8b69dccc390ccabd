/** Random MLP TRMs of any size: a config, seeded weights of a sane scale and a board; and a board as a net reads it. */
import type { DenseConfig, Tensor, Tensors } from '@ptrm/core-wasm'

export interface TrmSizes {
  readonly seqLen: number
  readonly prefix: number
  readonly vocabSize: number
  readonly hiddenSize: number
  /** Inner width of the SwiGLU over the sequence. */
  readonly tokenInner: number
  /** Inner width of the SwiGLU over channels. */
  readonly channelInner: number
  readonly layers: number
  readonly hCycles: number
  readonly lCycles: number
}

/** The sizes of the bundled Sudoku model, written out dense. */
export const BUNDLED: TrmSizes = {
  seqLen: 81,
  prefix: 1,
  vocabSize: 10,
  hiddenSize: 128,
  tokenInner: 256,
  channelInner: 384,
  layers: 2,
  hCycles: 1,
  lCycles: 3,
}

/** The sizes of the official Sudoku model; inner widths are ceil256(round(4 * n * 2 / 3)), n = 97 and 512. */
export const OFFICIAL: TrmSizes = {
  seqLen: 81,
  prefix: 16,
  vocabSize: 11,
  hiddenSize: 512,
  tokenInner: 512,
  channelInner: 1536,
  layers: 2,
  hCycles: 3,
  lCycles: 6,
}

export interface RandomTrm {
  readonly sizes: TrmSizes
  readonly config: DenseConfig
  readonly tensors: Tensors
  /** A board, shape [L]. */
  readonly tokens: Uint8Array
}

/** The same sizes and seed give the same model on every machine. */
export function randomTrm(sizes: TrmSizes, seed: number): RandomTrm {
  const { seqLen, vocabSize } = sizes
  const random = mulberry32(seed)
  const tensors = new Map(
    Object.entries(tensorShapes(sizes)).map(([name, [shape, fanIn]]) => [
      name,
      randomTensor(shape, fanIn, random),
    ]),
  )
  const tokens = Uint8Array.from({ length: seqLen }, () => Math.floor(random() * vocabSize))
  return { sizes, config: trmConfig(sizes), tensors, tokens }
}

/** The embedded question, `sqrt(d) * concat(puzzle_emb, embed_tokens[tokens])`, row-major [T, d]. */
export function embedTokens(
  { config, tensors }: Pick<RandomTrm, 'config' | 'tensors'>,
  tokens: Uint8Array,
): Float32Array {
  const { hiddenSize: d, prefix } = config
  const x = new Float32Array((prefix + tokens.length) * d)
  if (prefix > 0) x.set(tensors.get('puzzle_emb.weights')!.data)
  const table = tensors.get('embed_tokens.embedding_weight')!.data
  tokens.forEach((token, cell) => {
    x.set(table.subarray(token * d, (token + 1) * d), (prefix + cell) * d)
  })
  return x.map((value) => Math.fround(Math.sqrt(d)) * value)
}

function trmConfig({ tokenInner: _, channelInner: __, ...sizes }: TrmSizes): DenseConfig {
  const positions = 'none'
  return { ...sizes, positions, numHeads: 1, mlpT: true, rmsEps: 1e-5, ropeTheta: 10_000, answerTokens: [] }
}

/** Shape and fan-in of every tensor of an MLP TRM. */
function tensorShapes(sizes: TrmSizes): Record<string, [shape: number[], fanIn: number]> {
  const { hiddenSize: d, vocabSize: vocab, prefix, layers } = sizes
  const rows = prefix + sizes.seqLen
  const shapes: Record<string, [number[], number]> = {
    'embed_tokens.embedding_weight': [[vocab, d], d],
    H_init: [[d], 1],
    L_init: [[d], 1],
    'lm_head.weight': [[vocab, d], d],
    'q_head.weight': [[2, d], d],
    'q_head.bias': [[2], 1],
  }
  if (prefix > 0) shapes['puzzle_emb.weights'] = [[1, prefix * d], d]
  for (let layer = 0; layer < layers; layer++) {
    const at = `L_level.layers.${layer}`
    Object.assign(shapes, swigluShapes(`${at}.mlp_t`, rows, sizes.tokenInner))
    Object.assign(shapes, swigluShapes(`${at}.mlp`, d, sizes.channelInner))
  }
  return shapes
}

function swigluShapes(name: string, width: number, inner: number): Record<string, [number[], number]> {
  return {
    [`${name}.gate_up_proj.weight`]: [[2 * inner, width], width],
    [`${name}.down_proj.weight`]: [[width, inner], inner],
  }
}

/** Uniform values of variance 1 / fanIn. */
function randomTensor(shape: number[], fanIn: number, random: () => number): Tensor {
  const bound = Math.sqrt(3 / fanIn)
  const count = shape.reduce((product, size) => product * size, 1)
  return { shape, data: Float32Array.from({ length: count }, () => (2 * random() - 1) * bound) }
}

/** Tommy Ettinger's mulberry32: a 32-bit seed to uniform values in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
