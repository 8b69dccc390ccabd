/** One tensor of a checkpoint, still in its file: what it is, and how to get its values when they are wanted. */
import { CheckpointError } from './errors.ts'

/** Element types by safetensors' names, with their bytes an element. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const

/** Types of numbers that are read. */
export type Dtype = keyof typeof DTYPE_BYTES

/** Those that weights come in; an imported model keeps them, save f64, which becomes f32. */
export type FloatDtype = 'F32' | 'F16' | 'BF16'

/** One tensor, still in the bytes of its file. */
export interface Weight {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Row-major little-endian values: a view of the file where they lie there like that, else a copy. */
  read(): Uint8Array
}

/** How a tensor lies in its storage; offset and strides in elements. */
export interface Layout {
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Whether the tensor is its elements in storage order, without gaps. Strides of axes of length 1 mean nothing. */
export function isContiguous({ shape, stride }: Layout): boolean {
  let wanted = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== wanted) return false
    wanted *= shape[axis]!
  }
  return true
}

/** The tensor's elements in row-major order, from a storage of elements of `width` bytes. Slow and plain. */
export function gather(storage: Uint8Array, layout: Layout, width: number): Uint8Array {
  const { shape, stride } = layout
  const out = new Uint8Array(elementCount(shape) * width)
  const index = shape.map(() => 0)
  let from = layout.offset
  for (let at = 0; at < out.length; at += width) {
    for (let byte = 0; byte < width; byte++) out[at + byte] = storage[from * width + byte]!
    // Counts the index up like an odometer, and moves `from` along.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= stride[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return out
}

/** A copy with the bytes of each element reversed: big-endian to little-endian. */
export function swapBytes(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length)
  for (let at = 0; at < out.length; at += width) {
    for (let byte = 0; byte < width; byte++) out[at + byte] = bytes[at + width - 1 - byte]!
  }
  return out
}

/** A weight's values in the type that it is stored as. Throws `CheckpointError` for integers and non-finite values. */
export function readFloats(name: string, weight: Weight): { dtype: FloatDtype; bytes: Uint8Array } {
  const { dtype } = weight
  if (dtype !== 'F64' && dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16')
    throw new CheckpointError(
      'unsupported',
      `tensor ${name} has dtype ${dtype}; weights are read as F64, F32, F16 or BF16`,
    )
  const bytes = dtype === 'F64' ? narrow(weight.read()) : weight.read()
  const float = dtype === 'F64' ? 'F32' : dtype
  const bad = firstNonFinite(bytes, float)
  if (bad !== undefined)
    throw new CheckpointError(
      'malformed',
      `tensor ${name} of shape [${weight.shape}]: element ${bad} is not finite: the training diverged, or the file is damaged`,
    )
  return { dtype: float, bytes }
}

function narrow(bytes: Uint8Array): Uint8Array {
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = new Uint8Array(bytes.length / 2)
  const to = new DataView(out.buffer)
  for (let i = 0; i < out.length / 4; i++) to.setFloat32(i * 4, from.getFloat64(i * 8, true), true)
  return out
}

/** An exponent of all ones is an infinity or NaN; it lies in the upper two bytes of all three types. */
const EXPONENT = { F32: 0x7f80, BF16: 0x7f80, F16: 0x7c00 } as const

function firstNonFinite(bytes: Uint8Array, dtype: FloatDtype): number | undefined {
  const mask = EXPONENT[dtype]
  const width = DTYPE_BYTES[dtype]
  for (let at = width; at <= bytes.length; at += width) {
    if ((((bytes[at - 1]! << 8) | bytes[at - 2]!) & mask) === mask) return at / width - 1
  }
  return undefined
}
