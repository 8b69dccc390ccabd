/** One deep recursion step of a TRM as ONNX nodes, for all graphs: the question, the step, and what is read off it. */
import { fixedLength, rowsOf, type Tensor, type TrmConfig } from '@ptrm/core-wasm'
import { netBuilder } from './blocks.ts'
import { type Graph, type Shape, TYPES } from './graph.ts'
import { type Map1, tensor, transposed, vector, type Weights } from './weights.ts'

/** The name of the axis that stays open. */
export const BATCH = 'batch'

/** Names of the latents' values. */
export interface State {
  readonly zH: string
  readonly zL: string
}

/** Names of what a step is read by: [batch, L, vocab], uint8 [batch, L] and [batch, 2]. */
export interface Heads {
  readonly logits: string
  readonly answer: string
  readonly q: string
}

/** Puts tokens and weights into a graph once; steps are then added to it, or to bodies of it. */
export class Recursion {
  readonly #graph: Graph
  readonly #weights: Weights
  readonly #tokens: string
  readonly #net: Map1

  constructor(graph: Graph, weights: Weights) {
    this.#graph = graph
    this.#weights = weights
    this.#tokens = graph.input('tokens', [BATCH, fixedLength(weights.config)], 'int64')
    this.#net = netBuilder(graph, weights, this.#tokens)
  }

  get latent(): Shape {
    const { config } = this.#weights
    return [BATCH, rowsOf(config), config.hiddenSize]
  }

  /** `sqrt(d) * concat(puzzle_emb, embed_tokens[tokens])`; learned positions are added, and the sum brought back to unit variance. */
  question(): string {
    const graph = this.#graph
    const { config, tensors } = this.#weights
    const d = config.hiddenSize
    const learned = config.positions === 'learned'
    const scale = Math.fround(Math.sqrt(d)) * (learned ? Math.fround(Math.SQRT1_2) : 1)
    const table = graph.constant('embed_tokens', tensor(tensors, 'embed_tokens.embedding_weight'))
    let x = graph.value('Gather', [table, this.#tokens], { axis: 0 })
    if (config.prefix > 0) x = graph.value('Concat', [this.#prefixRows(), x], { axis: 1 })
    if (learned)
      x = graph.value('Add', [x, graph.constant('embed_pos', tensor(tensors, 'embed_pos.embedding_weight'))])
    return graph.value('Mul', [x, graph.constant('embed_scale', vector([scale]))])
  }

  /** The puzzle embedding, padded with zeros to whole rows, `[batch, prefix, d]`. */
  #prefixRows(): string {
    const graph = this.#graph
    const { prefix, hiddenSize: d } = this.#weights.config
    const table = padded(tensor(this.#weights.tensors, 'puzzle_emb.weights'), prefix, d)
    const rows = graph.constant('puzzle_emb', table)
    if (table.shape[0]! > 1) {
      return graph.value('Gather', [rows, graph.input('puzzle_id', [BATCH], 'int64')], { axis: 0 })
    }
    // One for all boards. A shape would be computed on the CPU, so their number is that of the first cells.
    const first = graph.value('Gather', [this.#tokens, graph.scalar(0)], { axis: 1 })
    return graph.value('Gather', [rows, graph.value('Mul', [first, graph.scalar(0)])], { axis: 0 })
  }

  /** H cycles of L cycles, `graph` being the outermost one or a body. */
  step(graph: Graph, x: string, state: State): State {
    const { hCycles, lCycles } = this.#weights.config
    let { zL, zH } = state
    for (let i = 0; i < hCycles; i++) {
      const question = graph.value('Add', [zH, x])
      for (let j = 0; j < lCycles; j++) zL = this.#net(graph, graph.value('Add', [zL, question]))
      zH = this.#net(graph, graph.value('Add', [zH, zL]))
    }
    return { zH, zL }
  }

  /** `logits` from the rows after the prefix, `q` from row 0. */
  heads(graph: Graph, zH: string): Heads {
    const { config, tensors } = this.#weights
    const rows = (from: number, to: number) =>
      graph.value('Slice', [zH, graph.integers([from]), graph.integers([to]), graph.integers([1])])
    const head = (name: string) => this.#graph.constant(name, transposed(tensor(tensors, name)))
    const board = config.prefix > 0 ? rows(config.prefix, rowsOf(config)) : zH
    const logits = graph.value('MatMul', [board, head('lm_head.weight')])
    const first = graph.value('Squeeze', [rows(0, 1), graph.integers([1])])
    const bias = this.#graph.constant('q_head.bias', tensor(tensors, 'q_head.bias'))
    const q = graph.value('Gemm', [first, head('q_head.weight'), bias])
    const answer = (this.#weights.cuda ? firstOfBest : argMax)(graph, logits, config)
    return { logits, q, answer }
  }
}

function argMax(graph: Graph, logits: string, { answerTokens }: TrmConfig): string {
  const best = (values: string) => graph.value('ArgMax', [values], { axis: -1, keepdims: 0 })
  if (answerTokens.length === 0) return graph.value('Cast', [best(logits)], { to: TYPES.uint8 })
  const list = graph.integers(answerTokens)
  const among = graph.value('Gather', [logits, list], { axis: -1 })
  return graph.value('Cast', [graph.value('Gather', [list, best(among)], { axis: 0 })], { to: TYPES.uint8 })
}

/**
 * The same without ArgMax, which wants cuDNN on CUDA: those that equal the greatest value, of these the first, as a product
 * with all tokens. Its numbers are small integers, which products of any precision have exactly.
 */
function firstOfBest(graph: Graph, logits: string, { answerTokens, vocabSize }: TrmConfig): string {
  const all = answerTokens.length === 0
  const tokens = all ? Array.from({ length: vocabSize }, (_, i) => i) : answerTokens
  const count = tokens.length
  const among = all ? logits : graph.value('Gather', [logits, graph.integers(tokens)], { axis: -1 })
  const [greatest] = graph.values('TopK', [among, graph.integers([1])], 2, { axis: -1 })
  const isBest = graph.value('Cast', [graph.value('Equal', [among, greatest!])], { to: TYPES.float32 })
  const earlier = new Float32Array(count * count).map((_, i) => Number(Math.floor(i / count) < i % count))
  const before = graph.value('MatMul', [
    isBest,
    graph.constant('earlier_tokens', { shape: [count, count], data: earlier }),
  ])
  const isLater = graph.value('Greater', [before, graph.constant('half', vector([0.5]))])
  const first = graph.value('Where', [isLater, graph.constant('zero', vector([0])), isBest])
  const token = graph.value('MatMul', [
    first,
    graph.constant('answer_tokens', { shape: [count, 1], data: Float32Array.from(tokens) }),
  ])
  const answer = graph.value('Squeeze', [token, graph.integers([2])])
  return graph.value('Cast', [answer], { to: TYPES.uint8 })
}

function padded({ shape, data }: Tensor, prefix: number, d: number): Tensor {
  const [ids, width] = [shape[0]!, shape[1]!]
  const filled = new Float32Array(ids * prefix * d)
  for (let id = 0; id < ids; id++) filled.set(data.subarray(id * width, (id + 1) * width), id * prefix * d)
  return { shape: [ids, prefix, d], data: filled }
}
