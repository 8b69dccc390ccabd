/**
 * Sudoku in puzz.link and pzv.jp URLs: `?sudoku/9/9/BODY`.
 *
 * BODY lists the cells row by row, in the notation that pzpr calls `decodeNumber16`: a hexadecimal digit is a
 * number, `-` and two or `+` and three hexadecimal digits are a larger one, `g` to `z` are 1 to 20 blank cells.
 */
import { errorIn, type Piece, quoteCharacter } from '../piece.ts'
import { CELLS, SIZE, type SudokuPuzzle } from './board.ts'

const LONGEST_RUN = 20
/** How many hexadecimal digits follow the prefix of a longer number. */
const NUMBER_DIGITS: Readonly<Record<string, number>> = { '-': 2, '+': 3 }
const BODY_CHARACTERS = 'a Sudoku URL has digits 1-9, and g-z for runs of blanks'

/** Whether the line is meant as a URL, of whatever puzzle. */
export function isUrl(text: string): boolean {
  return /^(?:https?:\/\/|\S*[?&](?:sudoku|pzprv3)\b)/i.test(text)
}

/** Reads a URL. Throws `PuzzleParseError` that points into it. */
export function readUrl(line: Piece): SudokuPuzzle {
  const url = /^\S*/.exec(line.text)![0]
  const match = /[?&]([a-z\d]+)(?:_[a-z]+)?\/([^/]*)\/([^/]*)\/([^/&#]*)/d.exec(url)
  if (!match)
    throw errorIn(line, 0, 'expected a URL such as https://puzz.link/p?sudoku/9/9/..., found another')
  const [, name, columns, rows, body] = match
  const [, nameAt, sizeAt, , bodyAt] = match.indices!
  if (name !== 'sudoku') throw errorIn(line, nameAt![0], `expected a 'sudoku' URL, found '${name}'`)
  if (columns !== '9' || rows !== '9') {
    throw errorIn(line, sizeAt![0], `expected a 9x9 Sudoku, found ${columns}x${rows}`)
  }
  return { kind: 'sudoku', givens: readBody(line, body!, bodyAt![0]) }
}

/** The puzzle as a puzz.link URL, spelled as pzpr itself spells it. */
export function toUrl(puzzle: SudokuPuzzle): string {
  let body = ''
  let run = 0
  for (const value of puzzle.givens) {
    if (run === LONGEST_RUN || (run > 0 && value !== 0)) {
      body += runLetter(run)
      run = 0
    }
    if (value === 0) run++
    else body += value
  }
  if (run > 0) body += runLetter(run)
  return `https://puzz.link/p?sudoku/9/9/${body}`
}

function readBody(line: Piece, body: string, bodyAt: number): Uint8Array {
  const givens = new Uint8Array(CELLS)
  let cell = 0
  for (let at = 0; at < body.length; ) {
    const { cells, value, length } = readItem(line, body, at, bodyAt)
    if (cell + cells > CELLS) throw errorIn(line, bodyAt + at, 'the board goes on after its 81 cells')
    if (value > 0) givens[cell] = value
    cell += cells
    at += length
  }
  if (cell < CELLS) throw errorIn(line, bodyAt + body.length, `expected 81 cells, found ${cell}`)
  return givens
}

/** One item of the body: a number in one cell, or a run of blank cells; `length` is its length in characters. */
function readItem(
  line: Piece,
  body: string,
  at: number,
  bodyAt: number,
): Record<'cells' | 'value' | 'length', number> {
  const character = body[at]!
  if (/[g-z]/.test(character)) return { cells: Number.parseInt(character, 36) - 15, value: 0, length: 1 }
  if (character === '.') throw errorIn(line, bodyAt + at, "'?' clues have no meaning in Sudoku")
  const prefix = NUMBER_DIGITS[character] ? 1 : 0
  const digits = body.slice(at + prefix, at + prefix + (NUMBER_DIGITS[character] ?? 1))
  if (!/^[\da-f]+$/.test(digits) || digits.length < (NUMBER_DIGITS[character] ?? 1)) {
    throw errorIn(line, bodyAt + at, `unexpected ${quoteCharacter(body, at)}; ${BODY_CHARACTERS}`)
  }
  const value = Number.parseInt(digits, 16)
  if (value < 1 || value > SIZE) throw errorIn(line, bodyAt + at, `expected a digit 1-9, found ${value}`)
  return { cells: 1, value, length: prefix + digits.length }
}

function runLetter(length: number): string {
  return (15 + length).toString(36)
}
