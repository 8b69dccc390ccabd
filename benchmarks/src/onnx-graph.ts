/** An MLP TRM's deep recursion step as an ONNX graph, laid out to run fast in onnxruntime: the peer of our kernel. */

import { encodeModel, Graph } from '@ptrm/checkpoints'
import type { Tensor } from '@ptrm/core-wasm'
import type { DenseTrm } from './subjects.ts'

/**
 * Inputs `x`, `z_H`, `z_L`, `noise` [T, d] (the noise is added to z_L); outputs `z_H_out`, `z_L_out` [T, d],
 * `logits` [L, vocab], `q` [1, 2].
 *
 * Equal graphs tried with onnxruntime-web 1.30 on both sizes of the benchmark (AMD EPYC, Node 24), none faster:
 * - the token mix as `h @ W^T` between two transposes, its weights packed once: 3-6 % slower
 * - the cycles as ONNX Loops: 2-4 % slower
 * - gate and up as one MatMul and a Split, onnxruntime's fused SkipSimplifiedLayerNormalization or QuickGelu,
 *   weights not prepacked: no difference beyond the noise
 */
export function stepGraph(trm: DenseTrm): Uint8Array {
  const { hCycles, lCycles, seqLen, vocabSize, hiddenSize, prefix } = trm.config
  const graph = new Graph('deep recursion step')
  const shape = [prefix + seqLen, hiddenSize]
  const [x, zH0, zL0, noise] = ['x', 'z_H', 'z_L', 'noise'].map((name) => graph.input(name, shape))
  const net = netBuilder(graph, trm)
  let zL = graph.value('Add', [zL0!, noise!])
  let zH = zH0!
  for (let i = 0; i < hCycles; i++) {
    const question = graph.value('Add', [zH, x!])
    for (let j = 0; j < lCycles; j++) zL = net(graph.value('Add', [zL, question]))
    zH = net(graph.value('Add', [zH, zL]))
  }
  graph.value('Identity', [zH], {}, 'z_H_out')
  graph.value('Identity', [zL], {}, 'z_L_out')
  addHeads(graph, zH, trm)
  graph.output('z_H_out', shape)
  graph.output('z_L_out', shape)
  graph.output('logits', [seqLen, vocabSize])
  graph.output('q', [1, 2])
  return encodeModel(graph, 18)
}

/** Puts the weights in once; every use of the returned `net` adds one net call. */
function netBuilder(graph: Graph, { config, tensors }: DenseTrm): (h: string) => string {
  const blocks = Array.from({ length: config.layers }, (_, layer) => {
    const at = `L_level.layers.${layer}`
    return {
      mixTokens: swigluBuilder(graph, `${at}.mlp_t`, 'left', tensors),
      mixChannels: swigluBuilder(graph, `${at}.mlp`, 'right', tensors),
    }
  })
  const overRows = rmsBuilder(graph, 0, config.rmsEps)
  const overChannels = rmsBuilder(graph, 1, config.rmsEps)
  return (input) => {
    let h = input
    for (const { mixTokens, mixChannels } of blocks) {
      h = overRows(graph.value('Add', [h, mixTokens(h)]))
      h = overChannels(graph.value('Add', [h, mixChannels(h)]))
    }
    return h
  }
}

/** `down(silu(gate) * up)`; weights on the left mix rows, as `W @ h`, on the right channels, as `h @ W^T`. */
function swigluBuilder(
  graph: Graph,
  name: string,
  side: 'left' | 'right',
  tensors: DenseTrm['tensors'],
): (h: string) => string {
  const put = (part: string, weight: Tensor) =>
    graph.constant(`${name}.${part}`, side === 'left' ? weight : transpose(weight))
  const gateUp = tensors.get(`${name}.gate_up_proj.weight`)!
  const inner = gateUp.shape[0]! / 2
  const gate = put('gate', sliceRows(gateUp, 0, inner))
  const up = put('up', sliceRows(gateUp, inner, 2 * inner))
  const down = put('down', tensors.get(`${name}.down_proj.weight`)!)
  const linear = (weight: string, h: string) =>
    graph.value('MatMul', side === 'left' ? [weight, h] : [h, weight])
  return (h) => {
    const gated = linear(gate, h)
    const silu = graph.value('Mul', [gated, graph.value('Sigmoid', [gated])])
    return linear(down, graph.value('Mul', [silu, linear(up, h)]))
  }
}

/** `h / sqrt(mean(h^2) + eps)`, the mean taken over `axis`. */
function rmsBuilder(graph: Graph, axis: 0 | 1, eps: number): (h: string) => string {
  const axes = graph.integers([axis])
  const epsilon = graph.constant(`eps_${axis}`, { shape: [1], data: Float32Array.of(eps) })
  return (h) => {
    const mean = graph.value('ReduceMean', [graph.value('Mul', [h, h]), axes])
    return graph.value('Div', [h, graph.value('Sqrt', [graph.value('Add', [mean, epsilon])])])
  }
}

/** `logits` from the rows after the prefix, `q` from row 0. */
function addHeads(graph: Graph, zH: string, { config, tensors }: DenseTrm): void {
  const rows = (from: number, to: number) =>
    graph.value('Slice', [zH, graph.integers([from]), graph.integers([to]), graph.integers([0])])
  const board = config.prefix > 0 ? rows(config.prefix, config.prefix + config.seqLen) : zH
  const lmHead = graph.constant('lm_head', transpose(tensors.get('lm_head.weight')!))
  graph.value('MatMul', [board, lmHead], {}, 'logits')
  const weight = graph.constant('q_weight', transpose(tensors.get('q_head.weight')!))
  const bias = graph.constant('q_bias', tensors.get('q_head.bias')!)
  graph.value('Gemm', [rows(0, 1), weight, bias], {}, 'q')
}

function sliceRows({ shape, data }: Tensor, from: number, to: number): Tensor {
  const width = shape[1]!
  return { shape: [to - from, width], data: data.subarray(from * width, to * width) }
}

function transpose({ shape, data }: Tensor): Tensor {
  const [rows, columns] = [shape[0]!, shape[1]!]
  const turned = Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
  return { shape: [columns, rows], data: turned }
}
