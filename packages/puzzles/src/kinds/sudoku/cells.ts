/** Reads the cells of a Sudoku from a piece of a line: digits, blanks, and what may stand between them. */
import { placeText } from '../../board/place.ts'
import { cut, errorIn, type Piece, quoteCharacter } from '../../notation/piece.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { verify } from './rules.ts'

/** Cells, and the offset of each in the piece that they were read from. */
export interface Cells {
  readonly values: Uint8Array
  readonly offsets: readonly number[]
}

const BLANKS = '.0*_'
const CELL_VALUES: ReadonlyMap<string, number> = new Map([
  ...[...BLANKS].map((character) => [character, 0] as const),
  ...[...'123456789'].map((digit) => [digit, Number(digit)] as const),
])
const SEPARATOR = /[\s|,;/\u2500-\u257f]/
const WANTED_CELL = 'a cell is a digit 1-9 or one of . 0 * _ for blank'
/** An unbroken puzzle at the start of a line; what follows it is no cell of it. */
const COMPACT = /^[\d.*_]{81}(?=$|[\s,;#])/

/** More characters than this on one line can't be meant as a row of 9 cells. */
const LONGEST_ROW = 2 * SIZE

/** Whether a line can be meant as a row of a grid: it is not too long without its separators and its comment. */
export function isShort(line: Piece): boolean {
  let count = 0
  for (const character of line.text) {
    if (character === '#') break
    if (!SEPARATOR.test(character) && ++count > LONGEST_ROW) return false
  }
  return true
}

/** Whether the first character that is no separator is a cell. */
export function startsWithCell(line: Piece): boolean {
  for (const character of line.text) if (!SEPARATOR.test(character)) return CELL_VALUES.has(character)
  return false
}

/** Reads the 9 cells of a grid's row. Throws `PuzzleParseError`. */
export function readGridRow(line: Piece): Cells {
  return readCells(line, SIZE, 'cells in this row of the grid')
}

/** Reads 81 cells, with a solution beside them if there is one. Throws `PuzzleParseError`. */
export function readPuzzleLine(line: Piece): { puzzle: SudokuPuzzle; solution?: SudokuAnswer } {
  if (!COMPACT.test(line.text)) return { puzzle: readPuzzle(line) }
  const puzzle = readPuzzle(cut(line, 0, CELLS))
  const rest = /^[\s,;]*/.exec(line.text.slice(CELLS))![0].length + CELLS
  const next = /^[^\s,;#]*/.exec(line.text.slice(rest))![0]
  // A long run of cells is meant as a solution; anything else (rating, name, comment) is a remark.
  if (!/^[\d.*_]{10,}$/.test(next)) return { puzzle }
  return { puzzle, solution: readSolution(cut(line, rest, rest + next.length), puzzle) }
}

/** Reads the solution of the puzzle. Throws `PuzzleParseError`, also when it doesn't solve the puzzle. */
export function readSolution(piece: Piece, puzzle: SudokuPuzzle): SudokuAnswer {
  const { values, offsets } = readCells(piece, CELLS, 'cells in the solution')
  const [violation] = verify(puzzle, values)
  if (!violation) return values
  const cell = violation.cells[0]!
  const place = placeText({ cols: SIZE }, cell)
  const reason = `this solution does not solve the puzzle: ${violation.rule} (at ${place})`
  throw errorIn(piece, offsets[cell]!, reason)
}

/** Reads an answer, filled or in part: 81 cells, over lines or in one run. Throws `PuzzleParseError`. */
export function readAnswer(piece: Piece): SudokuAnswer {
  return readCells(piece, CELLS, 'cells in the answer').values
}

function readPuzzle(piece: Piece): SudokuPuzzle {
  return { kind: 'sudoku', givens: readCells(piece, CELLS, 'cells').values }
}

function readCells(piece: Piece, wanted: number, what: string): Cells {
  const { text } = piece
  const values: number[] = []
  const offsets: number[] = []
  for (let offset = 0; offset < text.length && text[offset] !== '#'; offset++) {
    const value = CELL_VALUES.get(text[offset]!)
    if (value === undefined) {
      if (SEPARATOR.test(text[offset]!)) continue
      throw errorIn(piece, offset, `unexpected ${quoteCharacter(text, offset)}; ${WANTED_CELL}`)
    }
    values.push(value)
    offsets.push(offset)
  }
  if (values.length !== wanted) {
    const offset = offsets[wanted] ?? (offsets.at(-1) ?? -1) + 1
    throw errorIn(piece, offset, `expected ${wanted} ${what}, found ${values.length}`)
  }
  return { values: Uint8Array.from(values), offsets }
}
