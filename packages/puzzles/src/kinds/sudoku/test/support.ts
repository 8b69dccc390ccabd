/** What tests must know of Sudoku. */
import fc from 'fast-check'
import { arrayOf, mostly } from '../../../../test/arbitrary.ts'
import { cellsOf } from '../../../../test/pzpr-adapter.ts'
import { numbers16 } from '../../../../test/spelling.ts'
import type { KindSupport } from '../../../../test/support.ts'
import { NO_CLUE } from '../../../board/board.ts'
import type { SudokuPuzzle } from '../index.ts'

export const support: KindSupport<SudokuPuzzle> = {
  puzzles: () =>
    arrayOf(81, mostly(80, 0, fc.integer({ min: 1, max: 9 }))).map((givens) => ({
      kind: 'sudoku',
      givens: Uint8Array.from(givens),
    })),
  answers: 9,
  givens: ({ givens }) => givens.slice(),
  respell: ({ givens }, choose) =>
    numbers16(
      Array.from(givens, (digit) => digit || NO_CLUE),
      choose,
    ),
  turn: (puzzle, { from }) => ({ ...puzzle, givens: Uint8Array.from(from, (cell) => puzzle.givens[cell]!) }),
  pzpr: {
    put: (cell, token) => {
      if (cell.qnum === -1) cell.anum = token
    },
    codes: [
      [/repeats in (?:row|column)/, 'nmDupRow'],
      [/repeats in/, 'bkDupNum'],
    ],
    puzzle: (board) => ({
      kind: 'sudoku',
      givens: Uint8Array.from(cellsOf(board), ({ qnum }) => Math.max(0, qnum)),
    }),
  },
}
