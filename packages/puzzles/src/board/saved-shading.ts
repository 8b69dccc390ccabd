/** Numbers and answers of shaded and unshaded cells in files of other programs. */

import type { SavedBoard } from '../notation/formats/forms.ts'
import { errorIn, type Piece, quote } from '../notation/piece.ts'
import { type GridAnswer, NO_CLUE, UNKNOWN_CLUE } from './board.ts'

/** What the characters of a cell without number say. */
export interface NumberSpelling {
  /** No number, or what a player put there. */
  readonly blank: string
  readonly unknown: string
  readonly least: number
  readonly most: number
}

/** Shape [cells]: numbers, `UNKNOWN_CLUE`, `NO_CLUE`. Throws `PuzzleParseError`. */
export function numbersFrom(
  cells: readonly Piece[],
  { blank, unknown, least, most }: NumberSpelling,
): Int16Array {
  return Int16Array.from(cells, (cell) => {
    if (cell.text.length === 1 && blank.includes(cell.text)) return NO_CLUE
    if (cell.text === unknown) return UNKNOWN_CLUE
    const number = /^\d{1,5}$/.test(cell.text) ? Number(cell.text) : -1
    if (number >= least && number <= most) return number
    const blanks = [...blank, unknown].map((character) => `'${character}'`).join(', ')
    throw errorIn(
      cell,
      0,
      `unexpected ${quote(cell.text)}; expected ${blanks} or a number from ${least} to ${most}`,
    )
  })
}

/** An answer of janko.at: each word as `tokens` says, 0 in cells that want no answer. Throws `PuzzleParseError`. */
export function answerFrom(
  solution: SavedBoard,
  tokens: Readonly<Record<string, number>>,
  wantsAnswer: (cell: number) => boolean,
): GridAnswer {
  const words = Object.keys(tokens)
    .map((word) => `'${word}'`)
    .join(', ')
  return Uint8Array.from(solution.cells('the solution'), (piece, cell) => {
    if (!wantsAnswer(cell)) return 0
    const token = tokens[piece.text]
    if (token !== undefined) return token
    throw errorIn(piece, 0, `unexpected ${quote(piece.text)} in the solution; expected ${words}`)
  })
}
