/** Sudoku, 9x9: canonical tokens are 0 for a blank and the digits as themselves. */
import type { Kind } from '../kind.ts'
import { CELLS, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { toSvg, toText } from './draw.ts'
import { parse, reader } from './parse.ts'
import { contradictions, verify } from './rules.ts'
import { toUrl } from './url.ts'

export type { SudokuAnswer, SudokuPuzzle } from './board.ts'

export const sudoku: Kind<SudokuPuzzle, SudokuAnswer> = {
  name: 'sudoku',
  cells: CELLS,
  parse,
  reader,
  encode: ({ givens }) => givens.slice(),
  decode: (_puzzle, tokens) => tokens.slice(),
  verify,
  contradictions,
  toText,
  toSvg,
  toUrl,
  answerToLine: (answer) => answer.join(''),
}
