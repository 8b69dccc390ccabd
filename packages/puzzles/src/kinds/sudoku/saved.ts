/** Sudoku in files of other programs. */

import type { SavedForms } from '../../notation/formats/forms.ts'
import type { SavedBoard } from '../../notation/formats/saved-board.ts'
import { errorIn, type Piece, quote } from '../../notation/piece.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { readSolution } from './cells.ts'

export const saved: SavedForms<SudokuPuzzle, SudokuAnswer> = {
  pzprv3: {
    isSquare: true,
    lines: ({ rows }) => 2 * rows,
    read: (board) => digits(plainCells(board), '.'),
  },
  janko: {
    name: 'sudoku',
    read: (board) => digits(plainCells(board), '-.'),
    readSolution: (puzzle, solution) => {
      const cells = plainCells(solution, 'the solution')
      return readSolution({ text: cells.map(({ text }) => text).join(''), where: cells[0]!.where }, puzzle)
    },
  },
  digits: (cells) => digits(cells),
}

function plainCells(board: SavedBoard, what?: string): Piece[] {
  const { rows, cols } = board
  const cells = board.cells(what)
  if (rows !== SIZE || cols !== SIZE)
    throw errorIn(cells[0]!, 0, `a Sudoku of ${rows}x${cols}: only plain 9x9 is read`)
  return cells
}

function digits(cells: readonly Piece[], blanks = '.0'): SudokuPuzzle {
  const givens = Uint8Array.from(cells, (cell) => {
    if (cell.text.length === 1 && blanks.includes(cell.text)) return 0
    if (/^[1-9]$/.test(cell.text)) return Number(cell.text)
    const blank = [...blanks].map((character) => `'${character}'`).join(' or ')
    throw errorIn(cell, 0, `unexpected ${quote(cell.text)}; a cell is a digit 1-9, or ${blank} for blank`)
  })
  if (givens.length !== CELLS)
    throw errorIn(cells.at(-1)!, 0, `expected ${CELLS} cells, found ${givens.length}`)
  return { kind: 'sudoku', givens }
}
