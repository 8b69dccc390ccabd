/** Heyawake's rules: shaded cells apart, unshaded ones together, rooms' numbers, and lines through rooms. */
import type { GridAnswer } from '../../board/board.ts'
import { perPuzzle } from '../../board/per-puzzle.ts'
import { cellsOf, isConnected, regionsOf } from '../../board/regions.ts'
import { partedCells, SHADED, UNSHADED } from '../../board/shading.ts'
import type { Violation } from '../../kind.ts'
import { type HeyawakePuzzle, isBorder } from './rooms.ts'

/** What judging needs of a puzzle beside its numbers. */
interface Borders {
  /** Shape [cells]: 1 where a room border parts the cell from the one at its left. */
  readonly left: Uint8Array
  /** Shape [cells]: 1 where a room border parts the cell from the one above. */
  readonly above: Uint8Array
}

const findBorders = perPuzzle((puzzle: HeyawakePuzzle): Borders => {
  const { rooms, cols } = puzzle
  const left = Uint8Array.from(rooms, (_, cell) =>
    Number(cell % cols > 0 && isBorder(puzzle, cell - 1, cell)),
  )
  const above = Uint8Array.from(rooms, (_, cell) =>
    Number(cell >= cols && isBorder(puzzle, cell - cols, cell)),
  )
  return { left, above }
})

export function isSolved(puzzle: HeyawakePuzzle, answer: GridAnswer): boolean {
  return (
    shadedStandApart(puzzle, answer) &&
    numbersHold(puzzle, answer) &&
    linesAreShort(puzzle, answer) &&
    isConnected(puzzle, answer, UNSHADED)
  )
}

function shadedStandApart({ cols }: HeyawakePuzzle, answer: GridAnswer): boolean {
  for (let cell = 0; cell < answer.length; cell++) {
    if (answer[cell] !== SHADED) continue
    if (answer[cell + cols] === SHADED) return false
    if (answer[cell + 1] === SHADED && (cell + 1) % cols > 0) return false
  }
  return true
}

function numbersHold({ rooms, clues }: HeyawakePuzzle, answer: GridAnswer): boolean {
  const counts = countInRooms(rooms, clues.length, (cell) => answer[cell] === SHADED)
  for (let room = 0; room < clues.length; room++)
    if (clues[room]! >= 0 && counts[room] !== clues[room]) return false
  return true
}

function countInRooms(rooms: Int16Array, count: number, counts: (cell: number) => boolean): Int16Array {
  const inRooms = new Int16Array(count)
  for (let cell = 0; cell < rooms.length; cell++) if (counts(cell)) inRooms[rooms[cell]!]!++
  return inRooms
}

/** Whether every straight line of unshaded cells crosses at most one border. */
function linesAreShort(puzzle: HeyawakePuzzle, answer: GridAnswer): boolean {
  const { cols } = puzzle
  const { left, above } = findBorders(puzzle)
  // Borders crossed since the last cell that is not unshaded: in this row, and in each column.
  let across = 0
  const down = new Uint8Array(cols)
  for (let cell = 0, col = 0; cell < answer.length; cell++, col = col + 1 < cols ? col + 1 : 0) {
    if (answer[cell] !== UNSHADED) continue
    across = col > 0 && answer[cell - 1] === UNSHADED ? across + left[cell]! : 0
    down[col] = cell >= cols && answer[cell - cols] === UNSHADED ? down[col]! + above[cell]! : 0
    if (across > 1 || down[col]! > 1) return false
  }
  return true
}

/** What is broken already, whatever the undecided cells become. */
export function broken(puzzle: HeyawakePuzzle, answer: GridAnswer): Violation[] {
  return [
    ...touchingCells(puzzle, answer),
    ...wrongNumbers(puzzle, answer),
    ...longLines(puzzle, answer),
    ...partedCells(puzzle, answer, UNSHADED),
  ]
}

function touchingCells(puzzle: HeyawakePuzzle, answer: GridAnswer): Violation[] {
  const groups = regionsOf(puzzle, (cell) => answer[cell] === SHADED)
  const touching = groups.sizes.flatMap((size, group) => (size > 1 ? [group] : []))
  return touching.map((group) => ({ rule: 'shaded cells touch', cells: cellsOf(groups, group) }))
}

function wrongNumbers({ rooms, clues }: HeyawakePuzzle, answer: GridAnswer): Violation[] {
  const shaded = countInRooms(rooms, clues.length, (cell) => answer[cell] === SHADED)
  const possible = countInRooms(rooms, clues.length, (cell) => answer[cell] !== UNSHADED)
  const violations: Violation[] = []
  for (const [room, clue] of clues.entries()) {
    if (clue < 0) continue
    const cells = () => Array.from(rooms.keys()).filter((cell) => rooms[cell] === room)
    const rule = `shaded cells in the room with the number ${clue}`
    if (shaded[room]! > clue) violations.push({ rule: `more than ${clue} ${rule}`, cells: cells() })
    if (possible[room]! < clue) violations.push({ rule: `fewer than ${clue} ${rule}`, cells: cells() })
  }
  return violations
}

function longLines(puzzle: HeyawakePuzzle, answer: GridAnswer): Violation[] {
  const { rows, cols } = puzzle
  const { left, above } = findBorders(puzzle)
  const violations: Violation[] = []
  /** Looks at one row or column: `length` cells from `start`. */
  const scan = (start: number, step: number, length: number, border: Uint8Array) => {
    let line: number[] = []
    for (let i = 0; i <= length; i++) {
      const cell = start + i * step
      if (i < length && answer[cell] === UNSHADED) {
        line.push(cell)
        continue
      }
      const crossed = line.slice(1).filter((other) => border[other]).length
      if (crossed > 1)
        violations.push({ rule: 'line of unshaded cells crosses more than one room border', cells: line })
      line = []
    }
  }
  for (let row = 0; row < rows; row++) scan(row * cols, 1, cols, left)
  for (let col = 0; col < cols; col++) scan(col, cols, rows, above)
  return violations
}
