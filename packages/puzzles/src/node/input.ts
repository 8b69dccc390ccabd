/** Where puzzles come from: a file, a URL, a puzzle on the command line, or stdin, read as a stream. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { type AnyItem, AnyReader } from '../notation/any-reader.ts'
import { type Line, LineSplitter, linesOf, TOO_LONG } from './lines.ts'
import { isPuzzleLike, isUrlLike } from './shape.ts'

/** Bytes of a file that is in memory already, decoded at a time. */
const SLICE = 2 ** 16

/** An input that is not there, can't be read or is no text; or that holds no puzzle. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

export interface ReadOptions {
  /** The kind of grids that no line gives one; default: sudoku. */
  readonly fallback?: string | undefined
  /** Ends the reading, even while it waits for more. */
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
 * path of a file (text or gzip), a URL, a puzzle as text, `-` for stdin (text or gzip), or a file that was read before.
 * What a line completes is yielded as soon as its line break has come. A line of more than a million characters is an
 * error of its own. Throws `InputError` where there is no such input, or where it turns out to be no text.
 */
export async function* readPuzzles(
  input: string | PuzzleFile,
  { fallback, signal }: ReadOptions = {},
): AsyncGenerator<AnyItem> {
  const { lines, source } = openInput(input, signal)
  const reader = new AnyReader(source, fallback)
  for await (const group of untilAborted(lines, signal))
    for (const line of group) yield* line === TOO_LONG ? reader.pushTooLong() : reader.push(line)
  yield* reader.end()
}

/** A whole text, and what errors call it. */
export interface NamedText {
  readonly text: string
  readonly source: string
}

/**
 * The text of a file, or of stdin (`-`), in whatever encoding and packing puzzles may come; its lines end with `\n`. Throws
 * `InputError`.
 */
export async function readText(path: string): Promise<NamedText> {
  if (path !== '-' && !existsSync(path)) throw new InputError(`no file ${path}`)
  const { lines, source } = openInput(path, undefined)
  const all: string[] = []
  for await (const group of lines)
    for (const line of group) {
      if (line === TOO_LONG)
        throw cannotRead(source, new Error('it has a line of more than a million characters'))
      all.push(line)
    }
  return { text: all.join('\n'), source }
}

interface Input {
  readonly lines: AsyncIterable<Line[]> | Iterable<Line[]>
  /** Its name in errors. */
  readonly source: string
}

function openInput(input: string | PuzzleFile, signal: AbortSignal | undefined): Input {
  if (typeof input !== 'string')
    return { lines: named(input.path, slicesOf(input.bytes)), source: input.path }
  if (input === '-') return { lines: named('<stdin>', stdin(signal)), source: '<stdin>' }
  const isFile = existsSync(input)
  if (!isFile && isUrlLike(input)) return { lines: [linesOfText(input)], source: '<url>' }
  if (!isFile && isPuzzleLike(input)) return { lines: [linesOfText(input)], source: '<puzzle>' }
  if (!isFile) throw new InputError(`no file ${input}`)
  refuseFolder(input)
  return { lines: named(input, createReadStream(input)), source: input }
}

/** The groups up to the abort, which waits for none that is still to come: some reads can't be taken back. */
async function* untilAborted<Group>(
  groups: AsyncIterable<Group> | Iterable<Group>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Group> {
  if (!signal || Symbol.iterator in groups) return yield* groups
  const iterator = groups[Symbol.asyncIterator]()
  try {
    while (!signal.aborted) {
      const { done, value } = await beforeAbort(iterator.next(), signal)
      if (done) return
      yield value
    }
  } finally {
    void iterator.return?.().catch(() => {})
  }
}

/** What comes, or the end where the abort comes first. */
function beforeAbort<Group>(
  coming: Promise<IteratorResult<Group>>,
  signal: AbortSignal,
): Promise<IteratorResult<Group>> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve({ done: true, value: undefined })
    signal.addEventListener('abort', stop, { once: true })
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function linesOfText(text: string): Line[] {
  const splitter = new LineSplitter()
  return [...splitter.push(text), ...splitter.end()]
}

/** The lines of bytes, whose faults name where they come from. */
async function* named(
  name: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Line[]> {
  try {
    yield* linesOf(bytes)
  } catch (cause) {
    throw cannotRead(name, cause)
  }
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE)
}

/** Stdin as it comes, until its end or the signal. */
async function* stdin(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (signal?.aborted) return
  const stop = () => process.stdin.destroy()
  signal?.addEventListener('abort', stop)
  try {
    yield* process.stdin as AsyncIterable<Uint8Array>
  } catch (error) {
    if (!signal?.aborted) throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

function refuseFolder(path: string): void {
  if (statSync(path).isDirectory()) throw new InputError(`${path} is a folder, not a file`)
}

function cannotRead(path: string, cause: unknown): InputError {
  return new InputError(`can't read ${path}: ${(cause as Error).message}`, { cause })
}
