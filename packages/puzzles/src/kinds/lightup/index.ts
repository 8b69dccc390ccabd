/**
 * Light Up (Akari): place bulbs on white cells so that all white cells are lit and no bulb lights another.
 *
 * Tokens: 0 outside the board; answers 1 no bulb, 2 bulb; input 3 white, 4 wall, 5-9 wall with 0-4.
 */
import type { GridAnswer } from '../../board/board.ts'
import { gridKind } from '../../board/grid-kind.ts'
import { isWhite, wallNotation } from '../../board/walls.ts'
import type { Kind } from '../../kind.ts'
import { examples } from './examples.ts'
import { faces } from './face.ts'
import type { LightUpPuzzle } from './puzzle.ts'
import { broken, isSolved } from './rules.ts'
import { saved } from './saved.ts'

export type { LightUpPuzzle } from './puzzle.ts'

const FIRST_INPUT_TOKEN = 3

export const lightup: Kind<LightUpPuzzle, GridAnswer> = gridKind<LightUpPuzzle>({
  name: 'lightup',
  title: 'Light Up',
  examples,
  urlNames: ['akari', 'lightup', 'bijutsukan'],
  answers: { characters: ['.', 'o'], alsoRead: { '0': 1, '1': 2, '*': 2, O: 2 }, wantsAnswer: isWhite },
  ...wallNotation<LightUpPuzzle>('lightup', FIRST_INPUT_TOKEN),
  broken,
  isSolved,
  faces,
  saved,
})
