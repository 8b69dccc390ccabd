/** Writes ONNX files: a small graph builder over protobufjs's static code. It knows the format, and no model. */
import { ModelFormatError, type Tensor } from '@ptrm/core-wasm'
import { toHalf } from './half.ts'
import { onnx } from './proto.generated.ts'

/** Of the enum DataType in onnx.proto. */
export const TYPES = { float32: 1, uint8: 2, int64: 7, bool: 9, float16: 10, uint32: 12 } as const
export type ElementType = keyof typeof TYPES

/** The version of ONNX's operators that the graphs here are written in. */
export const OPSET = 18

/** Sizes by axis; a name stands for one that the caller of the graph chooses. */
export type Shape = readonly (number | string)[]

/** An attribute of a node: an integer, a list of them, a float, or the body of a loop. */
export type Attribute = number | readonly number[] | { readonly float: number } | Graph

// Of the enum AttributeType in onnx.proto.
const FLOAT = 1
const INT = 2
const GRAPH = 5
const INTS = 7

/** Protobuf, and so every reader of ONNX files, takes no message of more. */
const MOST_BYTES = 2 ** 31 - 1

/** Throws `ModelFormatError` (`too-large`) for more bytes of constants than an ONNX file can hold. */
export function refuseTooLarge(bytes: number): void {
  if (bytes <= MOST_BYTES) return
  const message = `the graph would have ${bytes} bytes of constants, an ONNX file holds ${MOST_BYTES}; a smaller board needs fewer`
  throw new ModelFormatError('too-large', message, { wanted: [MOST_BYTES], found: [bytes] })
}

/** A graph under construction. A body made by `body` sees the constants and values of the graph around it. */
export class Graph {
  readonly #name: string
  readonly #nodes: object[] = []
  readonly #inputs: object[] = []
  readonly #outputs: object[] = []
  readonly #outermost: Graph
  readonly #prefix: string
  readonly #constants = new Map<string, object>()
  #bytes = 0
  readonly #domains = new Set<string>([''])

  constructor(name: string, outermost?: Graph) {
    this.#name = name
    this.#outermost = outermost ?? this
    this.#prefix = outermost ? `${name}/` : ''
  }

  /** A graph for a node's attribute; its constants are kept by the outermost graph. */
  body(name: string): Graph {
    return new Graph(name, this.#outermost)
  }

  /** Of the operators in it and in its bodies; '' is ONNX's own. */
  get domains(): readonly string[] {
    return [...this.#outermost.#domains]
  }

  input(name: string, shape: Shape, type: ElementType = 'float32'): string {
    this.#inputs.push(valueInfo(name, shape, type))
    return name
  }

  /** Makes the value of this name one of the graph's outputs. */
  output(name: string, shape: Shape, type: ElementType = 'float32'): void {
    this.#outputs.push(valueInfo(name, shape, type))
  }

  /** Float weights; each name is written once, whoever asks. */
  constant(name: string, { shape, data }: Tensor, type: 'float32' | 'float16' = 'float32'): string {
    const values = type === 'float16' ? toHalf(data) : data
    return this.#put(name, shape, type, values)
  }

  /** A constant vector of integers, for operators that take axes, bounds or shapes as inputs. */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt)
    return this.#put(`integers_${values.join('_')}`, [values.length], 'int64', data)
  }

  /** Constant integers of any shape; each name is written once. */
  table(name: string, shape: readonly number[], values: BigInt64Array): string {
    return this.#put(name, shape, 'int64', values)
  }

  /** A constant integer or truth value of no axes. */
  scalar(value: number | boolean): string {
    return typeof value === 'boolean'
      ? this.#put(`is_${value}`, [], 'bool', Uint8Array.of(Number(value)))
      : this.#put(`scalar_${value}`, [], 'int64', BigInt64Array.of(BigInt(value)))
  }

  /**
   * Adds a node with one output and returns the output's name; a fresh name unless one is given. Operators that are not
   * ONNX's own have their domain in front: `com.microsoft.QuickGelu`.
   */
  value(
    type: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output?: string,
  ): string {
    const name = output ?? this.#fresh(type)
    this.node(type, input, [name], attributes)
    return name
  }

  /** A node with several outputs; returns their names. */
  values(
    type: string,
    input: readonly string[],
    count: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const names = Array.from({ length: count }, (_, i) => `${this.#fresh(type)}_${i}`)
    this.node(type, input, names, attributes)
    return names
  }

  node(
    type: string,
    input: readonly string[],
    output: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value))
    const [op_type, domain] = [
      type.slice(type.lastIndexOf('.') + 1),
      type.slice(0, Math.max(0, type.lastIndexOf('.'))),
    ]
    this.#outermost.#domains.add(domain)
    this.#nodes.push({
      name: this.#fresh(type),
      op_type,
      ...(domain && { domain }),
      input,
      output,
      attribute,
    })
  }

  #fresh(type: string): string {
    return `${this.#prefix}${type}_${this.#nodes.length}`
  }

  toProto(): object {
    return {
      name: this.#name,
      node: this.#nodes,
      initializer: [...this.#constants.values()],
      input: this.#inputs,
      output: this.#outputs,
    }
  }

  #put(name: string, dims: readonly number[], type: ElementType, data: ArrayBufferView): string {
    const raw_data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const outermost = this.#outermost
    if (outermost.#constants.has(name)) return name
    outermost.#bytes += raw_data.length
    refuseTooLarge(outermost.#bytes)
    outermost.#constants.set(name, { name, dims, data_type: TYPES[type], raw_data })
    return name
  }
}

/** The bytes of an ONNX file that uses the given version of ONNX's own operators, and version 1 of all others. */
export function encodeModel(
  graph: Graph,
  opset: number,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const model = {
    ir_version: 9,
    producer_name: 'ptrm',
    opset_import: graph.domains.map((domain) => ({ domain, version: domain === '' ? opset : 1 })),
    graph: graph.toProto(),
    metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  }
  return onnx.ModelProto.encode(onnx.ModelProto.create(model)).finish()
}

function attributeProto(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: INT }
  if (value instanceof Graph) return { name, g: value.toProto(), type: GRAPH }
  if ('float' in value) return { name, f: value.float, type: FLOAT }
  return { name, ints: value, type: INTS }
}

function valueInfo(name: string, shape: Shape, type: ElementType): object {
  const dim = shape.map((size) => (typeof size === 'string' ? { dim_param: size } : { dim_value: size }))
  return { name, type: { tensor_type: { elem_type: TYPES[type], shape: { dim } } } }
}
