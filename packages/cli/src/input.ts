/** Where puzzles come from: a file, a URL, a puzzle on the command line, or stdin, read as a stream. */
import { existsSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { AnyKind, ReadItem } from '@ptrm/orchestrator'

/** Bad use of the command; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Yields what `input` holds: puzzles and the errors of bad entries. Throws `UsageError` where there is no such input.
 * An abort of `signal` ends it, even while it waits for stdin.
 */
export async function* readPuzzles(
  kind: AnyKind,
  input: string,
  signal: AbortSignal,
): AsyncGenerator<ReadItem<unknown, unknown>> {
  const { lines, source } = await openInput(input, signal)
  const reader = kind.reader(source)
  for await (const line of lines) yield* reader.push(line)
  yield* reader.end()
}

interface Input {
  readonly lines: AsyncIterable<string> | Iterable<string>
  /** Its name in errors. */
  readonly source: string
}

async function openInput(input: string, signal: AbortSignal): Promise<Input> {
  if (input === '-') return { lines: createInterface({ input: process.stdin, signal }), source: '<stdin>' }
  if (/^[a-z]+:\/\//i.test(input)) return { lines: [input], source: '<url>' }
  if (existsSync(input)) return { lines: await openFile(input), source: input }
  if (/[./\\][a-z]\w*$/i.test(input)) throw new UsageError(`no file ${input}`)
  return { lines: input.split('\n'), source: '<puzzle>' }
}

async function openFile(path: string): Promise<AsyncIterable<string>> {
  if (!statSync(path).isFile()) throw new UsageError(`${path} is not a file`)
  try {
    return (await open(path)).readLines({ encoding: 'utf8' })
  } catch (cause) {
    throw new UsageError(`can't read ${path}: ${(cause as Error).message}`, { cause })
  }
}
