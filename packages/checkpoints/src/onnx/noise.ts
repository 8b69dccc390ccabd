/**
 * The kernel's noise as ONNX nodes, to the bit: docs/decisions/0023-noise.md. Integers are int64, whose products and sums
 * wrap as the formula's do; there are no bit operations, which onnxruntime has on no GPU. Floats are added, multiplied
 * and rooted by nodes of their own, so nothing fuses them.
 */
import type { Tensor } from '@ptrm/core-wasm'
import { encodeModel, Graph, OPSET, TYPES } from './graph.ts'

/** What a batch of latents needs to get its noise; names of values in the graph. */
export interface NoiseInputs {
  /** Of a latent, [T, d]. */
  readonly shape: readonly [rows: number, width: number]
  /** int64 [batch], or [steps, batch]: what `Kernel.noiseKey` gives, as signed integers. */
  readonly keys: string
  /** float32, as many; where it is 0, so is the noise. */
  readonly sigmas: string
  /** How many axes these two have. */
  readonly axes: 1 | 2
}

const BLOCK = 8
const LOG = [
  -2, 0.9999998, -0.66667897, 0.5000357, -0.39924312, 0.33140096, -0.2983364, 0.28619328, -0.17480017,
]
const SINE = [6.2831855, -41.341763, 81.60823, -76.71625, 40.77501]
const SQRT_HALF = Math.fround(Math.SQRT1_2)

/** Adds N(0, sigma^2) noise to the graph, `[batch, T, d]` or `[steps, batch, T, d]`, and returns its name. No node of it asks for a shape. */
export function noiseOf(graph: Graph, { shape: [rows, width], keys, sigmas, axes }: NoiseInputs): string {
  const nodes = new Nodes(graph)
  const size = rows * width
  const count = BLOCK * Math.ceil(size / BLOCK)
  const counters = graph.table(
    `counters_${count}`,
    [count],
    BigInt64Array.from({ length: count }, (_, i) => BigInt(i)),
  )
  const shaped = (of: string, ...shape: readonly number[]) =>
    graph.value('Reshape', [of, graph.integers([...Array.from({ length: axes }, () => 0), ...shape])])
  const sums = squares(nodes, graph.value('Unsqueeze', [keys, graph.integers([axes])]), counters)
  const inBlocks = shaped(sums, count / BLOCK, BLOCK)
  const half = (from: number) => nodes.slice(inBlocks, from, from + BLOCK / 2, axes + 1)
  let values = graph.value('Concat', pairs(nodes, half(0), half(BLOCK / 2)), { axis: axes + 1 })
  if (count > size) values = nodes.slice(shaped(values, count), 0, size, axes)
  const scale = graph.value('Unsqueeze', [sigmas, graph.integers([axes, axes + 1])])
  return nodes.mul(scale, shaped(values, rows, width))
}

/**
 * A graph of the noise alone, for checks of a provider: `keys` int64 [batch] and `sigmas` [batch] to `noise`
 * [batch, T, d].
 */
export function exportNoise(shape: NoiseInputs['shape']): Uint8Array {
  const graph = new Graph('noise')
  const keys = graph.input('keys', ['batch'], 'int64')
  const sigmas = graph.input('sigmas', ['batch'])
  graph.value('Identity', [noiseOf(graph, { shape, keys, sigmas, axes: 1 })], {}, 'noise')
  graph.output('noise', ['batch', ...shape])
  return encodeModel(graph, OPSET)
}

/** Squares' four rounds; the words are the upper halves of what is returned. */
function squares(nodes: Nodes, key: string, counters: string): string {
  const y = nodes.mul(key, counters)
  const z = nodes.add(y, key)
  const round = (x: string, add: string) => nodes.add(nodes.mul(x, x), add)
  let x = y
  for (const add of [y, z, y]) x = nodes.swapped(round(x, add))
  return round(x, z)
}

/** Sines and cosines of four angles a block, times their radii. */
function pairs(nodes: Nodes, radiusSums: string, angleSums: string): [sines: string, cosines: string] {
  const words = nodes.unsigned(nodes.upper(radiusSums))
  const n = nodes.graph.value('Div', [words, nodes.graph.scalar(2)])
  const spare = nodes.graph.value('Sub', [words, nodes.mul(n, nodes.graph.scalar(2))])
  const sign = nodes.sub(nodes.number(1), nodes.mul(nodes.toFloat(spare), nodes.number(2)))
  const r = radius(nodes, n)
  const v = nodes.mul(nodes.toFloat(nodes.upper(angleSums)), nodes.number(2 ** -33))
  const cosine = sine(nodes, nodes.sub(nodes.number(0.25), nodes.graph.value('Abs', [v])))
  return [nodes.mul(r, sine(nodes, v)), nodes.mul(r, nodes.mul(cosine, sign))]
}

/** `sqrt(-2 ln u)`, u = (n + 1/2) / 2^31 = m * 2^e with m in [sqrt(1/2), sqrt(2)). */
function radius(nodes: Nodes, n: string): string {
  let m = nodes.mul(nodes.add(nodes.toFloat(n), nodes.number(0.5)), nodes.number(2 ** -31))
  let e = nodes.number(0)
  // By halving: what is smaller than sqrt(2) / 2^k has k places to go. Powers of two change no other bit.
  for (const places of [32, 16, 8, 4, 2, 1]) {
    const small = nodes.graph.value('Less', [m, nodes.number((2 * SQRT_HALF) / 2 ** places)])
    m = nodes.graph.value('Where', [small, nodes.mul(m, nodes.number(2 ** places)), m])
    e = nodes.graph.value('Where', [small, nodes.sub(e, nodes.number(places)), e])
  }
  const x = nodes.sub(m, nodes.number(1))
  const sum = nodes.add(nodes.mul(e, nodes.number(-2 * Math.LN2)), nodes.mul(x, logPolynomial(nodes, x)))
  return nodes.graph.value('Sqrt', [sum])
}

/** The order of operations is the kernel's. */
function logPolynomial(nodes: Nodes, x: string): string {
  const x2 = nodes.mul(x, x)
  const x4 = nodes.mul(x2, x2)
  const line = (at: number) => nodes.add(nodes.mul(nodes.number(LOG[at + 1]!), x), nodes.number(LOG[at]!))
  const cubic = (at: number) => nodes.add(line(at), nodes.mul(line(at + 2), x2))
  const high = nodes.add(cubic(4), nodes.mul(nodes.number(LOG[8]!), x4))
  return nodes.add(cubic(0), nodes.mul(high, x4))
}

/** `sin(2 pi v)` */
function sine(nodes: Nodes, v: string): string {
  const x = nodes.mul(v, v)
  const x2 = nodes.mul(x, x)
  const line = (at: number) => nodes.add(nodes.mul(nodes.number(SINE[at + 1]!), x), nodes.number(SINE[at]!))
  const high = nodes.add(line(2), nodes.mul(nodes.number(SINE[4]!), x2))
  return nodes.mul(v, nodes.add(line(0), nodes.mul(high, x2)))
}

/** Arithmetic by name. */
class Nodes {
  readonly graph: Graph
  readonly #two32: string

  constructor(graph: Graph) {
    this.graph = graph
    this.#two32 = graph.scalar(2 ** 32)
  }

  add(a: string, b: string): string {
    return this.graph.value('Add', [a, b])
  }

  sub(a: string, b: string): string {
    return this.graph.value('Sub', [a, b])
  }

  mul(a: string, b: string): string {
    return this.graph.value('Mul', [a, b])
  }

  /** A float32 constant. */
  number(value: number): string {
    const tensor: Tensor = { shape: [1], data: Float32Array.of(value) }
    return this.graph.constant(`number_${Math.fround(value)}`, tensor)
  }

  toFloat(integers: string): string {
    return this.graph.value('Cast', [integers], { to: TYPES.float32 })
  }

  slice(values: string, from: number, to: number, axis: number): string {
    return this.graph.value('Slice', [values, ...[from, to, axis].map((at) => this.graph.integers([at]))])
  }

  /** Integers modulo 2^32, from 0. */
  unsigned(integers: string): string {
    const narrow = this.graph.value('Cast', [integers], { to: TYPES.uint32 })
    return this.graph.value('Cast', [narrow], { to: TYPES.int64 })
  }

  /** The upper half of 64 bits, as a signed integer; without the lower half the quotient is exact. */
  upper(integers: string): string {
    return this.graph.value('Div', [this.sub(integers, this.unsigned(integers)), this.#two32])
  }

  /** 64 bits with their halves swapped. */
  swapped(integers: string): string {
    const low = this.unsigned(integers)
    const high = this.graph.value('Div', [this.sub(integers, low), this.#two32])
    return this.add(this.mul(low, this.#two32), this.unsigned(high))
  }
}
