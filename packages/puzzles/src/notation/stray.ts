/** Errors of lines that are no row of any board. */
import type { PuzzleParseError } from '../errors.ts'
import { cut, errorIn, type Piece, quote } from './piece.ts'

/** Prose has words; a row without any may be damaged. */
export const HAS_WORD: RegExp = /\p{L}{2}/u
/** Characters; the rows of the widest boards have fewer. */
export const LONGEST_ROW = 4000

/** The error of a line that is no puzzle and no row of one. */
export function strayLine(line: Piece, wanted: string): PuzzleParseError {
  const shown = cut(line)
  const text = shown.text.length > 40 ? `${shown.text.slice(0, 40)}…` : shown.text
  return errorIn(shown, 0, `no puzzle: found ${quote(text)}, expected ${wanted}`)
}

export function tooLong(row: Piece): PuzzleParseError {
  return errorIn(cut(row), 0, `a row of ${row.text.length} characters: expected at most ${LONGEST_ROW}`)
}
