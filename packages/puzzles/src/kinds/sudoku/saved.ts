/** Sudoku in files of other programs. */

import type { SavedBoard, SavedForms } from '../../notation/formats/forms.ts'
import { cut, errorIn, type Piece, quote } from '../../notation/piece.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { readSolution } from './cells.ts'

/** Solo's: columns and rows of a block, then flags; a jigsaw may have one number. */
const PARAMETERS = /^(\d+)(?:x(\d+))?([a-z\d]*)$/
/** Solo's cells: a run of blanks, a number, or what parts two numbers. */
const RUNS = /[a-z]|\d+|_/g

export const saved: SavedForms<SudokuPuzzle, SudokuAnswer> = {
  pzprv3: {
    isSquare: true,
    lines: ({ rows }) => 2 * rows,
    read: (board) => digits(plainCells(board), '.'),
  },
  janko: {
    read: (board) => digits(plainCells(board), '-.'),
    readSolution: (puzzle, solution) => {
      const cells = plainCells(solution, 'the solution')
      return readSolution({ text: cells.map(({ text }) => text).join(''), where: cells[0]!.where }, puzzle)
    },
  },
  tatham: {
    fits: (parameters, description) => {
      const sides = PARAMETERS.exec(parameters)?.slice(1, 3)
      const side = sides?.reduce((product, number) => product * Number(number ?? 1), 1) ?? 0
      return countCells(description) === side * side
    },
    read: (parameters, description) => {
      const [, cols, rows, flags = ''] = PARAMETERS.exec(parameters.text) ?? []
      // Of the flags, j says jigsaw, k killer, x diagonals; others say how the board was made.
      if (cols !== '3' || rows !== '3' || /[jkx]/.test(flags.replaceAll(/d[a-z]/g, '')))
        throw errorIn(parameters, 0, `a Sudoku ${quote(parameters.text)}: only plain 9x9, '3x3', is read`)
      return digits(cellsFrom(description))
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

/** The cells of a game of Solo, where a letter is a run of 1 to 26 blanks. */
function cellsFrom(description: Piece): Piece[] {
  const strange = description.text.search(/[^a-z\d_]/)
  if (strange >= 0)
    throw errorIn(
      description,
      strange,
      `unexpected ${quote(description.text[strange]!)}; expected a-z, 1-9 or _`,
    )
  return [...description.text.matchAll(RUNS)].flatMap(({ 0: text, index }) => {
    const piece = cut(description, index, index + text.length)
    if (text === '_') return []
    return /[a-z]/.test(text) ? Array<Piece>(runOf(text)).fill({ ...piece, text: '.' }) : [piece]
  })
}

/** How many cells a description says, whatever stands behind its cells; -1 where it is none of Solo. */
function countCells(description: string): number {
  const [cells = ''] = description.split(',')
  if (!/^[a-z\d_]+$/.test(cells)) return -1
  return (cells.match(RUNS) ?? []).reduce((sum, text) => sum + runOf(text), 0)
}

function runOf(text: string): number {
  if (text === '_') return 0
  return /[a-z]/.test(text) ? Number.parseInt(text, 36) - 9 : 1
}
