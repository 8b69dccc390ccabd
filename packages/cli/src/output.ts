/** Files that commands write. */
import { writeFileSync } from 'node:fs'
import { UsageError } from './input.ts'

/** Writes a file. Throws `UsageError` with the reason where it can't be written. */
export function writeOutput(path: string, data: string | Uint8Array): void {
  try {
    writeFileSync(path, data)
  } catch (cause) {
    throw new UsageError(`can't write ${path}: ${(cause as Error).message}`, { cause })
  }
}
