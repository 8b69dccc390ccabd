/**
 * Heyawake: shade cells that do not touch so that rooms hold their numbers, the rest is connected, and no straight
 * line of unshaded cells runs through more than two rooms.
 *
 * Tokens: 0 outside the board; answers 1 unshaded, 2 shaded; input 3 + border + 4 * (number + 1). Border bit 1: a room
 * border or the board's edge at the cell's right; bit 2: below it. Number: the room's, in each of its cells, up to 39, or
 * -1. A `?` asks for nothing, so it is no number.
 */
import { ClueWithoutTokenError } from '../../errors.ts'
import { type GridAnswer, placeOf } from '../grid/board.ts'
import { gridKind } from '../grid/kind.ts'
import { SHADING_SPELLING } from '../grid/shading.ts'
import type { Kind } from '../kind.ts'
import { drawSvg, drawText } from './draw.ts'
import {
  type HeyawakePuzzle,
  isBorder,
  readRoomBody,
  readRoomGrid,
  writeRoomBody,
  writeRoomGrid,
} from './rooms.ts'
import { broken, isSolved } from './rules.ts'

export type { HeyawakePuzzle } from './rooms.ts'

const FIRST_INPUT_TOKEN = 3
/** No room of a 10x10 board can hold more shaded cells. */
const MOST_NUMBER = 39

export const heyawake: Kind<HeyawakePuzzle, GridAnswer> = gridKind<HeyawakePuzzle>({
  name: 'heyawake',
  urlNames: ['heyawake'],
  answers: { ...SHADING_SPELLING, wantsAnswer: () => true },
  cellsAreWords: true,
  readBody: (url) => ({ kind: 'heyawake', ...readRoomBody(url) }),
  writeBody: writeRoomBody,
  readGrid: (rows) => ({ kind: 'heyawake', ...readRoomGrid(rows) }),
  writeGrid: writeRoomGrid,
  token,
  broken,
  isSolved,
  drawText,
  drawSvg,
})

function token(puzzle: HeyawakePuzzle, cell: number): number {
  const { rows, cols, rooms, clues } = puzzle
  const right = (cell + 1) % cols === 0 || isBorder(puzzle, cell, cell + 1)
  const bottom = cell + cols >= rows * cols || isBorder(puzzle, cell, cell + cols)
  const number = Math.max(-1, clues[rooms[cell]!]!)
  if (number > MOST_NUMBER)
    throw new ClueWithoutTokenError(puzzle.kind, String(number), placeOf(puzzle, cell))
  return FIRST_INPUT_TOKEN + Number(right) + 2 * Number(bottom) + 4 * (number + 1)
}
