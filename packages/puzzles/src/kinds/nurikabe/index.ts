/**
 * Nurikabe: shade cells to a connected sea without 2x2 squares; what stays are islands, each with one number that says
 * how many cells it has.
 *
 * Tokens: 0 outside the board; answers 1 unshaded, 2 shaded; input 3 no clue, 4 `?`, 4 + n the clue n (1 to 59).
 */

import { clueText, type GridAnswer, NO_CLUE, UNKNOWN_CLUE } from '../../board/board.ts'
import { gridKind } from '../../board/grid-kind.ts'
import { placeText } from '../../board/place.ts'
import { SHADING_SPELLING } from '../../board/shading.ts'
import { ClueWithoutTokenError } from '../../errors.ts'
import type { Kind } from '../../kind.ts'
import { errorIn, type Piece, quote } from '../../notation/piece.ts'
import { Body } from '../../notation/url-body.ts'
import { MOST_NUMBER16, readNumber16, writeNumber16 } from '../../notation/url-numbers.ts'
import { examples } from './examples.ts'
import { faces } from './face.ts'
import type { NurikabePuzzle } from './puzzle.ts'
import { broken, isSolved } from './rules.ts'
import { saved } from './saved.ts'

export type { NurikabePuzzle } from './puzzle.ts'

const FIRST_INPUT_TOKEN = 3
const MOST_CLUE_AS_TOKEN = 59

export const nurikabe: Kind<NurikabePuzzle, GridAnswer> = gridKind<NurikabePuzzle>({
  name: 'nurikabe',
  title: 'Nurikabe',
  examples,
  urlNames: ['nurikabe'],
  answers: { ...SHADING_SPELLING, wantsAnswer: ({ clues }, cell) => clues[cell] === NO_CLUE },
  tokens: FIRST_INPUT_TOKEN + 1 + MOST_CLUE_AS_TOKEN + 1,
  readBody: ({ rows, cols, body }) => {
    const from = new Body(body)
    const check = (clue: number) => (clue === 0 ? 'expected a clue of 1 or more, found 0' : undefined)
    const clues = readNumber16(from, rows * cols, 'cells', check)
    from.end(`its ${rows * cols} cells`)
    return { kind: 'nurikabe', rows, cols, clues }
  },
  writeBody: ({ clues }) => writeNumber16(clues),
  readGrid: (rows) => {
    const clues = Int16Array.from(rows.flat(), readCell)
    return { kind: 'nurikabe', rows: rows.length, cols: rows[0]!.length, clues }
  },
  cellText: ({ clues }, cell) => clueText(clues[cell]!) || '.',
  token,
  broken,
  isSolved,
  faces,
  saved,
  editing: {
    hint: 'A number says how many cells its island has, ? leaves it open',
    choices: () => ['.', '?', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  },
})

function readCell(piece: Piece): number {
  if (/^[._]$/.test(piece.text)) return NO_CLUE
  if (piece.text === '?') return UNKNOWN_CLUE
  const clue = /^\d{1,5}$/.test(piece.text) ? Number(piece.text) : 0
  if (clue >= 1 && clue <= MOST_NUMBER16) return clue
  const wanted = `'.' for a cell without clue, a number from 1 to ${MOST_NUMBER16}, or '?'`
  throw errorIn(piece, 0, `unexpected ${quote(piece.text)}; expected ${wanted}`)
}

function token(puzzle: NurikabePuzzle, cell: number): number {
  const clue = puzzle.clues[cell]!
  if (clue > MOST_CLUE_AS_TOKEN)
    throw new ClueWithoutTokenError(puzzle.kind, String(clue), placeText(puzzle, cell))
  if (clue === NO_CLUE) return FIRST_INPUT_TOKEN
  return FIRST_INPUT_TOKEN + 1 + Math.max(0, clue)
}
