/** Where puzzles come from: a file, a URL, a puzzle on the command line, or stdin, read as a stream. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { type AnyItem, AnyReader } from '../notation/any-reader.ts'

const GZIP_MAGIC = 0x1f8b
/** Bytes at the start of a file that tell what it is. */
const HEAD = 4096
/** Bytes; a larger text is no puzzle file, but a bomb. */
const MOST_UNPACKED = 2 ** 28

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

/**
 * Yields what `input` holds, in its order: puzzles, each with its kind, and the errors of bad entries. `input` is the
 * path of a file (text or gzip), a URL, a puzzle as text, or `-` for stdin. Throws `InputError` where there is no such
 * input.
 */
export async function* readPuzzles(
  input: string,
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

async function openInput(input: string, signal: AbortSignal | undefined): Promise<Input> {
  if (input === '-')
    return { lines: createInterface({ input: process.stdin, ...(signal && { signal }) }), source: '<stdin>' }
  if (/^[a-z]+:\/\/|\?\w+\/\d+\/\d+\//i.test(input)) return { lines: input.split('\n'), source: '<url>' }
  if (existsSync(input)) return { lines: await openFile(input), source: input }
  if (/[./\\][a-z]\w*$/i.test(input)) throw new InputError(`no file ${input}`)
  return { lines: input.split('\n'), source: '<puzzle>' }
}

/** The lines of a file, unpacked where it is gzip. */
async function openFile(path: string): Promise<AsyncIterable<string> | Iterable<string>> {
  const stat = statSync(path)
  if (stat.isDirectory()) throw new InputError(`${path} is a folder, not a file`)
  try {
    // A pipe, such as the shell's <(...), can be read once only.
    if (!stat.isFile()) return unpack(readFileSync(path))
    const file = await open(path)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD), position: 0 })
    const head = buffer.subarray(0, bytesRead)
    if (!isGzip(head) && !isBinary(head)) return file.readLines({ encoding: 'utf8', start: 0 })
    await file.close()
    return unpack(isBinary(head) ? head : readFileSync(path))
  } catch (cause) {
    throw new InputError(`can't read ${path}: ${(cause as Error).message}`, { cause })
  }
}

/** Lines of a text, packed or not. Throws where it is none. */
function unpack(bytes: Buffer): string[] {
  const text = isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED }) : bytes
  if (isBinary(text)) throw new Error('it holds zero bytes, so it is no UTF-8 text')
  return text.toString('utf8').split('\n')
}

function isGzip(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes.readUInt16BE() === GZIP_MAGIC
}

/** Programs and UTF-16 hold zero bytes near their start, texts never do; gzip is told by its magic. */
function isBinary(bytes: Buffer): boolean {
  return !isGzip(bytes) && bytes.subarray(0, HEAD).includes(0)
}
