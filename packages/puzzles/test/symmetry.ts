/** The eight symmetries of a board, for puzzles and answers of every kind. */
import type { AnyKind } from '../src/kind.ts'
import type { Layout, Move } from './layout.ts'
import { supportOf } from './support.ts'

export interface Symmetry {
  readonly name: string
  readonly moves: readonly Move[]
}

/** All eight, made of two reflections. */
export const SYMMETRIES: readonly Symmetry[] = ['', 'm', 't', 'mt', 'tm', 'mtm', 'tmt', 'tmtm'].map(
  (word) => ({
    name: word || 'none',
    moves: Array.from(word, (letter) => (letter === 'm' ? 'mirror' : 'transpose')),
  }),
)

function move({ rows, cols, from }: Layout, how: Move): Layout {
  const places = Array.from(from.keys())
  if (how === 'mirror')
    return { rows, cols, from: places.map((cell) => from[cell - (cell % cols) + cols - 1 - (cell % cols)]!) }
  return {
    rows: cols,
    cols: rows,
    from: places.map((cell) => from[(cell % rows) * cols + Math.floor(cell / rows)]!),
  }
}

/** A puzzle and answers to it under a symmetry. */
export class Transformed {
  readonly puzzle: unknown
  readonly #kind: AnyKind
  readonly #moves: readonly Move[]
  readonly #layout: Layout

  constructor(kind: AnyKind, puzzle: unknown, { moves }: Symmetry) {
    const { rows, cols } = kind.size(puzzle)
    const start: Layout = { rows, cols, from: Array.from({ length: rows * cols }, (_, cell) => cell) }
    this.#kind = kind
    this.#moves = moves
    this.#layout = moves.reduce(move, start)
    this.puzzle = supportOf(kind).turn(puzzle, this.#layout)
  }

  answer(answer: Uint8Array): Uint8Array {
    const turned = Uint8Array.from(this.#layout.from, (cell) => answer[cell]!)
    const { turnedAnswers } = supportOf(this.#kind)
    if (!turnedAnswers) return turned
    return this.#moves.reduce((tokens, how) => tokens.map((token) => turnedAnswers[how][token]!), turned)
  }
}
