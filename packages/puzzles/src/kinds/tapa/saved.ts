/** Tapa in files of other programs. */
import { type GridAnswer, UNKNOWN_CLUE } from '../../board/board.ts'
import { answerFrom } from '../../board/saved-shading.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import type { SavedForms } from '../../notation/formats/forms.ts'
import { errorIn, type Piece, quote } from '../../notation/piece.ts'
import { codeOf, type TapaClue } from './clues.ts'
import type { TapaPuzzle } from './puzzle.ts'

const kind = 'tapa'

export const saved: SavedForms<TapaPuzzle, GridAnswer> = {
  pzprv3: {
    lines: ({ rows }) => rows,
    // Shaded cells and dots stand among the clues, whose numbers have commas between them and `-` for `?`.
    read: (board) => {
      const clues = board.cells().map((cell) => clueFrom(cell, '.#+', /,/, '-'))
      return { kind, rows: board.rows, cols: board.cols, clues }
    },
  },
  janko: {
    // 9 shows as `?` there: no run is as long.
    read: (board) => {
      const clues = board.cells().map((cell) => clueFrom(cell, '-', /(?!^|$)/, '9'))
      return { kind, rows: board.rows, cols: board.cols, clues }
    },
    readSolution: ({ clues }, solution) =>
      answerFrom(solution, { '-': UNSHADED, x: SHADED }, (cell) => clues[cell]!.length === 0),
  },
}

function clueFrom(cell: Piece, blank: string, between: RegExp, unknown: string): TapaClue {
  const { text } = cell
  if (text.length === 1 && blank.includes(text)) return []
  const numbers = text.split(between)
  const clue = numbers.map((number) => (number === unknown ? UNKNOWN_CLUE : Number(number)))
  const isSpelled = numbers.every((number) => number === unknown || /^\d$/.test(number))
  if (isSpelled && codeOf(clue) !== undefined) return clue
  const blanks = [...blank].map((character) => `'${character}'`).join(', ')
  throw errorIn(
    cell,
    0,
    `unexpected ${quote(text)}; expected ${blanks} or the numbers of a clue, '${unknown}' for '?'`,
  )
}
