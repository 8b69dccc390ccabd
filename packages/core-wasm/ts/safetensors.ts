/** Reads safetensors files: as they lie there, or f32, f16 and bf16 tensors widened to f32. Every defect of a file is a `ModelFormatError`. */
import type { Tensor } from './config.ts'
import { ModelFormatError } from './errors.ts'
import { parseJson } from './json-text.ts'

/** A safetensors file, read: f32 tensors by name, and its metadata. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, Tensor>
  /** The free-form `__metadata__`; what is no text there comes as JSON. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A tensor as it lies in the file. */
export interface SafetensorsEntry {
  /** As the file spells it: `F32`, `BF16`, ... */
  readonly dtype: string
  readonly shape: readonly number[]
  /** A view of the file, row-major and little-endian; its length is checked against shape and dtype. */
  readonly bytes: Uint8Array
}

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

const HEADER_LENGTH_BYTES = 8
const MAX_HEADER_BYTES = 100_000_000 // the reference implementation's own limit
// biome-ignore format: one line a width
const BYTES: ReadonlyMap<string, number> = new Map([
  ['F64', 8], ['I64', 8], ['U64', 8],
  ['F32', 4], ['I32', 4], ['U32', 4],
  ['F16', 2], ['BF16', 2], ['I16', 2], ['U16', 2],
  ['I8', 1], ['U8', 1], ['BOOL', 1],
])
const WIDENED = ['F32', 'F16', 'BF16', 'I32']

/** Parses a whole file, and widens its tensors. Throws `ModelFormatError` (`truncated`, `malformed`, `unsupported-dtype`). */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata } = listSafetensors(bytes)
  const tensors = new Map<string, Tensor>()
  for (const [name, entry] of entries) tensors.set(name, widened(name, entry))
  return { tensors, metadata }
}

/** A tensor of a file as f32. Throws `ModelFormatError` (`unsupported-dtype`). */
export function widened(name: string, entry: SafetensorsEntry): Tensor {
  const { dtype, shape, bytes } = entry
  checkWidens(name, entry)
  return { shape, data: widenToF32(bytes, dtype) }
}

/** Throws `ModelFormatError` (`unsupported-dtype`) for a tensor that can't be widened, without widening it. */
export function checkWidens(name: string, { dtype }: SafetensorsEntry): void {
  if (!WIDENED.includes(dtype)) throw unsupported(name, dtype, WIDENED)
}

/** Parses a file and checks it, without copying or converting a tensor. Throws `ModelFormatError` as `readSafetensors`. */
export function listSafetensors(bytes: Uint8Array): {
  readonly entries: ReadonlyMap<string, SafetensorsEntry>
  readonly metadata: Readonly<Record<string, string>>
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_LENGTH_BYTES)
    throw truncated('its header length', HEADER_LENGTH_BYTES, bytes.length)
  const headerLength = Number(view.getBigUint64(0, true))
  if (headerLength > MAX_HEADER_BYTES) throw malformed(`its header would be ${headerLength} bytes long`)
  const start = HEADER_LENGTH_BYTES + headerLength
  if (start > bytes.length) throw truncated('its header', start, bytes.length)
  const header = parseHeader(bytes.subarray(HEADER_LENGTH_BYTES, start))
  const entries = new Map<string, SafetensorsEntry>()
  let metadata: Record<string, string> = {}
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = checkMetadata(entry)
    else entries.set(name, readEntry(name, checkEntry(name, entry), view, start))
  }
  checkApart(entries)
  return { entries, metadata }
}

/**
 * No byte is of two tensors: one of them would be read wrongly, and a small file could name the same bytes a thousand times,
 * and take a thousand times its size in memory.
 */
function checkApart(entries: ReadonlyMap<string, SafetensorsEntry>): void {
  const placed = [...entries].filter(([, { bytes }]) => bytes.length > 0)
  placed.sort(([, a], [, b]) => a.bytes.byteOffset - b.bytes.byteOffset)
  for (const [i, [name, { bytes }]] of placed.entries()) {
    const [other, before] = placed[i - 1] ?? []
    if (before && bytes.byteOffset < before.bytes.byteOffset + before.bytes.length)
      throw malformed(`its bytes overlap those of ${other}`, name)
  }
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown
  try {
    header = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw malformed(`its header is not JSON (${(error as Error).message})`)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw malformed('its header is no JSON object')
  return header as Record<string, unknown>
}

function checkMetadata(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('its __metadata__ is no map of names to texts')
  // The format has texts only; people's scripts put numbers and more beside them, which say as much as JSON.
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      typeof item === 'string' ? item : JSON.stringify(item),
    ]),
  )
}

function checkEntry(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Entry>
  const size = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(size)) {
    throw malformed(`it lacks a dtype or shape`, name)
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(size) || offsets[0] > offsets[1]) {
    throw malformed(`its data_offsets are no range`, name)
  }
  return value as Entry
}

function readEntry(
  name: string,
  { dtype, shape, data_offsets: [from, to] }: Entry,
  view: DataView,
  start: number,
): SafetensorsEntry {
  const width = BYTES.get(dtype)
  if (width === undefined) throw unsupported(name, dtype, [...BYTES.keys()])
  const count = shape.reduce((product, size) => product * size, 1)
  if (to - from !== count * width) {
    throw malformed(
      `shape [${shape}] of ${dtype} takes ${count * width} bytes, its data_offsets span ${to - from}`,
      name,
    )
  }
  if (start + to > view.byteLength) throw truncated(`tensor ${name}`, start + to, view.byteLength, name)
  return { dtype, shape, bytes: new Uint8Array(view.buffer, view.byteOffset + start + from, to - from) }
}

/** Values of a little-endian F32, F16, BF16 or I32 array; exact, but for I32 beyond 2^24. */
export function widenToF32(bytes: Uint8Array, dtype: string): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Models are of halves, and each start of a command reads one: in one call where JavaScript knows them (since 2025).
  const { Float16Array } = globalThis as { readonly Float16Array?: HalfArray }
  // Copied by a constructor, as these need not be aligned, and `slice` of Node's buffers copies nothing.
  if (dtype === 'F16' && Float16Array) return new Float32Array(new Float16Array(new Uint8Array(bytes).buffer))
  // As bits, which are quicker moved than computed.
  const words = new Uint32Array(bytes.length / BYTES.get(dtype)!)
  const word: (i: number) => number = {
    F32: (i: number) => view.getUint32(4 * i, true),
    I32: (i: number) => bitsOf(view.getInt32(4 * i, true)),
    F16: (i: number) => widenHalf(view.getUint16(2 * i, true)),
    BF16: (i: number) => view.getUint16(2 * i, true) << 16, // the upper half of a binary32
  }[dtype]!
  for (let i = 0; i < words.length; i++) words[i] = word(i)
  return new Float32Array(words.buffer)
}

/** What of `Float16Array` is needed; the library of types does not have it yet. */
type HalfArray = new (bytes: ArrayBuffer) => Iterable<number> & ArrayLike<number>

const number = new Float32Array(1)
const numberBits = new Uint32Array(number.buffer)

/** Of the nearest binary32. */
function bitsOf(value: number): number {
  number[0] = value
  return numberBits[0]!
}

/** The bits of the IEEE 754 binary32 that has the value of a binary16. */
function widenHalf(half: number): number {
  const sign = (half & 0x8000) << 16
  const rest = half & 0x7fff
  // Infinity, or no number.
  if (rest >= 0x7c00) return sign | 0x7f800000 | ((rest & 0x3ff) << 13)
  // Exponents are 112 further up.
  if (rest >= 0x400) return sign | ((rest << 13) + (112 << 23))
  return sign | bitsOf(rest * 2 ** -24)
}

function unsupported(tensor: string, dtype: string, supported: readonly string[]): ModelFormatError {
  const message = `tensor ${tensor} has dtype ${dtype}; supported are ${supported.join(', ')}`
  return new ModelFormatError('unsupported-dtype', message, { tensor })
}

function malformed(reason: string, tensor?: string): ModelFormatError {
  const what = tensor === undefined ? 'the file' : `tensor ${tensor}`
  return new ModelFormatError(
    'malformed',
    `malformed safetensors: ${what}: ${reason}`,
    tensor === undefined ? {} : { tensor },
  )
}

function truncated(what: string, wanted: number, found: number, tensor?: string): ModelFormatError {
  const message = `truncated safetensors: ${what} ends at byte ${wanted}, the file at ${found}`
  return new ModelFormatError('truncated', message, {
    wanted: [wanted],
    found: [found],
    ...(tensor && { tensor }),
  })
}
