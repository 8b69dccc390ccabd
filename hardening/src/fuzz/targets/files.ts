/** Inputs that lie in the repository. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../../../..', import.meta.url))

/** The files of a folder, by a path from the root; those alone that `isWanted`. */
export function filesIn(folder: string, isWanted: (name: string) => boolean = () => true): Uint8Array[] {
  return readdirSync(join(ROOT, folder))
    .filter(isWanted)
    .map((name) => bytesOf(join(folder, name)))
}

export function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(ROOT, path)))
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
/** Lossy: damaged text is text too. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
