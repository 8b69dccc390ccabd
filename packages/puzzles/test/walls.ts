/** What tests must know of kinds with white cells and walls. */
import fc from 'fast-check'
import { NO_CLUE, UNKNOWN_CLUE } from '../src/board/board.ts'
import type { WallPuzzle } from '../src/board/walls.ts'
import { cellwise, mostly } from './arbitrary.ts'
import { sizeOf } from './layout.ts'
import { type Adapter, clueCells } from './pzpr-adapter.ts'
import { numbers4 } from './spelling.ts'
import type { KindSupport } from './support.ts'

const clue = mostly(65, NO_CLUE, fc.integer({ min: UNKNOWN_CLUE, max: 4 }))

/** All but how answers are said. */
export function wallSupport<P extends WallPuzzle>(
  kind: P['kind'],
): Pick<KindSupport<P>, 'puzzles' | 'respell' | 'turn'> & {
  readonly pzpr: Pick<Adapter<P>, 'puzzle' | 'spelling'>
} {
  const ofKind = (puzzle: Omit<WallPuzzle, 'kind'>) => ({ kind, ...puzzle }) as P
  return {
    pzpr: {
      puzzle: (board, size) => ofKind({ ...size, clues: Int8Array.from(clueCells(board)) }),
      // The last digit may say blanks, and pzpr counts some that are not on the board.
      spelling: (query) => query.replace(/[\da-e]$/, (digit) => String(Number.parseInt(digit, 16) % 5)),
    },
    puzzles: (least, most) =>
      cellwise(least, most, clue, (size, clues) => ofKind({ ...size, clues: Int8Array.from(clues) })),
    respell: ({ clues }, choose) => numbers4(clues, choose),
    turn: ({ clues }, layout) =>
      ofKind({ ...sizeOf(layout), clues: Int8Array.from(layout.from, (cell) => clues[cell]!) }),
  }
}
