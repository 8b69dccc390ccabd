/**
 * Tapa: shade cells to one connected wall without 2x2 squares; a clue's numbers are the lengths of the runs of shaded
 * cells around it, in any order.
 *
 * Tokens: 0 outside the board; answers 1 unshaded, 2 shaded; input 3 no clue, 4 + i the clue i of `CLUES`.
 */

import { type GridAnswer, NO_CLUE, UNKNOWN_CLUE } from '../../board/board.ts'
import { gridKind } from '../../board/grid-kind.ts'
import { placeText } from '../../board/place.ts'
import { SHADING_SPELLING } from '../../board/shading.ts'
import { ClueWithoutTokenError } from '../../errors.ts'
import type { Kind } from '../../kind.ts'
import { errorIn, type Piece, quote } from '../../notation/piece.ts'
import type { PuzzleUrl } from '../../notation/url.ts'
import { Body } from '../../notation/url-body.ts'
import { readRuns, writeRuns } from '../../notation/url-numbers.ts'
import { CLUES, clueOf, clueText, codeOf, placeOfClue, readClue, type TapaClue } from './clues.ts'
import { examples } from './examples.ts'
import { faces } from './face.ts'
import type { TapaPuzzle } from './puzzle.ts'
import { broken, isSolved } from './rules.ts'
import { saved } from './saved.ts'

export type { TapaPuzzle } from './puzzle.ts'

const FIRST_INPUT_TOKEN = 3
const WANTED = "one number 0-8, two of 1-5, three of 1-3 or four of 1, any of them '?' where it is not known"

export const tapa: Kind<TapaPuzzle, GridAnswer> = gridKind<TapaPuzzle>({
  name: 'tapa',
  title: 'Tapa',
  examples,
  urlNames: ['tapa'],
  answers: { ...SHADING_SPELLING, wantsAnswer: ({ clues }, cell) => clues[cell]!.length === 0 },
  tokens: FIRST_INPUT_TOKEN + 1 + CLUES.length,
  readBody,
  writeBody: ({ clues }) =>
    writeRuns(
      clues.map((clue) => (clue.length === 0 ? NO_CLUE : codeOf(clue)!)),
      (code) => (code === UNKNOWN_CLUE ? '.' : code.toString(36)),
    ),
  readGrid: (rows) => {
    const clues = rows.flat().map(readCell)
    return { kind: 'tapa', rows: rows.length, cols: rows[0]!.length, clues }
  },
  // The numbers of a clue stand apart there.
  field: (text) => text.replaceAll(/(?<=[\d?])[\s,]+(?=[\d?])/g, ''),
  cellText: ({ clues }, cell) => clueText(clues[cell]!) || '.',
  token,
  broken,
  isSolved,
  faces,
  saved,
  editing: {
    hint: 'The numbers of a clue are typed one after the other, ? where one is not known',
    choices: () => ['.', '?', '0', '1', '2', '3', '4', '5', '6', '7', '8'],
  },
})

function readBody({ rows, cols, body }: PuzzleUrl): TapaPuzzle {
  const from = new Body(body)
  const codes = readRuns(from, rows * cols, 'cells', readItem)
  from.end(`its ${rows * cols} cells`)
  const clues = Array.from(codes, (code) => (code === NO_CLUE ? [] : clueOf(code)!))
  return { kind: 'tapa', rows, cols, clues }
}

/** One clue's code or a run of the URL. */
function readItem(body: Body): { readonly value: number; readonly blanks: number } {
  const character = body.peek()
  if (/[g-z]/.test(character)) {
    body.take()
    return { value: NO_CLUE, blanks: Number.parseInt(character, 36) - 15 }
  }
  const text = body.peek(/[a-f]/.test(character) ? 2 : 1)
  const code =
    text === '.' ? UNKNOWN_CLUE : /^(?:\d|[a-f][\da-z])$/.test(text) ? Number.parseInt(text, 36) : -2
  if (!clueOf(code))
    throw body.unexpected("a clue (0-9, '.' for '?', a0-d7 for several numbers) or g-z for a run of blanks")
  body.take(text.length)
  return { value: code, blanks: 0 }
}

function readCell(piece: Piece): TapaClue {
  if (/^[._]$/.test(piece.text)) return []
  const clue = readClue(piece.text)
  if (clue) return clue
  const reason = `unexpected ${quote(piece.text)}; expected '.' for a cell without clue, or a clue's numbers run together`
  throw errorIn(piece, 0, `${reason}: ${WANTED}`)
}

function token(puzzle: TapaPuzzle, cell: number): number {
  const clue = puzzle.clues[cell]!
  if (clue.length === 0) return FIRST_INPUT_TOKEN
  const place = placeOfClue(clue)
  if (place === undefined)
    throw new ClueWithoutTokenError(puzzle.kind, clueText(clue), placeText(puzzle, cell))
  return FIRST_INPUT_TOKEN + 1 + place
}
