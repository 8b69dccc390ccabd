/** Where puzzles come from: a file, a URL, a puzzle on the command line, or stdin, read as a stream. */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Kind, ReadItem } from '@ptrm/orchestrator'

/** Bad use of the command; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Yields what `input` holds: puzzles and the errors of bad entries. Throws `UsageError` where there is no such input. */
export async function* readPuzzles(
  // biome-ignore lint/suspicious/noExplicitAny: a kind's puzzle and answer types are its own
  kind: Kind<any, any>,
  input: string,
): AsyncGenerator<ReadItem<unknown, unknown>> {
  const { stream, source } = open(input)
  const reader = kind.reader(source)
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield* reader.push(line)
  }
  yield* reader.end()
}

function open(input: string): { stream: Readable; source: string } {
  if (input === '-') return { stream: process.stdin, source: '<stdin>' }
  if (/^[a-z]+:\/\//i.test(input)) return { stream: Readable.from([input]), source: '<url>' }
  if (existsSync(input)) {
    if (!statSync(input).isFile()) throw new UsageError(`${input} is not a file`)
    return { stream: createReadStream(input, 'utf8'), source: input }
  }
  if (/[./\\][a-z]\w*$/i.test(input)) throw new UsageError(`no file ${input}`)
  return { stream: Readable.from([input]), source: '<puzzle>' }
}
