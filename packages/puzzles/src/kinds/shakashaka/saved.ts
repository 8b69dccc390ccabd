/** Shakashaka in files of other programs. */
import type { GridAnswer } from '../../board/board.ts'
import { answerFrom } from '../../board/saved-shading.ts'
import { wallsFrom } from '../../board/saved-walls.ts'
import { isWhite } from '../../board/walls.ts'
import type { SavedForms } from '../../notation/formats/forms.ts'
import type { ShakashakaPuzzle } from './puzzle.ts'

const kind = 'shakashaka'

export const saved: SavedForms<ShakashakaPuzzle, GridAnswer> = {
  pzprv3: {
    lines: ({ rows }) => 2 * rows,
    read: (board) => ({
      kind,
      rows: board.rows,
      cols: board.cols,
      clues: wallsFrom(board.cells(), '.', '5'),
    }),
  },
  janko: {
    read: (board) => ({
      kind,
      rows: board.rows,
      cols: board.cols,
      clues: wallsFrom(board.cells(), '-', 'x5'),
    }),
    readSolution: (puzzle, solution) =>
      answerFrom(solution, { '-': 1, sw: 2, se: 3, ne: 4, nw: 5 }, (cell) => isWhite(puzzle, cell)),
  },
}
