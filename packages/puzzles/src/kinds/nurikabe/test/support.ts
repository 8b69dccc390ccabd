/** What tests must know of Nurikabe. */
import { cellwise, mostly, numbers } from '../../../../test/arbitrary.ts'
import { sizeOf } from '../../../../test/layout.ts'
import { clueCells, putShading } from '../../../../test/pzpr-adapter.ts'
import { numbers16 } from '../../../../test/spelling.ts'
import type { KindSupport } from '../../../../test/support.ts'
import { NO_CLUE } from '../../../board/board.ts'
import type { NurikabePuzzle } from '../index.ts'

const kind = 'nurikabe'

export const support: KindSupport<NurikabePuzzle> = {
  puzzles: (least, most) =>
    cellwise(least, most, mostly(80, NO_CLUE, numbers(1)), (size, clues) => ({
      kind,
      ...size,
      clues: Int16Array.from(clues),
    })),
  answers: 2,
  respell: ({ clues }, choose) => numbers16(clues, choose),
  turn: ({ clues }, layout) => ({
    kind,
    ...sizeOf(layout),
    clues: Int16Array.from(layout.from, (cell) => clues[cell]!),
  }),
  pzpr: {
    put: putShading,
    codes: [
      [/^shaded cells form a 2x2 square$/, 'cs2x2'],
      [/^shaded cells are not connected$/, 'csDivide'],
      [/^island has no number$/, 'bkNoNum'],
      [/^island has more than one number$/, 'bkNumGe2'],
      [/^(?:more|fewer) than \d+ cells in the island/, 'bkSizeNe'],
    ],
    // Which size should an island with several numbers have? To pzpr, that of its first.
    unsettled: { bkSizeNe: 'bkNumGe2' },
    puzzle: (board, size) => ({ kind, ...size, clues: Int16Array.from(clueCells(board)) }),
  },
}
