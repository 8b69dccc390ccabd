/** Sudoku in puzz.link and pzv.jp URLs: `?sudoku/9/9/BODY`, its cells row by row as pzpr's 16-numbers. */
import { NO_CLUE, UNKNOWN_CLUE } from '../../board/board.ts'
import { errorIn, type Piece } from '../../notation/piece.ts'
import { Body, readNumber16, splitUrl, writeNumber16 } from '../../notation/url.ts'
import { CELLS, SIZE, type SudokuPuzzle } from './board.ts'

const EXAMPLE = 'https://puzz.link/p?sudoku/9/9/...'

/** Reads a URL. Throws `PuzzleParseError` that points into it. */
export function readUrl(line: Piece): SudokuPuzzle {
  const { name, nameAt, sizeAt, cols, rows, body } = splitUrl(line, EXAMPLE)
  if (name !== 'sudoku') throw errorIn(line, nameAt, `expected a 'sudoku' URL, found '${name}'`)
  if (cols !== SIZE || rows !== SIZE)
    throw errorIn(line, sizeAt, `expected a 9x9 Sudoku, found ${cols}x${rows}`)
  const from = new Body(body)
  const values = readNumber16(from, CELLS, 'cells', checkDigit)
  from.end(`its ${CELLS} cells`)
  return { kind: 'sudoku', givens: Uint8Array.from(values, (value) => (value === NO_CLUE ? 0 : value)) }
}

/** The puzzle as a puzz.link URL, spelled as pzpr itself spells it. */
export function toUrl(puzzle: SudokuPuzzle): string {
  return `https://puzz.link/p?sudoku/9/9/${writeNumber16(Array.from(puzzle.givens, (digit) => digit || NO_CLUE))}`
}

function checkDigit(value: number): string | undefined {
  if (value === UNKNOWN_CLUE) return "'?' clues have no meaning in Sudoku"
  return value >= 1 && value <= SIZE ? undefined : `expected a digit 1-9, found ${value}`
}
