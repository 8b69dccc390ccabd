/** Puzzles with unique solutions, a few of each kind, for tests: two Sudokus, and generated pencil puzzles. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { AnyKind } from '../src/kind.ts'
import { kindNamed } from '../src/registry.ts'

export interface Sample {
  readonly puzzle: unknown
  readonly solution: unknown
  readonly url: string
}

const SUDOKU = [
  [
    '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.',
    '528194637193567824467823519241935768639748251875612493712386945384259176956471382',
  ],
  [
    '5...7...2.83.62..9...5.8.3.7..6....4.5.9..1......54....9.....78.7....2......2..1.',
    '569173842183462759427598631732681594854937126916254387295316478371849265648725913',
  ],
] as const

const pencilLines = gunzipSync(readFileSync(new URL('./data/pencil-sample.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')

/** The samples of a kind: all of them (120 for a pencil kind: 40 each at 6x6, 8x8, 10x10), or every `every`th. */
export function samplesOf(kind: AnyKind, every = 1): Sample[] {
  if (kind.name === 'sudoku') {
    const sudoku = kindNamed('sudoku')
    return SUDOKU.map(([text, line]) => {
      const puzzle = sudoku.parse(text)
      return { puzzle, solution: sudoku.parseAnswer(puzzle, line), url: sudoku.toUrl(puzzle) }
    })
  }
  const lines = pencilLines.filter((line) => JSON.parse(line).type === kind.name)
  return lines.filter((_, index) => index % every === 0).map((line) => readSample(kind, line))
}

function readSample(kind: AnyKind, line: string): Sample {
  const [item] = kind.reader().push(line)
  if (!item || 'error' in item) throw new Error(`a bad sample: ${item?.error.message}`)
  return { puzzle: item.puzzle, solution: item.solution, url: JSON.parse(line).url }
}
