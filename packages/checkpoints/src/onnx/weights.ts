/** What the parts of a net share when they become ONNX nodes: the weights they read, their views, and the precision of products. */
import { ModelFormatError, type Tensor, type Tensors, type TrmConfig } from '@ptrm/core-wasm'
import type { Graph } from './graph.ts'

export interface Weights {
  readonly config: TrmConfig
  readonly tensors: Tensors
  /** What the matrix products are computed in; latents, sums and norms stay f32. */
  readonly precision: 'float32' | 'float16'
  /**
   * For CUDA, where every node is a kernel to launch: norms in one node, by onnxruntime's own operator, and none that
   * would need cuDNN or be moved to the CPU.
   */
  readonly cuda: boolean
}

/** Nodes that make one value of one. */
export type Map1 = (graph: Graph, h: string) => string

export function narrowed(graph: Graph, h: string, precision: Weights['precision']): string {
  return precision === 'float16' ? graph.value('Cast', [h], { to: 10 }) : h
}

export function widened(graph: Graph, h: string, precision: Weights['precision']): string {
  return precision === 'float16' ? graph.value('Cast', [h], { to: 1 }) : h
}

/** What weights are divided by, exactly, whose products are to stay within f16: 2^halvings in half precision, else 1. */
export function halvedBy(halvings: number, precision: Weights['precision']): number {
  return precision === 'float16' ? 2 ** halvings : 1
}

/** Products of weights that were divided so: in f32, and as large as they are. */
export function restored(
  outer: Graph,
  graph: Graph,
  h: string,
  halved: number,
  precision: Weights['precision'],
): string {
  const wide = widened(graph, h, precision)
  return halved === 1
    ? wide
    : graph.value('Mul', [wide, outer.constant(`restored_${halved}`, vector([halved]))])
}

/** A tensor by name. Throws `ModelFormatError` where there is none. */
export function tensor(tensors: Tensors, name: string): Tensor {
  const found = tensors.get(name)
  if (!found) throw new ModelFormatError('missing-tensor', `tensor ${name} is missing`, { tensor: name })
  return found
}

export function vector(values: readonly number[]): Tensor {
  return { shape: [values.length], data: Float32Array.from(values) }
}

/** Rows of a matrix, a view. */
export function rows({ shape, data }: Tensor, from: number, to: number): Tensor {
  const width = shape[1]!
  return { shape: [to - from, width], data: data.subarray(from * width, to * width) }
}

export function transposed({ shape, data }: Tensor): Tensor {
  const [height, width] = [shape[0]!, shape[1]!]
  const turned = new Float32Array(data.length)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) turned[column * height + row] = data[row * width + column]!
  return { shape: [width, height], data: turned }
}

export function scaled({ shape, data }: Tensor, factor: number): Tensor {
  return { shape, data: data.map((value) => value * factor) }
}
