/** Puts a puzzle's tokens on the board that a model takes, and cuts its answers back to the puzzle. Knows no engine. */
import type { BoardSize, TokenBoard, TrmConfig } from '@ptrm/core-wasm'
import { bundledModel, takesBoard } from '@ptrm/models'
import { fixedBoard } from '@ptrm/puzzles'
import { BoardTooLargeError } from './errors.ts'

/** The token of the places outside a smaller board. */
const OUTSIDE = 0

/** A puzzle's tokens where a model finds them. */
export interface Placed {
  /** As the model takes it. */
  readonly board: TokenBoard
  /** Its rows and columns, from the top left, that are the puzzle's. */
  readonly size: BoardSize
}

/**
 * A puzzle's own board at the top left of the one that the model takes: the model's only one, or, for a model of any
 * size, the puzzle's, padded up to the least that the model wants. Throws `BoardTooLargeError`, which calls the model
 * by `name`.
 */
export function placeOnModel(
  kind: string,
  puzzle: TokenBoard,
  config: Pick<TrmConfig, 'seqLen' | 'leastBoard'>,
  name?: string,
): Placed {
  const size = { rows: puzzle.rows, columns: puzzle.columns }
  const { rows, columns } = boardFor(kind, size, config, name)
  if (rows === size.rows && columns === size.columns) return { board: puzzle, size }
  const tokens = new Uint8Array(rows * columns).fill(OUTSIDE)
  for (let row = 0; row < size.rows; row++)
    tokens.set(puzzle.tokens.subarray(row * size.columns, (row + 1) * size.columns), row * columns)
  return { board: { rows, columns, tokens }, size }
}

/** Whatever else a model says of its board: its answer where the puzzle is. Its argument where that is all of it. */
export function cutToPuzzle(tokens: Uint8Array, board: BoardSize, size: BoardSize): Uint8Array {
  if (board.rows === size.rows && board.columns === size.columns) return tokens
  const cut = new Uint8Array(size.rows * size.columns)
  for (let row = 0; row < size.rows; row++) {
    const from = row * board.columns
    cut.set(tokens.subarray(from, from + size.columns), row * size.columns)
  }
  return cut
}

function boardFor(
  kind: string,
  size: BoardSize,
  config: Pick<TrmConfig, 'seqLen' | 'leastBoard'>,
  name: string | undefined,
): BoardSize {
  const { seqLen, leastBoard = size } = config
  if (seqLen === undefined)
    return {
      rows: Math.max(size.rows, leastBoard.rows),
      columns: Math.max(size.columns, leastBoard.columns),
    }
  const fixed = fixedBoard(config)
  if (fixed && size.rows <= fixed.rows && size.columns <= fixed.columns) return fixed
  throw new BoardTooLargeError(kind, size, fixed ?? seqLen, name, otherFor(kind, size))
}

/** The name of the bundled model that takes such a board. */
function otherFor(kind: string, size: BoardSize): string | undefined {
  const board = { rows: size.rows, cols: size.columns }
  const other = bundledModel(kind, board)
  return other && takesBoard(other, board) ? other.name : undefined
}
