/** Where puzzles come from: a file, a URL, a puzzle on the command line, or stdin, read as a stream. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { type AnyItem, type AnyKind, AnyReader } from '@ptrm/puzzles'

const GZIP_MAGIC = 0x1f8b
/** Bytes at the start of a file that tell what it is. */
const HEAD = 4096
/** Bytes; a larger text is no puzzle file, but a bomb. */
const MOST_UNPACKED = 2 ** 28

/** Bad use of the command; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Yields what `input` holds: puzzles and the errors of bad entries, each puzzle with its kind. Throws `UsageError` where
 * there is no such input. Grids that no line gives a kind are of kind `fallback`. An abort of `signal` ends it, even
 * while it waits for stdin.
 */
export async function* readPuzzles(
  input: string,
  { fallback, signal }: { fallback?: string | undefined; signal?: AbortSignal | undefined } = {},
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
  if (/[./\\][a-z]\w*$/i.test(input)) throw new UsageError(`no file ${input}`)
  return { lines: input.split('\n'), source: '<puzzle>' }
}

/** The lines of a file, unpacked where it is gzip. */
async function openFile(path: string): Promise<AsyncIterable<string> | Iterable<string>> {
  const stat = statSync(path)
  if (stat.isDirectory()) throw new UsageError(`${path} is a folder, not a file`)
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
    throw new UsageError(`can't read ${path}: ${(cause as Error).message}`, { cause })
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

/** A whole file's bytes. Throws `UsageError` with the reason. */
export function readInputBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new UsageError(`can't read ${path}: ${(cause as Error).message}`, { cause })
  }
}

/** Reads the value of `--answer`: an answer, or `@FILE` that holds one. Throws `PuzzleParseError` or `UsageError`. */
export function readAnswerOption(kind: AnyKind, puzzle: unknown, value: string): unknown {
  if (!value.startsWith('@')) return kind.parseAnswer(puzzle, value, '<answer>')
  const path = value.slice(1)
  try {
    return kind.parseAnswer(puzzle, readFileSync(path, 'utf8').trimEnd(), path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause
    throw new UsageError(`can't read ${path}: ${(cause as Error).message}`, { cause })
  }
}
