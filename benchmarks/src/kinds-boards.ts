/** Boards to judge: puzzles of each kind with their unique solutions, and what is left of them after some errors. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type AnyKind, itemsOf } from '@ptrm/puzzles'
import { mulberry32 } from './random-trm.ts'

/** A board as a rollout hands it to the rules: a puzzle, and answer tokens. */
export interface Board {
  readonly puzzle: unknown
  readonly tokens: Uint8Array
}

/** By name: how many answer tokens are wrong, out of `count`. */
export const ERRORS: Readonly<Record<string, (count: number) => number>> = {
  solved: () => 0,
  '1 cell wrong': () => 1,
  'a quarter wrong': (count) => Math.ceil(count / 4),
}

/** Enough that no branch predictor learns them by heart. */
const BOARDS = 1000

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url))

/** The repository's own puzzles of a kind, with solutions, one a line. */
function textOf(kind: AnyKind): string {
  if (kind.name === 'sudoku') return read('examples/sudoku-dev-200.csv').toString()
  const lines = gunzipSync(read('packages/puzzles/test/data/pencil-sample.jsonl.gz')).toString().split('\n')
  return lines.filter((line) => line !== '' && JSON.parse(line).type === kind.name).join('\n')
}

/** The puzzles of the largest size with their solutions as tokens. Throws Error where there are none. */
export function solvedBoards(kind: AnyKind): Board[] {
  const items = [...itemsOf(kind.reader(), textOf(kind))]
  const found = items.flatMap((item) => {
    if ('error' in item) throw item.error
    return item.solution === undefined ? [] : [{ ...item, size: sizeOf(kind, item.puzzle) }]
  })
  if (found.length === 0) throw new Error(`no puzzles of kind ${kind.name} with solutions to judge`)
  const largest = Math.max(...found.map(({ size }) => size))
  return found
    .filter(({ size }) => size === largest)
    .map(({ puzzle, solution }) => ({ puzzle, tokens: kind.encodeAnswer(puzzle, solution) }))
}

function sizeOf(kind: AnyKind, puzzle: unknown): number {
  const { rows, cols } = kind.size(puzzle)
  return rows * cols
}

/** `BOARDS` boards made of the solved ones in turn, each with so many answer tokens replaced by others, seeded. */
export function withErrors(solved: readonly Board[], errorsOf: (count: number) => number): Board[] {
  const random = mulberry32(1)
  return Array.from({ length: BOARDS }, (_, i) => {
    const { puzzle, tokens } = solved[i % solved.length]!
    const values = [...new Set(tokens)].filter((token) => token > 0)
    const asked = [...tokens.keys()].filter((place) => tokens[place]! > 0)
    const wrong = tokens.slice()
    for (let left = errorsOf(asked.length); left > 0; left--) {
      const [place] = asked.splice(Math.floor(random() * asked.length), 1) as [number]
      const others = values.filter((value) => value !== tokens[place])
      wrong[place] = others[Math.floor(random() * others.length)]!
    }
    return { puzzle, tokens: wrong }
  })
}
