/** `@ptrm/eval/files`: whole files in and out, with errors that name them. Node only. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorMap } from 'node:util'

/** A file that can't be read or written; the message says which, and why. */
export class FileError extends Error {
  override readonly name = 'FileError'
}

/** A whole file's bytes. Throws `FileError`. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw fileError('read', path, cause)
  }
}

/** A whole file of JSON. Throws `FileError`. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw fileError('read', path, cause)
  }
}

/** Writes a file, as `writeChunks` does. Throws `FileError`. */
export function writeFile(path: string, data: string | Uint8Array): void {
  writeChunks(path, [typeof data === 'string' ? Buffer.from(data) : data])
}

/**
 * Writes a file piece by piece, beside its place until it is whole, so that a failure leaves what was there; a pipe or
 * device takes the pieces as they come. Returns the size in bytes. Throws `FileError`, and whatever the pieces throw.
 */
export function writeChunks(path: string, chunks: Iterable<Uint8Array>): number {
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    if (there && !there.isFile()) return writeTo(openSync(path, 'w'), chunks)
    return writeBeside(there ? realpathSync(path) : path, chunks)
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? fileError('write', path, error) : error
  }
}

/** Whether two paths are one regular file, by whatever names, links among them. False where one is not there. */
export function isSameFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }))
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino
}

/** Makes a folder, and those above it. Throws `FileError`. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (cause) {
    let there = path
    while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
    if (statSync(there).isDirectory()) throw fileError('write', path, cause)
    throw new FileError(`${there} is a file, not a folder`, { cause })
  }
}

function writeBeside(place: string, chunks: Iterable<Uint8Array>): number {
  const part = `${place}.${process.pid}.part`
  const out = openSync(part, 'wx')
  try {
    const size = writeTo(out, chunks)
    renameSync(part, place)
    return size
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** Writes and closes. */
function writeTo(out: number, chunks: Iterable<Uint8Array>): number {
  let size = 0
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) at += writeSync(out, chunk, at)
      size += chunk.length
    }
  } finally {
    closeSync(out)
  }
  return size
}

function fileError(doing: 'read' | 'write', path: string, cause: unknown): FileError {
  return new FileError(`can't ${doing} ${path}: ${reasonOf(cause)}`, { cause })
}

/** The system's reason without its path, which may be that of the file beside. */
function reasonOf(cause: unknown): string {
  const { errno, message } = cause as NodeJS.ErrnoException
  const [name, text] = (errno !== undefined && getSystemErrorMap().get(errno)) || []
  return name === undefined ? message : `${name}: ${text}`
}
