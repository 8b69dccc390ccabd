/**
 * Shakashaka: put black half-square triangles into white cells so that every white area left over is a rectangle,
 * upright or at 45 degrees.
 *
 * Tokens: 0 outside the board; answers 1 stays white, 2-5 triangle with its right angle at the lower left, lower
 * right, upper right, upper left (pzpr's numbers); input 6 white, 7 wall, 8-12 wall with 0-4.
 */
import type { GridAnswer } from '../../board/board.ts'
import { gridKind } from '../../board/grid-kind.ts'
import { isWhite, wallNotation } from '../../board/walls.ts'
import type { Kind } from '../../kind.ts'
import { examples } from './examples.ts'
import { faces } from './face.ts'
import type { ShakashakaPuzzle } from './puzzle.ts'
import { broken, isSolved } from './rules.ts'
import { saved } from './saved.ts'

export type { ShakashakaPuzzle } from './puzzle.ts'

const FIRST_INPUT_TOKEN = 6

export const shakashaka: Kind<ShakashakaPuzzle, GridAnswer> = gridKind<ShakashakaPuzzle>({
  name: 'shakashaka',
  title: 'Shakashaka',
  examples,
  urlNames: ['shakashaka'],
  answers: {
    characters: ['.', '◣', '◢', '◥', '◤'],
    alsoRead: { '0': 1, '2': 2, '3': 3, '4': 4, '5': 5 },
    wantsAnswer: isWhite,
  },
  ...wallNotation<ShakashakaPuzzle>('shakashaka', FIRST_INPUT_TOKEN),
  broken,
  isSolved,
  faces,
  saved,
})
