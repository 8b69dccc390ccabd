/** How Sudokus are spelled: in URLs, on one line, and as grids of nine rows with the borders of other programs. */
import { NO_CLUE, UNKNOWN_CLUE } from '../../board/board.ts'
import type { Notation } from '../../notation/notation.ts'
import { errorIn } from '../../notation/piece.ts'
import type { PuzzleUrl } from '../../notation/url.ts'
import { Body } from '../../notation/url-body.ts'
import { readNumber16, writeNumber16 } from '../../notation/url-numbers.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { puzzleOn, readPuzzleLine, readStored } from './cells.ts'
import { SudokuGrids, WANTED } from './grids.ts'
import { saved } from './saved.ts'

/** Made of border characters alone, with two horizontal ones side by side: no row of cells has those. */
const BORDER = /^[-=+|:.*'\s\u2500-\u257f]+$/
const HORIZONTAL = /[-=+\u2500\u2501\u2550]{2}/

export const notation: Notation<SudokuPuzzle, SudokuAnswer> = {
  name: 'sudoku',
  title: 'Sudoku',
  urlNames: ['sudoku'],
  size: { rows: SIZE, cols: SIZE },
  readBody,
  grids: () => new SudokuGrids(),
  wanted: WANTED,
  oneLine: { on: puzzleOn, read: readPuzzleLine },
  readSolution: (_puzzle, solution) => readStored(solution),
  isFrame: (text) => BORDER.test(text) && HORIZONTAL.test(text),
  saved,
}

function readBody({ rows, cols, size, body }: PuzzleUrl): SudokuPuzzle {
  if (cols !== SIZE || rows !== SIZE) throw errorIn(size, 0, `expected a 9x9 Sudoku, found ${cols}x${rows}`)
  const from = new Body(body)
  const values = readNumber16(from, CELLS, 'cells', checkDigit)
  from.end(`its ${CELLS} cells`)
  return { kind: 'sudoku', givens: Uint8Array.from(values, (value) => (value === NO_CLUE ? 0 : value)) }
}

function checkDigit(value: number): string | undefined {
  if (value === UNKNOWN_CLUE) return "'?' clues have no meaning in Sudoku"
  return value >= 1 && value <= SIZE ? undefined : `expected a digit 1-9, found ${value}`
}

/** The puzzle as a puzz.link URL, spelled as pzpr itself spells it. */
export function toUrl(puzzle: SudokuPuzzle): string {
  const values = Array.from(puzzle.givens, (digit) => digit || NO_CLUE)
  return `https://puzz.link/p?sudoku/${SIZE}/${SIZE}/${writeNumber16(values)}`
}

export function toGrid({ givens }: SudokuPuzzle): string {
  const rows = Array.from({ length: SIZE }, (_, row) => givens.subarray(row * SIZE, (row + 1) * SIZE))
  return rows.map((row) => Array.from(row, (digit) => digit || '.').join(' ')).join('\n')
}
