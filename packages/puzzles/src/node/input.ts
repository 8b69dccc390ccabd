/** Where puzzles come from: a file, a URL, a puzzle on the command line, or stdin, read as a stream. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { type AnyItem, AnyReader } from '../notation/any-reader.ts'

const GZIP_MAGIC = [0x1f, 0x8b] as const
/** Bytes at the start of a file that tell what it is. */
const HEAD = 4096
/** Bytes; a larger text is no puzzle file, but a bomb. */
const MOST_UNPACKED = 2 ** 28
/** As `readLines` decodes: a byte order mark stays where it is. */
const TEXT = new TextDecoder('utf-8', { ignoreBOM: true })

/** An input that is not there, can't be read or is no text; or that holds no puzzle. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

export interface ReadOptions {
  /** The kind of grids that no line gives one; default: sudoku. */
  readonly fallback?: string | undefined
  /** Ends the reading, even while it waits for stdin. */
  readonly signal?: AbortSignal | undefined
}

/** A file that was read whole, as for its hash; its puzzles are then told from these very bytes. */
export interface PuzzleFile {
  readonly path: string
  /** Text or gzip. */
  readonly bytes: Uint8Array
}

/** Reads a file of puzzles whole. Throws `InputError`. */
export function readPuzzleFile(path: string): PuzzleFile {
  if (!existsSync(path)) throw new InputError(`no file ${path}`)
  refuseFolder(path)
  try {
    return { path, bytes: readFileSync(path) }
  } catch (cause) {
    throw cannotRead(path, cause)
  }
}

/**
 * Yields what `input` holds, in its order: puzzles, each with its kind, and the errors of bad entries. `input` is the
 * path of a file (text or gzip), a URL, a puzzle as text, `-` for stdin, or a file that was read before. Throws
 * `InputError` where there is no such input.
 */
export async function* readPuzzles(
  input: string | PuzzleFile,
  { fallback, signal }: ReadOptions = {},
): AsyncGenerator<AnyItem> {
  const { lines, source } = await openInput(input, signal)
  const reader = new AnyReader(source, fallback)
  for await (const line of lines) yield* reader.push(line)
  yield* reader.end()
}

interface Input {
  readonly lines: AsyncIterable<string> | Iterable<string>
  /** Its name in errors. */
  readonly source: string
}

async function openInput(input: string | PuzzleFile, signal: AbortSignal | undefined): Promise<Input> {
  if (typeof input !== 'string') return { lines: linesOf(input), source: input.path }
  if (input === '-')
    return { lines: createInterface({ input: process.stdin, ...(signal && { signal }) }), source: '<stdin>' }
  if (/^[a-z]+:\/\/|\?\w+\/\d+\/\d+\//i.test(input)) return { lines: input.split('\n'), source: '<url>' }
  if (existsSync(input)) return { lines: await openFile(input), source: input }
  if (/[./\\][a-z]\w*$/i.test(input)) throw new InputError(`no file ${input}`)
  return { lines: input.split('\n'), source: '<puzzle>' }
}

/** The lines of a file, unpacked where it is gzip; those of a plain one as they are read. */
async function openFile(path: string): Promise<AsyncIterable<string> | Iterable<string>> {
  refuseFolder(path)
  let head: Uint8Array
  // A pipe, such as the shell's <(...), can be read once only.
  if (!statSync(path).isFile()) return linesOf(readPuzzleFile(path))
  try {
    const file = await open(path)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD), position: 0 })
    head = buffer.subarray(0, bytesRead)
    if (!isGzip(head) && !isBinary(head)) return file.readLines({ encoding: 'utf8', start: 0 })
    await file.close()
  } catch (cause) {
    throw cannotRead(path, cause)
  }
  return linesOf(isBinary(head) ? { path, bytes: head } : readPuzzleFile(path))
}

function refuseFolder(path: string): void {
  if (statSync(path).isDirectory()) throw new InputError(`${path} is a folder, not a file`)
}

/** Lines of a text, packed or not. Throws `InputError` where it is none. */
function linesOf({ path, bytes }: PuzzleFile): string[] {
  try {
    const text = isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED }) : bytes
    if (isBinary(text)) throw new Error('it holds zero bytes, so it is no UTF-8 text')
    return TEXT.decode(text).split(/\r?\n/)
  } catch (cause) {
    throw cannotRead(path, cause)
  }
}

function cannotRead(path: string, cause: unknown): InputError {
  return new InputError(`can't read ${path}: ${(cause as Error).message}`, { cause })
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1]
}

/** Programs and UTF-16 hold zero bytes near their start, texts never do; gzip is told by its magic. */
function isBinary(bytes: Uint8Array): boolean {
  return !isGzip(bytes) && bytes.subarray(0, HEAD).includes(0)
}
