/** Puzzles with unique solutions, a few of each kind, for tests: generated ones, or the kind's own examples. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { AnyKind } from '../src/kind.ts'

export interface Sample {
  readonly puzzle: unknown
  readonly solution: unknown
  readonly url: string
}

const pencilLines = gunzipSync(readFileSync(new URL('./data/pencil-sample.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')

/**
 * The samples of a kind: all of them (120 for a generated kind: 40 each at 6x6, 8x8, 10x10), or every `every`th; its
 * own examples where nothing was generated.
 */
export function samplesOf(kind: AnyKind, every = 1): Sample[] {
  const lines = pencilLines.filter((line) => JSON.parse(line).type === kind.name)
  if (lines.length > 0)
    return lines.filter((_, index) => index % every === 0).map((line) => readSample(kind, line))
  return kind.examples.map(({ text, answer }) => {
    const puzzle = kind.parse(text)
    return { puzzle, solution: kind.parseAnswer(puzzle, answer), url: kind.toUrl(puzzle) }
  })
}

function readSample(kind: AnyKind, line: string): Sample {
  const [item] = kind.reader().push(line)
  if (!item || 'error' in item) throw new Error(`a bad sample: ${item?.error.message}`)
  return { puzzle: item.puzzle, solution: item.solution, url: JSON.parse(line).url }
}
