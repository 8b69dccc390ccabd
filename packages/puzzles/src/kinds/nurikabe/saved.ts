/** Nurikabe in files of other programs. */
import { type GridAnswer, NO_CLUE } from '../../board/board.ts'
import { answerFrom, numbersFrom } from '../../board/saved-shading.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import type { SavedForms } from '../../notation/formats/forms.ts'
import { MOST_NUMBER16 } from '../../notation/url-numbers.ts'
import type { NurikabePuzzle } from './puzzle.ts'

const kind = 'nurikabe'
const LIMITS = { least: 1, most: MOST_NUMBER16 }

export const saved: SavedForms<NurikabePuzzle, GridAnswer> = {
  pzprv3: {
    lines: ({ rows }) => rows,
    // Shaded cells and dots stand among the clues.
    read: (board) => {
      const clues = numbersFrom(board.cells(), { blank: '.#+', unknown: '-', ...LIMITS })
      return { kind, rows: board.rows, cols: board.cols, clues }
    },
  },
  janko: {
    read: (board) => {
      const clues = numbersFrom(board.cells(), { blank: '-', unknown: '?', ...LIMITS })
      return { kind, rows: board.rows, cols: board.cols, clues }
    },
    readSolution: ({ clues }, solution) =>
      answerFrom(solution, { '-': UNSHADED, x: SHADED }, (cell) => clues[cell] === NO_CLUE),
  },
}
