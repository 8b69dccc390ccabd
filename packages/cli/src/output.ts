/** Files that commands write. */
import { closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { UsageError } from './input.ts'

/** Writes a file. Throws `UsageError` with the reason where it can't be written. */
export function writeOutput(path: string, data: string | Uint8Array): void {
  try {
    writeFileSync(path, data)
  } catch (cause) {
    throw cannotWrite(path, cause)
  }
}

/**
 * Writes a file piece by piece, beside its place until it is whole, so that a failure leaves what was there. Returns its
 * size in bytes. Throws `UsageError` where it can't be written, and whatever the pieces throw.
 */
export function writeChunks(path: string, chunks: Iterable<Uint8Array>): number {
  const part = `${path}.${process.pid}.part`
  let out: number
  try {
    out = openSync(part, 'wx')
  } catch (cause) {
    throw cannotWrite(path, cause)
  }
  let size = 0
  try {
    try {
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length; ) at += writeSync(out, chunk, at)
        size += chunk.length
      }
    } finally {
      closeSync(out)
    }
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error instanceof Error && 'syscall' in error ? cannotWrite(path, error) : error
  }
  return size
}

function cannotWrite(path: string, cause: unknown): UsageError {
  return new UsageError(`can't write ${path}: ${(cause as Error).message}`, { cause })
}
