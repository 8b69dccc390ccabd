/** Light Up's rules: bulbs, light, and the numbers on walls. */
import { type GridAnswer, UNDECIDED } from '../../board/board.ts'
import { perPuzzle } from '../../board/per-puzzle.ts'
import { BARE_WALL, countBeside, isWhite, WHITE, wrongNumbers } from '../../board/walls.ts'
import type { Violation } from '../../kind.ts'
import type { LightUpPuzzle } from './puzzle.ts'

export const NO_BULB = 1
export const BULB = 2

/** The straight runs of white cells between walls: a bulb lights both of its runs. */
interface Runs {
  readonly count: number
  /** Shape [cells]: the horizontal run of each white cell. */
  readonly across: Int16Array
  /** Shape [cells]: the vertical run of each white cell. */
  readonly down: Int16Array
}

const findRuns = perPuzzle((puzzle: LightUpPuzzle): Runs => {
  const { rows, cols } = puzzle
  const across = new Int16Array(rows * cols)
  const down = new Int16Array(rows * cols)
  let count = 0
  for (let cell = 0; cell < rows * cols; cell++) {
    if (!isWhite(puzzle, cell)) continue
    const goesOnAcross = cell % cols > 0 && isWhite(puzzle, cell - 1)
    across[cell] = goesOnAcross ? across[cell - 1]! : count++
    const goesOnDown = cell >= cols && isWhite(puzzle, cell - cols)
    down[cell] = goesOnDown ? down[cell - cols]! : count++
  }
  return { count, across, down }
})

/** How many cells of each run hold `value`. */
function countInRuns(puzzle: LightUpPuzzle, runs: Runs, answer: GridAnswer, value: number): Uint8Array {
  const counts = new Uint8Array(runs.count)
  for (let cell = 0; cell < answer.length; cell++) {
    if (answer[cell] !== value || !isWhite(puzzle, cell)) continue
    counts[runs.across[cell]!]!++
    counts[runs.down[cell]!]!++
  }
  return counts
}

export function isSolved(puzzle: LightUpPuzzle, answer: GridAnswer): boolean {
  const runs = findRuns(puzzle)
  const bulbs = countInRuns(puzzle, runs, answer, BULB)
  for (const count of bulbs) if (count > 1) return false
  for (let cell = 0; cell < answer.length; cell++) {
    const clue = puzzle.clues[cell]!
    if (clue === WHITE) {
      if (bulbs[runs.across[cell]!] === 0 && bulbs[runs.down[cell]!] === 0) return false
    } else if (clue !== BARE_WALL && countBeside(puzzle, answer, cell, BULB) !== clue) return false
  }
  return true
}

/** What is broken already, whatever the undecided cells become. */
export function broken(puzzle: LightUpPuzzle, answer: GridAnswer): Violation[] {
  const runs = findRuns(puzzle)
  return [
    ...bulbsInSight(puzzle, runs, answer),
    ...wrongNumbers(puzzle, answer, 'bulbs', BULB),
    ...darkCells(puzzle, runs, answer),
  ]
}

function bulbsInSight(puzzle: LightUpPuzzle, runs: Runs, answer: GridAnswer): Violation[] {
  const bulbs = Array.from({ length: runs.count }, (): number[] => [])
  for (let cell = 0; cell < answer.length; cell++) {
    if (answer[cell] !== BULB || !isWhite(puzzle, cell)) continue
    bulbs[runs.across[cell]!]!.push(cell)
    bulbs[runs.down[cell]!]!.push(cell)
  }
  return bulbs.filter((cells) => cells.length > 1).map((cells) => ({ rule: 'bulbs light each other', cells }))
}

function darkCells(puzzle: LightUpPuzzle, runs: Runs, answer: GridAnswer): Violation[] {
  const bulbs = countInRuns(puzzle, runs, answer, BULB)
  const undecided = countInRuns(puzzle, runs, answer, UNDECIDED)
  const violations: Violation[] = []
  for (let cell = 0; cell < answer.length; cell++) {
    if (!isWhite(puzzle, cell)) continue
    const [across, down] = [runs.across[cell]!, runs.down[cell]!]
    const hope = bulbs[across]! + bulbs[down]! + undecided[across]! + undecided[down]!
    if (hope === 0) violations.push({ rule: 'cell is not lit', cells: [cell] })
  }
  return violations
}

/** Which cells the answer's bulbs light, for pictures. Shape [cells]. */
export function litCells(puzzle: LightUpPuzzle, answer: GridAnswer): boolean[] {
  const runs = findRuns(puzzle)
  const bulbs = countInRuns(puzzle, runs, answer, BULB)
  return Array.from(answer, (_, cell) => {
    return isWhite(puzzle, cell) && bulbs[runs.across[cell]!]! + bulbs[runs.down[cell]!]! > 0
  })
}
