/** Writes files of the `torch.save` form for tests and benchmarks: stored zips, state dict pickles, and both with defects. */
import { crc32 } from '../src/import/zip.ts'

export interface ZipPart {
  readonly name: string
  readonly bytes: Uint8Array
  /** Zip's method number; default 0, stored. `size` is then what the bytes claim to unpack to. */
  readonly method?: number
  readonly size?: number
  readonly crc?: number
}

export interface NamedTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** torch's class name; default FloatStorage. */
  readonly storage?: string
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array
  readonly count: number
}

/** A zip of these entries, in order. */
export function zip(parts: readonly ZipPart[]): Uint8Array {
  const pieces: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const part of parts) {
    const name = new TextEncoder().encode(part.name)
    const fields = entryFields(part, name.length)
    const local = record([0x04034b50, 4], [20, 2], ...fields)
    directory.push(
      record([0x02014b50, 4], [20, 2], [20, 2], ...fields, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]),
      name,
    )
    pieces.push(local, name, part.bytes)
    at += local.length + name.length + part.bytes.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const count = parts.length
  return concat([
    ...pieces,
    ...directory,
    record([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [at, 4], [0, 2]),
  ])
}

/** What local header and directory share: flags to extra length. */
function entryFields(
  { bytes, method = 0, size = bytes.length, crc = crc32(bytes) }: ZipPart,
  name: number,
): Field[] {
  return [
    [0, 2],
    [method, 2],
    [0, 4],
    [crc, 4],
    [bytes.length, 4],
    [size, 4],
    [name, 2],
    [0, 2],
  ]
}

/** A number and its width in bytes. */
type Field = readonly [number, 2 | 4]

function record(...fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += width
  }
  return bytes
}

/** A whole checkpoint: `{name: tensor, ...}`. */
export function torchFile(tensors: readonly NamedTensor[], extra: readonly ZipPart[] = []): Uint8Array {
  const storages = tensors.map(({ bytes }, i) => ({ name: `archive/data/${i}`, bytes }))
  return zip([{ name: 'archive/data.pkl', bytes: stateDict(tensors) }, ...extra, ...storages])
}

/** An archive around any pickle. */
export function torchArchive(pickle: Uint8Array, extra: readonly ZipPart[] = []): Uint8Array {
  return zip([{ name: 'archive/data.pkl', bytes: pickle }, ...extra])
}

/** The pickle of a dict of tensors, one storage each. */
export function stateDict(tensors: readonly NamedTensor[]): Uint8Array {
  const items = tensors.flatMap(({ name, shape, storage = 'FloatStorage', count }, i) => {
    const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
    const id = [
      '(',
      text('storage'),
      `ctorch\n${storage}\n`,
      text(String(i)),
      text('cpu'),
      int(count),
      't',
      'Q',
    ]
    const args = [
      '(',
      ...id,
      int(0),
      tuple(shape),
      tuple(stride),
      '\x89',
      'ccollections\nOrderedDict\n)R',
      't',
    ]
    return [text(name), 'ctorch._utils\n_rebuild_tensor_v2\n', ...args, 'R', 's']
  })
  return pickle('}', ...items)
}

/** A pickle of protocol 2 from opcodes and their arguments, spelled in Latin-1. */
export function pickle(...parts: readonly string[]): Uint8Array {
  return latin1(`\x80\x02${parts.join('')}.`)
}

/** BINUNICODE, of ASCII. */
export function text(value: string): string {
  return `X${word(value.length)}${value}`
}

/** BININT. */
export function int(value: number): string {
  return `J${word(value)}`
}

function tuple(values: readonly number[]): string {
  return `(${values.map(int).join('')}t`
}

function word(value: number): string {
  return String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255)
}

function latin1(value: string): Uint8Array {
  return Uint8Array.from(value, (char) => char.charCodeAt(0))
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
