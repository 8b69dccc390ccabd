/** Leaves of a model file what rollouts read, so that workers are not sent the rest. */
import { listModel } from './model-file.ts'
import { listSafetensors, type SafetensorsEntry } from './safetensors.ts'
import { PUZZLE_EMBEDDING } from './tensor-list.ts'

const LENGTH_BYTES = 8
const ALIGNMENT = 8

/**
 * A model file with the tensors of the layers alone, and of the puzzle embedding the first row, which every new puzzle
 * takes. The very same bytes where there is nothing to leave out. Throws `ModelFormatError`.
 */
export function trimModel(bytes: Uint8Array): Uint8Array {
  const { entries, metadata } = listSafetensors(bytes)
  const used = new Map(listModel(bytes).entries)
  const embedding = used.get(PUZZLE_EMBEDDING)
  const puzzles = embedding?.shape[0] ?? 1
  if (used.size === entries.size && puzzles === 1) return bytes
  if (embedding) used.set(PUZZLE_EMBEDDING, firstRow(embedding))
  return fileOf(used, metadata)
}

function firstRow({ dtype, shape, bytes }: SafetensorsEntry): SafetensorsEntry {
  const [rows, width] = shape as [number, number]
  return { dtype, shape: [1, width], bytes: bytes.subarray(0, bytes.length / rows) }
}

/** A safetensors file of these tensors, in their order. */
function fileOf(
  entries: ReadonlyMap<string, SafetensorsEntry>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let size = 0
  for (const [name, { dtype, shape, bytes }] of entries) {
    header[name] = { dtype, shape, data_offsets: [size, size + bytes.length] }
    size += bytes.length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = LENGTH_BYTES + Math.ceil(text.length / ALIGNMENT) * ALIGNMENT
  const file = new Uint8Array(start + size).fill(0x20, LENGTH_BYTES, start)
  new DataView(file.buffer).setBigUint64(0, BigInt(start - LENGTH_BYTES), true)
  file.set(text, LENGTH_BYTES)
  let at = start
  for (const { bytes } of entries.values()) {
    file.set(bytes, at)
    at += bytes.length
  }
  return file
}
