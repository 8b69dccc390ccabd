/** Writes ONNX files: a small graph builder over protobufjs. It knows the format, and no model. */
import { readFileSync } from 'node:fs'
import type { Tensor } from '@ptrm/core-wasm'
import protobuf from 'protobufjs'

const schema = readFileSync(new URL('./onnx.proto', import.meta.url), 'utf8')
const ModelProto = protobuf.parse(schema, { keepCase: true }).root.lookupType('onnx.ModelProto')

// Of the enum DataType in onnx.proto.
const FLOAT = 1
const INT64 = 7

export class Graph {
  readonly #name: string
  readonly #nodes: object[] = []
  readonly #initializers: object[] = []
  readonly #inputs: object[] = []
  readonly #outputs: object[] = []

  constructor(name: string) {
    this.#name = name
  }

  input(name: string, shape: readonly number[]): string {
    this.#inputs.push(valueInfo(name, shape))
    return name
  }

  /** Makes the value of this name one of the graph's outputs. */
  output(name: string, shape: readonly number[]): void {
    this.#outputs.push(valueInfo(name, shape))
  }

  constant(name: string, { shape, data }: Tensor): string {
    const raw_data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.#initializers.push({ name, dims: shape, data_type: FLOAT, raw_data })
    return name
  }

  /** A constant vector of integers, for operators that take axes or bounds as inputs. */
  integers(name: string, values: readonly number[]): string {
    const raw_data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    this.#initializers.push({ name, dims: [values.length], data_type: INT64, raw_data })
    return name
  }

  /** Adds a node with one output and returns the output's name; a fresh name unless one is given. */
  value(op_type: string, input: readonly string[], output?: string): string {
    const name = `${op_type}_${this.#nodes.length}`
    this.#nodes.push({ name, op_type, input, output: [output ?? name] })
    return output ?? name
  }

  toProto(): object {
    return {
      name: this.#name,
      node: this.#nodes,
      initializer: this.#initializers,
      input: this.#inputs,
      output: this.#outputs,
    }
  }
}

/** The bytes of an ONNX file that uses the given version of ONNX's own operators. */
export function encodeModel(graph: Graph, opset: number): Uint8Array {
  const model = {
    ir_version: 9,
    producer_name: 'ptrm',
    opset_import: [{ domain: '', version: opset }],
    graph: graph.toProto(),
  }
  return ModelProto.encode(ModelProto.create(model)).finish()
}

function valueInfo(name: string, shape: readonly number[]): object {
  const dim = shape.map((dim_value) => ({ dim_value }))
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } }
}
