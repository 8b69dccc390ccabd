/** What Sudoku's cells show and take: digits in boxes. */
import type { Editing } from '../../kind.ts'
import type { CellFace, Picture } from '../../picture/picture.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'

const BOX = 3

export function toPicture({ givens }: SudokuPuzzle, answer?: SudokuAnswer): Picture {
  return {
    kind: 'sudoku',
    filledWith: 'digits',
    rows: SIZE,
    cols: SIZE,
    cells: Array.from(givens, (given, cell) => face(given, answer?.[cell] ?? 0)),
    isHeavy: (cell, other) => boxOf(cell) !== boxOf(other),
  }
}

function boxOf(cell: number): number {
  return Math.floor(cell / (SIZE * BOX)) * BOX + Math.floor((cell % SIZE) / BOX)
}

/** Where an answer changes a given, the answer is shown, or its mistake would stay hidden. */
function face(given: number, answer: number): CellFace {
  const digit = answer || given
  const words = given === 0 ? 'blank' : `given ${given}`
  if (digit === 0) return { ground: 'paper', isOpen: true, words }
  const isGiven = digit === given
  return {
    ground: 'paper',
    text: { role: isGiven ? 'given' : 'answer', parts: [String(digit)] },
    isOpen: given === 0,
    words: isGiven ? words : `${words}, answer ${digit}`,
  }
}

const DIGITS: readonly string[] = ['.', '1', '2', '3', '4', '5', '6', '7', '8', '9']

export const editing: Editing<SudokuPuzzle> = {
  hint: 'Digits 1 to 9 are givens',
  empty: ({ rows, cols } = { rows: SIZE, cols: SIZE }) => {
    if (rows !== SIZE || cols !== SIZE) throw new RangeError(`Sudoku has boards of 9x9, not ${rows}x${cols}`)
    return { kind: 'sudoku', givens: new Uint8Array(CELLS) }
  },
  textOf: ({ givens }, cell) => DIGITS[givens[cell]!]!,
  write: ({ givens }, cell, text) => {
    const digit = /^[.0_*]?$/.test(text) ? 0 : DIGITS.indexOf(text)
    return digit < 0 ? undefined : { kind: 'sudoku', givens: givens.with(cell, digit) }
  },
  choices: () => DIGITS,
}
