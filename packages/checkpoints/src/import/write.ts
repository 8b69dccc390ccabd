/** Writes safetensors in pieces: a header, then each tensor's bytes as they are read, so that no second copy is held. */
import { DTYPE_BYTES, elementCount, type FloatDtype } from './weight.ts'

export interface TensorToWrite {
  readonly name: string
  readonly dtype: FloatDtype
  readonly shape: readonly number[]
  /** Row-major and little-endian; called once. */
  read(): Uint8Array
}

/** Tensors start at multiples of this, as the reference implementation has it. */
const ALIGNMENT = 8

/** The file in order. Wider types come first, so that every tensor is aligned. */
export function* safetensorsChunks(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const sorted = tensors.toSorted(
    (a, b) => DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype] || (a.name < b.name ? -1 : 1),
  )
  const header: Record<string, unknown> = { __metadata__: metadata }
  let at = 0
  for (const { name, dtype, shape } of sorted) {
    const end = at + elementCount(shape) * DTYPE_BYTES[dtype]
    header[name] = { dtype, shape, data_offsets: [at, end] }
    at = end
  }
  yield headerBytes(header)
  for (const tensor of sorted) yield tensor.read()
}

function headerBytes(header: Record<string, unknown>): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, 8)
  return bytes
}
