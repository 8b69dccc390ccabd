/**
 * Lists the entries of a `torch.save` archive: an uncompressed zip, whose entries are handed out as views of the file.
 *
 * It reads that and no other zip: compressed and encrypted entries, multi-disk and zip64 archives are refused by name,
 * so an archive never holds more bytes than its file. Nothing is ever written under an entry's name.
 */
import { CheckpointError } from './errors.ts'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30
const MAX_COMMENT_BYTES = 0xffff
const MAX_ENTRIES = 20_000

export interface ZipEntry {
  /** As they lie in the file: a view. */
  readonly bytes: Uint8Array
  /** Then the bytes say nothing to this reader, which unpacks none; `checkEntry` refuses them. */
  readonly compressed: boolean
  /** As the archive states it; `checkEntry` compares. */
  readonly crc: number
}

/** All entries by name. Throws `CheckpointError`. */
export function listZip(file: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const end = findEnd(view)
  const count = view.getUint16(end + 10, true)
  const size = view.getUint32(end + 12, true)
  const start = view.getUint32(end + 16, true)
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    throw new CheckpointError('unsupported', 'the archive is a zip64: files of 4 GB and more are not read')
  }
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count)
    throw new CheckpointError('unsupported', 'the archive is one of several disks')
  if (count > MAX_ENTRIES)
    throw new CheckpointError(
      'too-large',
      `the archive has ${count} entries; at most ${MAX_ENTRIES} are read`,
    )
  if (start + size > end)
    throw malformed(`its directory (bytes ${start} to ${start + size}) overlaps its end`)
  return readDirectory(view, start, start + size, count)
}

/** Throws `CheckpointError` where an entry's bytes are not those that were written. */
export function checkEntry(name: string, { bytes, compressed, crc }: ZipEntry): void {
  if (compressed)
    throw new CheckpointError(
      'unsupported',
      `entry ${JSON.stringify(name)} is compressed, which torch.save never does: unpack the archive and store it (zip -0)`,
    )
  if (crc32(bytes) !== crc)
    throw malformed(
      `the checksum of ${JSON.stringify(name)} does not match: the file is damaged (or was saved with set_crc32_options(False))`,
    )
}

function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (
      view.getUint32(at, true) === END &&
      at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength
    )
      return at
  }
  throw new CheckpointError('truncated', 'the archive has no end record: the file is cut off')
}

function readDirectory(view: DataView, start: number, end: number, count: number): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>()
  let held = 0
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL)
      throw malformed(`entry ${i + 1} of ${count} of its directory is not there`)
    const nameLength = view.getUint16(at + 28, true)
    const next =
      at + CENTRAL_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) throw malformed(`entry ${i + 1} of ${count} of its directory is cut off`)
    const name = readName(view, at + CENTRAL_BYTES, nameLength)
    if (entries.has(name)) throw malformed(`it holds ${JSON.stringify(name)} twice`)
    const entry = readEntry(view, at, name, start)
    held += entry.bytes.length
    if (held > view.byteLength) throw malformed('its entries overlap')
    entries.set(name, entry)
    at = next
  }
  return entries
}

function readName(view: DataView, at: number, length: number): string {
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length))
  // Names only ever serve as keys; one that is built to leave a folder has no honest reason to be here.
  const parts = name.split(/[/\\]/)
  if (name === '' || name.includes('\0') || /^([/\\]|[A-Za-z]:)/.test(name) || parts.includes('..'))
    throw new CheckpointError('unsafe', `the archive has an entry with the path ${JSON.stringify(name)}`)
  return name
}

function readEntry(view: DataView, at: number, name: string, dataEnd: number): ZipEntry {
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const packed = view.getUint32(at + 20, true)
  const size = view.getUint32(at + 24, true)
  const shown = JSON.stringify(name)
  if (flags & 1) throw new CheckpointError('unsupported', `entry ${shown} is encrypted`)
  if (method === 0 && packed !== size)
    throw malformed(`entry ${shown} is stored but has two sizes, ${packed} and ${size}`)
  const local = view.getUint32(at + 42, true)
  if (local + LOCAL_BYTES > dataEnd || view.getUint32(local, true) !== LOCAL)
    throw malformed(`entry ${shown} does not start where its directory says`)
  const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  if (from + packed > dataEnd)
    throw malformed(`entry ${shown} ends at byte ${from + packed}, past the data's end at ${dataEnd}`)
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, packed)
  return { bytes, compressed: method !== 0, crc: view.getUint32(at + 16, true) }
}

function malformed(reason: string): CheckpointError {
  return new CheckpointError('malformed', `malformed checkpoint archive: ${reason}`)
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/** CRC-32 of zip. Not node:zlib's, which Node < 20.15 and pages lack. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
