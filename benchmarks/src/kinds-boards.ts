/** Boards to judge: puzzles of each kind with their unique solutions, and what is left of them after some errors. */
import { existsSync, readFileSync } from 'node:fs'
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

const inRepository = (path: string) => new URL(`../../${path}`, import.meta.url)

interface SolvedPuzzle {
  readonly puzzle: unknown
  readonly solution: unknown
}

/** The repository's own puzzles of a kind, with solutions: a file of them, the sample of many kinds, or its examples. */
function puzzlesOf(kind: AnyKind): SolvedPuzzle[] {
  const own = inRepository(`examples/${kind.name}-dev-200.csv`)
  const found = readSolved(kind, existsSync(own) ? readFileSync(own).toString() : sampleOf(kind))
  if (found.length > 0) return found
  return kind.examples.map(({ text, answer }) => {
    const puzzle = kind.parse(text)
    return { puzzle, solution: kind.parseAnswer(puzzle, answer) }
  })
}

function sampleOf(kind: AnyKind): string {
  const file = readFileSync(inRepository('packages/puzzles/test/data/pencil-sample.jsonl.gz'))
  const lines = gunzipSync(file).toString().split('\n')
  return lines.filter((line) => line !== '' && JSON.parse(line).type === kind.name).join('\n')
}

function readSolved(kind: AnyKind, text: string): SolvedPuzzle[] {
  return [...itemsOf(kind.reader(), text)].flatMap((item) => {
    if ('error' in item) throw item.error
    const { puzzle, solution } = item
    return solution === undefined ? [] : [{ puzzle, solution }]
  })
}

/** The puzzles of the largest size with their solutions as tokens. */
export function solvedBoards(kind: AnyKind): Board[] {
  const found = puzzlesOf(kind).map((one) => ({ ...one, size: sizeOf(kind, one.puzzle) }))
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
