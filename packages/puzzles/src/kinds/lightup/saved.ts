/** Light Up in files of other programs. */
import type { GridAnswer } from '../../board/board.ts'
import { answerFrom } from '../../board/saved-shading.ts'
import { wallsFrom } from '../../board/saved-walls.ts'
import { isWhite } from '../../board/walls.ts'
import type { SavedForms } from '../../notation/formats/forms.ts'
import type { LightUpPuzzle } from './puzzle.ts'
import { BULB, NO_BULB } from './rules.ts'

const kind = 'lightup'

export const saved: SavedForms<LightUpPuzzle, GridAnswer> = {
  pzprv3: {
    lines: ({ rows }) => rows,
    // Bulbs and crosses stand among the clues.
    read: (board) => ({
      kind,
      rows: board.rows,
      cols: board.cols,
      clues: wallsFrom(board.cells(), '.#+', '-'),
    }),
  },
  janko: {
    name: 'akari',
    read: (board) => ({
      kind,
      rows: board.rows,
      cols: board.cols,
      clues: wallsFrom(board.cells(), '-', 'x'),
    }),
    readSolution: (puzzle, solution) =>
      answerFrom(solution, { '-': NO_BULB, o: BULB }, (cell) => isWhite(puzzle, cell)),
  },
}
