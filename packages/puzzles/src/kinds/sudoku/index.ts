/** Sudoku, 9x9: tokens are 0 for a blank and the digits as themselves. */
import type { Kind } from '../../kind.ts'
import { readerOf } from '../../notation/reader.ts'
import { onePuzzle } from '../../notation/whole-text.ts'
import { drawSvg } from '../../picture/svg.ts'
import { drawText } from '../../picture/terminal.ts'
import { SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { readAnswer } from './cells.ts'
import { examples } from './examples.ts'
import { editing, toPicture } from './face.ts'
import { notation, toGrid, toUrl } from './notation.ts'
import { contradictions, isComplete, isSolved, partial, verify } from './rules.ts'

export type { SudokuAnswer, SudokuPuzzle } from './board.ts'

export const sudoku: Kind<SudokuPuzzle, SudokuAnswer> = {
  name: notation.name,
  title: 'Sudoku',
  examples,
  urlNames: notation.urlNames,
  notation,
  vocabulary: {
    size: 1 + SIZE,
    answers: Array.from({ length: SIZE }, (_, i) => i + 1),
    // The official Sudoku data: 0 pad, 1 blank, digit d as d + 1.
    others: [{ size: 2 + SIZE, offset: 1 }],
  },
  parse: (text, source) => onePuzzle(readerOf(notation, source), text, source),
  reader: (source) => readerOf(notation, source),
  parseAnswer: (_puzzle, text, source) => readAnswer({ text, where: { source, line: 1, column: 1 } }),
  size: () => ({ rows: SIZE, cols: SIZE }),
  encode: ({ givens }) => ({ rows: SIZE, columns: SIZE, tokens: givens.slice() }),
  decode: (_puzzle, tokens) => tokens.slice(),
  encodeAnswer: (_puzzle, answer) => answer.slice(),
  canonical: (_puzzle, tokens) => tokens,
  verify,
  isSolved,
  partial,
  contradictions,
  isComplete: (_puzzle, answer) => isComplete(answer),
  toPicture,
  toText: (puzzle, answer, options) => drawText(toPicture(puzzle, answer), options),
  toSvg: (puzzle, answer, options) =>
    drawSvg(toPicture(puzzle, answer), { ...options, title: options?.title ?? 'Sudoku' }),
  toGrid,
  toUrl,
  answerToLine: (_puzzle, answer) => answer.join(''),
  editing,
}
