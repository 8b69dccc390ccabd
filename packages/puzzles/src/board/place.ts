/** Where a cell stands on its puzzle's board, as people count: from 1. */
import type { GridSize } from './board.ts'

export interface Place {
  readonly row: number
  readonly column: number
}

/** The place of a cell, which is an index into the board, row by row. */
export function placeOf({ cols }: Pick<GridSize, 'cols'>, cell: number): Place {
  return { row: Math.floor(cell / cols) + 1, column: (cell % cols) + 1 }
}

/** `row 2, column 3`. */
export function placeText(size: Pick<GridSize, 'cols'>, cell: number): string {
  const { row, column } = placeOf(size, cell)
  return `row ${row}, column ${column}`
}

/** `row 2 column 3, row 4 column 1`: in a list, commas part the places. */
export function placesText(places: readonly Place[]): string {
  return places.map(({ row, column }) => `row ${row} column ${column}`).join(', ')
}
