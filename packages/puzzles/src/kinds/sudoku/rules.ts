/** Sudoku's rules, from the board alone: what a complete answer breaks, and what the givens already break. */
import type { Violation } from '../../kind.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle, UNITS } from './board.ts'

const ALL_DIGITS = 0b11_1111_1110

/** Every broken rule of an answer; empty = solved. */
export function verify(puzzle: SudokuPuzzle, answer: SudokuAnswer): Violation[] {
  if (isSolved(puzzle, answer)) return []
  const { givens } = puzzle
  const cells = Array.from({ length: CELLS }, (_, cell) => cell)
  const noDigit = cells.filter((cell) => !(answer[cell]! >= 1 && answer[cell]! <= 9))
  const changed = cells.filter((cell) => givens[cell] !== 0 && givens[cell] !== answer[cell])
  return [
    ...noDigit.map((cell) => ({ rule: 'cell has no digit', cells: [cell] })),
    ...changed.map((cell) => ({ rule: 'given changed', cells: [cell] })),
    ...repeats(answer),
  ]
}

/** Every rule that the givens alone break: a repeated digit, or a blank cell that no digit fits. */
export function contradictions(puzzle: SudokuPuzzle): Violation[] {
  return partial(puzzle, puzzle.givens)
}

/** Every rule that the digits of a partly filled board (0 = blank) break already. */
export function partial({ givens }: SudokuPuzzle, answer: SudokuAnswer): Violation[] {
  const cells = Array.from({ length: CELLS }, (_, cell) => cell)
  const changed = cells.filter(
    (cell) => answer[cell] !== 0 && givens[cell] !== 0 && givens[cell] !== answer[cell],
  )
  const board = answer.map((digit, cell) => digit || givens[cell]!)
  return [
    ...changed.map((cell) => ({ rule: 'given changed', cells: [cell] })),
    ...repeats(board),
    ...hopelessCells(board),
  ]
}

/** Whether every cell has a digit. */
export function isComplete(answer: SudokuAnswer): boolean {
  return answer.every((digit) => digit >= 1 && digit <= SIZE)
}

/** Whether `verify` would find nothing. */
export function isSolved({ givens }: SudokuPuzzle, answer: SudokuAnswer): boolean {
  if (answer.length !== CELLS) return false
  for (const { cells } of UNITS) {
    let seen = 0
    for (const cell of cells) seen |= digitBit(answer[cell]!)
    if (seen !== ALL_DIGITS) return false
  }
  return givens.every((given, cell) => given === 0 || given === answer[cell])
}

/** 0 for a value above 9: a shift alone wraps, and 1 << 33 is the bit of digit 1. */
function digitBit(value: number): number {
  return value <= 9 ? 1 << value : 0
}

function repeats(board: Uint8Array): Violation[] {
  return UNITS.flatMap(({ name, cells }) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((digit) => {
      const same = cells.filter((cell) => board[cell] === digit)
      return same.length > 1 ? [{ rule: `${digit} repeats in ${name}`, cells: same }] : []
    }),
  )
}

function hopelessCells(board: Uint8Array): Violation[] {
  const seen = new Array<number>(CELLS).fill(0)
  for (const { cells } of UNITS) {
    const digits = cells.reduce((bits, cell) => bits | digitBit(board[cell]!), 0)
    for (const cell of cells) seen[cell]! |= digits
  }
  return seen.flatMap((bits, cell) =>
    board[cell] === 0 && (bits & ALL_DIGITS) === ALL_DIGITS ? [{ rule: 'no digit fits', cells: [cell] }] : [],
  )
}
