/** The Sudoku board: its data and its 27 units. */

export interface SudokuPuzzle {
  readonly kind: 'sudoku'
  /** Shape [81], row by row, 0 = blank. */
  readonly givens: Uint8Array
}

/** Shape [81], digits 1-9. */
export type SudokuAnswer = Uint8Array

export const SIZE = 9
export const CELLS = 81

/** Rows, columns, boxes, each with a name for messages and its nine cells. */
export const UNITS: readonly { readonly name: string; readonly cells: readonly number[] }[] = [
  ...unitsOf('row', (unit, i) => unit * 9 + i),
  ...unitsOf('column', (unit, i) => i * 9 + unit),
  ...unitsOf(
    'box',
    (unit, i) => (Math.floor(unit / 3) * 3 + Math.floor(i / 3)) * 9 + (unit % 3) * 3 + (i % 3),
  ),
]

function unitsOf(name: string, cell: (unit: number, i: number) => number) {
  const nine = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  return nine.map((unit) => ({ name: `${name} ${unit + 1}`, cells: nine.map((i) => cell(unit, i)) }))
}
