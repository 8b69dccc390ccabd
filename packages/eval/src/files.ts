/**
 * `@ptrm/eval/files`: files that must survive kills and full disks, with errors that name them. A file is written whole
 * or stays as it was; a file of lines grows by whole lines. Everything that `ptrm` writes goes through here. Node only.
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
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

/** A line of a file. */
export interface FileLine {
  /** From 1. */
  readonly number: number
  /** Without its end. */
  readonly text: string
  /** In bytes, with its end. */
  readonly size: number
  /** False for the rest behind the last line's end. */
  readonly isWhole: boolean
}

/** The lines of a UTF-8 file of any size, one after the other. Throws `FileError`. */
export function* linesOf(path: string): Generator<FileLine> {
  let number = 1
  const line = (parts: readonly Uint8Array[], isWhole: boolean): FileLine => {
    const bytes = Buffer.concat(parts)
    const text = bytes.toString('utf8', 0, bytes.length - (isWhole ? 1 : 0))
    return { number: number++, text, size: bytes.length, isWhole }
  }
  let rest: Uint8Array[] = []
  for (const block of blocksOf(path)) {
    let start = 0
    for (let end = block.indexOf(NEWLINE) + 1; end > 0; end = block.indexOf(NEWLINE, start) + 1) {
      yield line([...rest, block.subarray(start, end)], true)
      start = end
      rest = []
    }
    if (start < block.length) rest.push(block.subarray(start))
  }
  if (rest.length > 0) yield line(rest, false)
}

const NEWLINE = 10
const BLOCK = 1 << 20

/** The bytes of a file, in blocks that are the receiver's own. */
function* blocksOf(path: string): Generator<Buffer> {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    for (;;) {
      const block = Buffer.allocUnsafe(BLOCK)
      const size = readSync(file, block)
      if (size === 0) return
      yield block.subarray(0, size)
    }
  } catch (cause) {
    throw fileError('read', path, cause)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Writes a file, as `writeChunks` does. Throws `FileError`. */
export function writeFile(path: string, data: string | Uint8Array): void {
  writeChunks(path, [typeof data === 'string' ? Buffer.from(data) : data])
}

/**
 * Writes a file piece by piece, beside its place until it is whole and on the disk, so that a failure or a kill leaves
 * what was there; a pipe or device takes the pieces as they come. Returns the size in bytes. Throws `FileError`, and
 * whatever the pieces throw.
 */
export function writeChunks(path: string, chunks: Iterable<Uint8Array>): number {
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    if (there && !there.isFile()) return writeToDevice(path, chunks)
    return writeBeside(there ? realpathSync(path) : path, there, chunks)
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? fileError('write', path, error) : error
  }
}

/** Throws `FileError` where a file could not be written, as in a folder that is not there. */
export function checkPlace(path: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    const isDevice = there && !there.isFile() && !there.isDirectory()
    const folder = dirname(there?.isFile() ? realpathSync(path) : path)
    // What is below a file is no place either.
    accessSync(isDevice ? path : `${folder}/.`, constants.W_OK)
  } catch (cause) {
    throw fileError('write', path, cause)
  }
}

/** Whether two paths are one regular file, by whatever names, links among them. False where one is not there. */
export function isSameFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }))
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino
}

/** Whether two paths are one file or folder, or will be once both are written. */
export function isSamePlace(path: string, other: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false })
  const isDevice = there && !there.isFile() && !there.isDirectory()
  return !isDevice && (placeOf(path) === placeOf(other) || isSameFile(path, other))
}

/** A path without links, as far as it is there. */
function placeOf(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const whole = resolve(path)
  const folder = dirname(whole)
  return join(existsSync(folder) ? realpathSync(folder) : folder, basename(whole))
}

/**
 * Writes all bytes to an open file, such as stdout where that is one; `name` is what errors call it. Throws `FileError`;
 * what there was room for is then written.
 */
export function writeWhole(out: number, bytes: Uint8Array, name: string): void {
  try {
    writeAll(out, bytes)
  } catch (cause) {
    throw fileError('write', name, cause)
  }
}

/** A file of lines that only grows: a line is in it whole, or not at all. Its opener closes it. */
export class LineFile {
  readonly #path: string
  #file: number | undefined
  /** Bytes of its whole lines. */
  #size: number

  /** Makes the file where there is none. Throws `FileError`. */
  constructor(path: string) {
    this.#path = path
    try {
      this.#file = openSync(path, 'a')
      this.#size = fstatSync(this.#file).size
    } catch (cause) {
      throw fileError('write', path, cause)
    }
  }

  /** Adds a line, given without its end. Throws `FileError`, and cuts off what there is of the line. */
  append(line: string): void {
    if (this.#file === undefined) throw new FileError(`can't write ${this.#path}: it is closed`)
    const bytes = Buffer.from(`${line}\n`)
    try {
      writeAll(this.#file, bytes)
    } catch (cause) {
      this.#cutBack()
      throw fileError('write', this.#path, cause)
    }
    this.#size += bytes.length
  }

  /** Puts all lines on the disk. Throws `FileError`: some file systems tell only here that there was no room. */
  flush(): void {
    try {
      if (this.#file !== undefined) fsyncSync(this.#file)
    } catch (cause) {
      throw fileError('write', this.#path, cause)
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  /** A file that can't even be cut takes no further line, which would be glued to the half one. */
  #cutBack(): void {
    try {
      ftruncateSync(this.#file!, this.#size)
    } catch {
      this.close()
    }
  }
}

/** Removes what killed writers of these files of a folder left beside them. For those who know that nobody writes there. */
export function removeParts(folder: string, names: readonly string[]): void {
  for (const entry of readdirSync(folder)) {
    const [part, name] = PART.exec(entry) ?? []
    if (part !== undefined && names.includes(name!)) rmSync(join(folder, part), { force: true })
  }
}

/** Makes a folder, and those above it. Throws `FileError`. */
export function makeFolder(path: string): void {
  try {
    makeAll(path)
  } catch (cause) {
    let there = path
    while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
    if (statSync(there).isDirectory()) throw fileError('write', path, cause)
    throw new FileError(`${there} is a file, not a folder`, { cause })
  }
}

/** One by one: Node's own way does so for ever where a folder above is gone, or takes none, as in `/proc`. */
function makeAll(path: string): void {
  const missing: string[] = []
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder)
  for (const folder of missing)
    try {
      mkdirSync(folder)
    } catch (cause) {
      // Another may have made it just now.
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    }
  if (!statSync(path).isDirectory()) throw new Error('a file of this name is there')
}

/** What a file is called until it is whole. */
const PART = /^(.+)\.[0-9a-f]{12}\.part$/

/** A name that no other process has, alive or killed; short enough where the file's own is as long as names may be. */
function partOf(place: string): string {
  const name = basename(place).slice(0, 50)
  return join(dirname(place), `${name}.${globalThis.crypto.randomUUID().slice(-12)}.part`)
}

/** `before`: the file that is replaced; the new one takes over who may read it. */
function writeBeside(place: string, before: Stats | undefined, chunks: Iterable<Uint8Array>): number {
  const part = partOf(place)
  const out = openSync(part, 'wx')
  try {
    const size = thenClose(out, () => {
      if (before) fchmodSync(out, before.mode)
      const written = writeAllChunks(out, chunks)
      fsyncSync(out)
      return written
    })
    renameSync(part, place)
    return size
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

function writeToDevice(path: string, chunks: Iterable<Uint8Array>): number {
  const out = openSync(path, 'w')
  return thenClose(out, () => writeAllChunks(out, chunks))
}

function thenClose<Result>(file: number, work: () => Result): Result {
  try {
    return work()
  } finally {
    closeSync(file)
  }
}

function writeAllChunks(out: number, chunks: Iterable<Uint8Array>): number {
  let size = 0
  for (const chunk of chunks) {
    writeAll(out, chunk)
    size += chunk.length
  }
  return size
}

/** One write may take a part only, as the last one before a disk is full does. */
function writeAll(out: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at)
}

/** The error of a file, or of what stands for one, whose reading or writing failed with `cause`. */
export function fileError(doing: 'read' | 'write', path: string, cause: unknown): FileError {
  return new FileError(`can't ${doing} ${path}: ${reasonOf(cause)}`, { cause })
}

/** The system's reason without its path, which may be that of the file beside. */
function reasonOf(cause: unknown): string {
  const { errno, message } = cause as NodeJS.ErrnoException
  const [name, text] = (errno !== undefined && getSystemErrorMap().get(errno)) || []
  return name === undefined ? message : `${name}: ${text}`
}
