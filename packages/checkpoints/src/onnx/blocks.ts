/** The TRM's net as ONNX nodes, over `[batch, T, d]`: reads like the kernel's oracle. */
import { knowsRooms, rowsOf, type Tensor } from '@ptrm/core-wasm'
import type { Graph } from './graph.ts'
import { roomMixes } from './rooms.ts'
import {
  halvedBy,
  type Map1,
  narrowed,
  restored,
  rows,
  scaled,
  tensor,
  transposed,
  vector,
  type Weights,
  widened,
} from './weights.ts'

/**
 * Puts the weights in once; every call of the returned `net` adds one net call to the graph given. `tokens`: the boards,
 * [batch, L], for a mix that depends on them.
 *
 * Equal graphs tried with onnxruntime-web 1.30 on both sizes of the benchmark (AMD EPYC, Node 24), none faster:
 * - the token mix as `h @ W^T` between two transposes, its weights packed once: 3-6 % slower
 * - gate and up as one MatMul and a Split, onnxruntime's fused SkipSimplifiedLayerNormalization or QuickGelu,
 *   weights not prepacked: no difference beyond the noise
 */
export function netBuilder(outer: Graph, weights: Weights, tokens: string): Map1 {
  const { config } = weights
  const firstHalf = mixed(outer, weights, tokens)
  const overChannels = rmsOfRows(outer, config.hiddenSize, weights)
  const blocks = Array.from({ length: config.layers }, (_, layer) => {
    const at = `L_level.layers.${layer}`
    return { first: firstHalf(at), channels: swiglu(outer, `${at}.mlp`, 'right', weights) }
  })
  return (graph, input) => {
    let h = input
    for (const { first, channels } of blocks) {
      h = first(graph, h)
      h = overChannels(graph, h, channels(graph, h))
    }
    return h
  }
}

/** The first half of each layer, mix and norm, by the layer's name in the file. */
function mixed(outer: Graph, weights: Weights, tokens: string): (at: string) => Map1 {
  const { config, cuda } = weights
  const count = rowsOf(config)
  if (cuda && config.mlpT && !knowsRooms(config.tie))
    return (at) => mixedTurned(outer, `${at}.mlp_t`, weights)
  const norm = config.mlpT
    ? rmsOfColumns(outer, count, config.rmsEps)
    : rmsOfRows(outer, config.hiddenSize, weights)
  const mixOf = mixes(outer, weights, tokens)
  return (at) => {
    const mix = mixOf(at)
    return (graph, h) => norm(graph, h, mix(graph, h))
  }
}

/**
 * The mix of rows and its norm on `[batch, d, T]`, for CUDA: with weights on the right onnxruntime makes one large product,
 * with weights on the left one a board, by pointers that it copies to the device each time; and the norm is one node.
 */
function mixedTurned(outer: Graph, name: string, weights: Weights): Map1 {
  const mix = swiglu(outer, name, 'right', weights)
  const norm = rmsOfRows(outer, rowsOf(weights.config), weights)
  const turned = (graph: Graph, h: string) => graph.value('Transpose', [h], { perm: [0, 2, 1] })
  return (graph, input) => {
    const h = turned(graph, input)
    return turned(graph, norm(graph, h, mix(graph, h)))
  }
}

/** What each layer's rows take from one another, by the layer's name in the file. */
function mixes(outer: Graph, weights: Weights, tokens: string): (at: string) => Map1 {
  const { tie, mlpT } = weights.config
  if (knowsRooms(tie)) return roomMixes(outer, weights, tokens)
  return (at) => (mlpT ? swiglu(outer, `${at}.mlp_t`, 'left', weights) : attention(outer, at, weights))
}

/** `up`, and with it its product with the gate and what comes of that, is halved so often in half precision. */
const HALVINGS = 6

/**
 * `down(silu(gate) * up)`; weights on the left mix rows, as `W @ h`, on the right channels, as `h @ W^T`. In half precision
 * the result is scaled down on the way, exactly, as it exceeds f16's 65,504 in the first steps of bundled models.
 */
function swiglu(outer: Graph, name: string, side: 'left' | 'right', weights: Weights): Map1 {
  const { precision, cuda } = weights
  const put = (part: string, weight: Tensor) =>
    outer.constant(`${name}.${part}`, side === 'left' ? weight : transposed(weight), precision)
  const gateUp = tensor(weights.tensors, `${name}.gate_up_proj.weight`)
  const inner = gateUp.shape[0]! / 2
  const halved = halvedBy(HALVINGS, precision)
  const gate = put('gate', rows(gateUp, 0, inner))
  const up = put('up', scaled(rows(gateUp, inner, 2 * inner), 1 / halved))
  const down = put('down', tensor(weights.tensors, `${name}.down_proj.weight`))
  return (graph, input) => {
    const linear = (weight: string, h: string) =>
      graph.value('MatMul', side === 'left' ? [weight, h] : [h, weight])
    const h = narrowed(graph, input, precision)
    const gated = (cuda ? siluInOne : silu)(graph, linear(gate, h))
    const product = linear(down, graph.value('Mul', [gated, linear(up, h)]))
    return restored(outer, graph, product, halved, precision)
  }
}

function silu(graph: Graph, h: string): string {
  return graph.value('Mul', [h, graph.value('Sigmoid', [h])])
}

/** By onnxruntime's own operator. */
function siluInOne(graph: Graph, h: string): string {
  return graph.value('com.microsoft.QuickGelu', [h], { alpha: { float: 1 } })
}

/** `o_proj(attention(qkv_proj(h)))`, all rows seeing all rows. */
function attention(outer: Graph, at: string, weights: Weights): Map1 {
  const { config, tensors, precision } = weights
  const { hiddenSize: d, numHeads: heads } = config
  const width = d / heads
  const name = `${at}.self_attn`
  const qkv = tensor(tensors, `${name}.qkv_proj.weight`)
  const put = (part: string, weight: Tensor) =>
    outer.constant(`${name}.${part}`, transposed(weight), precision)
  const [q, k, v] = ['q', 'k', 'v'].map((part, i) => put(part, rows(qkv, i * d, (i + 1) * d)))
  const out = put('o', tensor(tensors, `${name}.o_proj.weight`))
  const scale = outer.constant('scale', vector([1 / Math.sqrt(width)]), precision)
  const turn = config.positions === 'rope' ? rope(outer, width, weights) : (_: Graph, h: string) => h
  const [apart, together] = [
    outer.integers([0, rowsOf(config), heads, width]),
    outer.integers([0, rowsOf(config), d]),
  ]
  return (graph, input) => {
    const h = narrowed(graph, input, precision)
    // [batch, heads, T, width]
    const split = (weight: string) => {
      const parts = graph.value('Reshape', [graph.value('MatMul', [h, weight]), apart])
      return graph.value('Transpose', [parts], { perm: [0, 2, 1, 3] })
    }
    const [queries, keys, values] = [turn(graph, split(q!)), turn(graph, split(k!)), split(v!)]
    const columns = graph.value('Transpose', [keys], { perm: [0, 1, 3, 2] })
    const scores = graph.value('Mul', [graph.value('MatMul', [queries, columns]), scale])
    const mixed = graph.value('MatMul', [graph.value('Softmax', [scores], { axis: -1 }), values])
    const joined = graph.value('Reshape', [
      graph.value('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
      together,
    ])
    return widened(graph, graph.value('MatMul', [joined, out]), precision)
  }
}

/** Rotary positions, rotate-half form: channel i turns with channel i + width/2 by `row / theta^(2i/width)`. */
function rope(outer: Graph, width: number, { config, precision }: Weights): Map1 {
  const [count, half] = [rowsOf(config), width / 2]
  const table = (of: (angle: number) => number): Tensor => ({
    shape: [count, width],
    data: Float32Array.from({ length: count * width }, (_, i) => {
      const [row, channel] = [Math.floor(i / width), i % half]
      return of(Math.fround(row / Math.fround(config.ropeTheta ** ((2 * channel) / width))))
    }),
  })
  const cos = outer.constant('rope_cos', table(Math.cos), precision)
  const sin = outer.constant('rope_sin', table(Math.sin), precision)
  const [start, middle, end, axis] = [0, half, width, 3].map((value) => outer.integers([value]))
  return (graph, h) => {
    const first = graph.value('Slice', [h, start!, middle!, axis!])
    const second = graph.value('Slice', [h, middle!, end!, axis!])
    const turned = graph.value('Concat', [graph.value('Neg', [second]), first], { axis: -1 })
    return graph.value('Add', [graph.value('Mul', [h, cos]), graph.value('Mul', [turned, sin])])
  }
}

/** `h / sqrt(mean(h^2) + eps)` of a sum h. */
type NormOfSum = (graph: Graph, a: string, b: string) => string

/** The mean taken over the last axis; for CUDA by onnxruntime's fused operator, sum and all. */
function rmsOfRows(outer: Graph, width: number, { config: { rmsEps }, cuda }: Weights): NormOfSum {
  if (cuda) {
    const gamma = outer.constant(`gamma_${width}`, { shape: [width], data: new Float32Array(width).fill(1) })
    const epsilon = { float: rmsEps }
    return (graph, a, b) =>
      graph.value('com.microsoft.SkipSimplifiedLayerNormalization', [a, b, gamma], { epsilon })
  }
  const axes = outer.integers([2])
  return (graph, a, b) => {
    const h = graph.value('Add', [a, b])
    return divided(outer, graph, h, graph.value('ReduceMean', [squared(graph, h), axes]), rmsEps)
  }
}

/**
 * The same with the mean over the T rows, as a product with a row of 1/T: onnxruntime sums ReduceMean over this axis in
 * another order for one board than for several, and a rollout must not depend on what runs beside it.
 */
function rmsOfColumns(outer: Graph, rowCount: number, eps: number): NormOfSum {
  const mean = outer.constant('mean_of_rows', {
    shape: [1, rowCount],
    data: new Float32Array(rowCount).fill(1 / rowCount),
  })
  return (graph, a, b) => {
    const h = graph.value('Add', [a, b])
    return divided(outer, graph, h, graph.value('MatMul', [mean, squared(graph, h)]), eps)
  }
}

function squared(graph: Graph, h: string): string {
  return graph.value('Mul', [h, h])
}

function divided(outer: Graph, graph: Graph, h: string, mean: string, eps: number): string {
  const epsilon = outer.constant('eps', vector([eps]))
  return graph.value('Div', [h, graph.value('Sqrt', [graph.value('Add', [mean, epsilon])])])
}
