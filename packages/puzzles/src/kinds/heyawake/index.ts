/**
 * Heyawake: shade cells that do not touch so that rooms hold their numbers, the rest is connected, and no straight
 * line of unshaded cells runs through more than two rooms.
 *
 * Tokens: 0 outside the board; answers 1 unshaded, 2 shaded; input 3 + border + 16 * (number + 1). Border bits: a room
 * border or the board's edge at the cell's right (1), below it (2), at its left (4), above it (8). Number: the room's, in
 * each of its cells, up to 13, or -1. A `?` asks for nothing, so it is no number.
 */

import type { GridAnswer } from '../../board/board.ts'
import { gridKind } from '../../board/grid-kind.ts'
import { placeText } from '../../board/place.ts'
import { SHADING_SPELLING } from '../../board/shading.ts'
import { ClueWithoutTokenError } from '../../errors.ts'
import type { Kind } from '../../kind.ts'
import { examples } from './examples.ts'
import { editing, faces } from './face.ts'
import {
  type HeyawakePuzzle,
  isBorder,
  readRoomBody,
  readRoomGrid,
  roomCellText,
  writeRoomBody,
} from './rooms.ts'
import { broken, isSolved } from './rules.ts'
import { saved } from './saved.ts'

export type { HeyawakePuzzle } from './rooms.ts'

const FIRST_INPUT_TOKEN = 3
/** Ways in which a cell can have borders at its four sides. */
const BORDERS = 16
/** The largest whose tokens fit a byte; rooms that hold more are rare. */
const MOST_NUMBER = 13

export const heyawake: Kind<HeyawakePuzzle, GridAnswer> = gridKind<HeyawakePuzzle>({
  name: 'heyawake',
  title: 'Heyawake',
  examples,
  urlNames: ['heyawake', 'heyawacky'],
  answers: { ...SHADING_SPELLING, wantsAnswer: () => true },
  tokens: FIRST_INPUT_TOKEN + BORDERS * (MOST_NUMBER + 2),
  cellsAreWords: true,
  readBody: (url) => ({ kind: 'heyawake', ...readRoomBody(url) }),
  writeBody: writeRoomBody,
  readGrid: (rows) => ({ kind: 'heyawake', ...readRoomGrid(rows) }),
  cellText: roomCellText,
  token,
  broken,
  isSolved,
  faces,
  saved,
  isHeavy: isBorder,
  editing,
})

function token(puzzle: HeyawakePuzzle, cell: number): number {
  const { rows, cols, rooms, clues } = puzzle
  const borders = [
    (cell + 1) % cols === 0 || isBorder(puzzle, cell, cell + 1),
    cell + cols >= rows * cols || isBorder(puzzle, cell, cell + cols),
    cell % cols === 0 || isBorder(puzzle, cell - 1, cell),
    cell < cols || isBorder(puzzle, cell - cols, cell),
  ]
  const number = Math.max(-1, clues[rooms[cell]!]!)
  if (number > MOST_NUMBER)
    throw new ClueWithoutTokenError(puzzle.kind, String(number), placeText(puzzle, cell))
  const border = borders.reduce((bits, is, i) => bits + (Number(is) << i), 0)
  return FIRST_INPUT_TOKEN + border + BORDERS * (number + 1)
}
