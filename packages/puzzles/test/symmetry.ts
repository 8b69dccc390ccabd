/** The eight symmetries of a board, for puzzles and answers of every kind. */
import type { AnyKind } from '../src/kind.ts'

/** A board's cells as they come to lie: the old places, row by row. */
interface Layout {
  readonly rows: number
  readonly cols: number
  readonly from: readonly number[]
}

/** Left and right change places, or rows and columns do. */
type Move = 'mirror' | 'transpose'

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

/** Shakashaka's triangles (2-5: lower left, lower right, upper right, upper left) under a move. */
const TRIANGLES: Readonly<Record<Move, readonly number[]>> = {
  mirror: [0, 1, 3, 2, 5, 4],
  transpose: [0, 1, 4, 3, 2, 5],
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
    this.puzzle = this.#turn(puzzle)
  }

  answer(answer: Uint8Array): Uint8Array {
    const turned = Uint8Array.from(this.#layout.from, (cell) => answer[cell]!)
    if (this.#kind.name !== 'shakashaka') return turned
    return this.#moves.reduce((tokens, how) => tokens.map((token) => TRIANGLES[how][token]!), turned)
  }

  #turn(puzzle: unknown): unknown {
    const { rows, cols, from } = this.#layout
    if (this.#kind.name === 'sudoku') {
      const { givens } = puzzle as { givens: Uint8Array }
      return { ...(puzzle as object), givens: Uint8Array.from(from, (cell) => givens[cell]!) }
    }
    if (this.#kind.name === 'heyawake') {
      const { rooms, clues } = puzzle as { rooms: Int16Array; clues: Int16Array }
      // Rooms are counted in the order of their first cells.
      const order = [...new Set(from.map((cell) => rooms[cell]!))]
      return {
        ...(puzzle as object),
        rows,
        cols,
        rooms: Int16Array.from(from, (cell) => order.indexOf(rooms[cell]!)),
        clues: Int16Array.from(order, (room) => clues[room]!),
      }
    }
    const { clues } = puzzle as { clues: Int8Array | Int16Array | readonly unknown[] }
    const turned = from.map((cell) => clues[cell]!)
    return { ...(puzzle as object), rows, cols, clues: likeArray(clues, turned) }
  }
}

/** The values in an array of the same type. */
function likeArray(model: Int8Array | Int16Array | readonly unknown[], values: readonly unknown[]): unknown {
  if (model instanceof Int8Array) return Int8Array.from(values as number[])
  if (model instanceof Int16Array) return Int16Array.from(values as number[])
  return values
}
