/** The rectangular board that all pencil kinds share: its size and its neighbours. */

export interface GridSize {
  readonly rows: number
  readonly cols: number
}

/** What every pencil puzzle is at least: structured-cloneable data. */
export interface GridPuzzle extends GridSize {
  readonly kind: string
}

/**
 * Shape [rows * cols], row by row: the answer tokens of the kind, which count from 1. 0 stands where nothing is
 * decided yet, and in the cells where nothing is to be decided (walls, clues).
 */
export type GridAnswer = Uint8Array

/** Not decided, or nothing to decide. */
export const UNDECIDED = 0

/** Larger boards are refused when read. */
export const MAX_SIDE = 50
/** The board that people are given who name no size. */
export const USUAL_SIZE: GridSize = { rows: 10, cols: 10 }

/** Clues as numbers: 0 and up are themselves. */
export const NO_CLUE = -2
export const UNKNOWN_CLUE = -1

/** The clue as people read it: a number, `?`, or nothing. */
export function clueText(clue: number): string {
  if (clue === NO_CLUE) return ''
  return clue === UNKNOWN_CLUE ? '?' : String(clue)
}

function isSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= MAX_SIDE
}

const neighbourTables = new Map<number, Int16Array>()

/**
 * Shape [cells * 4]: the cells above, right, below and left of each, -1 where the board ends. Cached by size. Throws
 * `RangeError` for sides that no board has.
 */
export function neighbours({ rows, cols }: GridSize): Int16Array {
  if (!isSide(rows) || !isSide(cols))
    throw new RangeError(`a board of ${rows}x${cols}: sides are 1 to ${MAX_SIDE}`)
  const key = rows * (MAX_SIDE + 1) + cols
  let table = neighbourTables.get(key)
  if (!table) {
    table = new Int16Array(rows * cols * 4)
    for (let cell = 0; cell < rows * cols; cell++) {
      const row = Math.floor(cell / cols)
      const col = cell % cols
      table.set(
        [
          row > 0 ? cell - cols : -1,
          col < cols - 1 ? cell + 1 : -1,
          row < rows - 1 ? cell + cols : -1,
          col > 0 ? cell - 1 : -1,
        ],
        cell * 4,
      )
    }
    neighbourTables.set(key, table)
  }
  return table
}
