/** What tests must know of Heyawake. */
import fc from 'fast-check'
import { arrayOf, mostly, numbers, sides } from '../../../../test/arbitrary.ts'
import { sizeOf } from '../../../../test/layout.ts'
import { type Board, clueOf, putShading } from '../../../../test/pzpr-adapter.ts'
import { numbers16 } from '../../../../test/spelling.ts'
import type { KindSupport } from '../../../../test/support.ts'
import { type GridSize, NO_CLUE, UNKNOWN_CLUE } from '../../../board/board.ts'
import type { HeyawakePuzzle } from '../index.ts'

const kind = 'heyawake'

/** What a cell does: it joins the room at its left or above, or opens a new one. */
const joins = fc.constantFrom<'left' | 'above' | 'new'>('left', 'left', 'above', 'above', 'new')

export const support: KindSupport<HeyawakePuzzle> = {
  puzzles: (least, most) => sides(least, most).chain(puzzlesOfSize),
  answers: 2,
  respell: ({ rows, cols, clues }, choose, body) => {
    const borders = Math.ceil(((cols - 1) * rows) / 5) + Math.ceil((cols * (rows - 1)) / 5)
    return body.slice(0, borders) + numbers16(clues, choose)
  },
  turn: ({ rooms, clues }, layout) => {
    // Rooms are counted in the order of their first cells.
    const order = [...new Set(layout.from.map((cell) => rooms[cell]!))]
    return {
      kind,
      ...sizeOf(layout),
      rooms: Int16Array.from(layout.from, (cell) => order.indexOf(rooms[cell]!)),
      clues: Int16Array.from(order, (room) => clues[room]!),
    }
  },
  pzpr: {
    put: putShading,
    codes: [
      [/^shaded cells touch$/, 'csAdjacent'],
      [/^unshaded cells are not connected$/, 'cuDivideRB'],
      [/^(?:more|fewer) than \d+ shaded cells in the room/, 'bkShadeNe'],
      [/^line of unshaded cells/, 'bkUnshadeConsecGt3'],
    ],
    allowsEmpty: true,
    newerNames: ['heyawacky'],
    puzzle: (board, size) => ({ kind, ...size, ...roomsOf(board) }),
    // A room with a `?` is a room without a number to pzpr.
    kept: (puzzle) => ({
      ...puzzle,
      clues: puzzle.clues.map((clue) => (clue === UNKNOWN_CLUE ? NO_CLUE : clue)),
    }),
  },
}

function puzzlesOfSize(size: GridSize): fc.Arbitrary<HeyawakePuzzle> {
  return arrayOf(size.rows * size.cols, joins).chain((choices) => {
    const rooms = roomsFrom(size, choices)
    return arrayOf(Math.max(...rooms) + 1, mostly(50, NO_CLUE, numbers(0))).map((clues) => ({
      kind,
      ...size,
      rooms,
      clues: Int16Array.from(clues),
    }))
  })
}

/** Rooms are connected and counted in order. */
function roomsFrom({ rows, cols }: GridSize, choices: readonly ('left' | 'above' | 'new')[]): Int16Array {
  const rooms = new Int16Array(rows * cols)
  let count = 0
  for (const [cell, choice] of choices.entries()) {
    if (choice === 'left' && cell % cols > 0) rooms[cell] = rooms[cell - 1]!
    else if (choice === 'above' && cell >= cols) rooms[cell] = rooms[cell - cols]!
    else rooms[cell] = count++
  }
  return rooms
}

/** pzpr's rooms, counted in the order of their first cells. */
function roomsOf(board: Board): { readonly rooms: Int16Array; readonly clues: Int16Array } {
  const components = board.roommgr.components
    .map(({ clist, top }) => ({
      cells: Array.from({ length: clist.length }, (_, i) => clist[i]!.id),
      clue: clueOf(top.qnum),
    }))
    .toSorted((a, b) => Math.min(...a.cells) - Math.min(...b.cells))
  const rooms = new Int16Array(board.cell.length)
  for (const [room, { cells }] of components.entries()) for (const cell of cells) rooms[cell] = room
  return { rooms, clues: Int16Array.from(components, ({ clue }) => clue) }
}
