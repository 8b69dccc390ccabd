/**
 * Shakashaka's rules: rectangular white areas, the numbers on walls, and (as in pzpr, where an untouched board is
 * never a solution) that there is a triangle at all.
 */
import { type GridAnswer, UNDECIDED } from '../../board/board.ts'
import { countBeside, isWhite, wrongNumbers } from '../../board/walls.ts'
import type { Violation } from '../../kind.ts'
import { cellAt, type Framed, findAreas, frame } from './areas.ts'
import { BLACK, FIRST_TRIANGLE, LAST_TRIANGLE, pointIndex, pointTable } from './corners.ts'
import type { ShakashakaPuzzle } from './puzzle.ts'

/** The first place from `from` on whose lower right point can't come to right angles, or -1. */
function badPlace({ views, width }: Framed, from = 0): number {
  const canFit = pointTable()
  // Where a row of places ends and the next begins, all four views are of the frame: nothing to skip.
  for (let place = from; place + width + 1 < views.length; place++) {
    const point = pointIndex(
      views[place]!,
      views[place + width]!,
      views[place + 1]!,
      views[place + width + 1]!,
    )
    if (canFit[point] === 0) return place
  }
  return -1
}

export function isSolved(puzzle: ShakashakaPuzzle, answer: GridAnswer): boolean {
  if (badPlace(frame(puzzle, answer)) >= 0) return false
  let triangles = 0
  for (let cell = 0; cell < answer.length; cell++) {
    const clue = puzzle.clues[cell]!
    if (clue >= 0 && countBeside(puzzle, answer, cell, FIRST_TRIANGLE, LAST_TRIANGLE) !== clue) return false
    if (isWhite(puzzle, cell) && answer[cell]! >= FIRST_TRIANGLE) triangles++
  }
  return triangles > 0
}

/** What is broken already, whatever the undecided cells become. */
export function broken(puzzle: ShakashakaPuzzle, answer: GridAnswer): Violation[] {
  return [
    ...noTriangle(puzzle, answer),
    ...wrongNumbers(puzzle, answer, 'triangles', FIRST_TRIANGLE, LAST_TRIANGLE),
    ...crookedAreas(frame(puzzle, answer)),
  ]
}

function noTriangle(puzzle: ShakashakaPuzzle, answer: GridAnswer): Violation[] {
  const cells: number[] = []
  for (let cell = 0; cell < answer.length; cell++) {
    if (!isWhite(puzzle, cell)) continue
    if (answer[cell] === UNDECIDED || answer[cell]! >= FIRST_TRIANGLE) return []
    cells.push(cell)
  }
  return [{ rule: 'no triangle on the board', cells }]
}

/** White areas with an angle that is not right, or can't become so: their cells as far as they are decided. */
function crookedAreas(board: Framed): Violation[] {
  let place = badPlace(board)
  if (place < 0) return []
  const { of, places } = findAreas(board)
  const crooked = new Set<number>()
  for (; place >= 0; place = badPlace(board, place + 1)) {
    const around = [place, place + board.width, place + 1, place + board.width + 1]
    const guilty = around.filter((at) => of[at]! >= 0 && !canFitAlone(board, of, around, of[at]!))
    // None alone where only undecided cells part them: the point is too tight for all of them together.
    for (const at of guilty.length > 0 ? guilty : around) if (of[at]! >= 0) crooked.add(of[at]!)
  }
  const cellsOf = (area: number) => places[area]!.map((at) => cellAt(board, at))
  return [...crooked].map((area) => ({ rule: 'white area is not a rectangle', cells: cellsOf(area) }))
}

/** Whether a point could come to right angles if all other areas were black. */
function canFitAlone({ views }: Framed, of: Int16Array, around: readonly number[], area: number): boolean {
  const alone = (at: number) => (of[at] === area || views[at] === UNDECIDED ? views[at]! : BLACK)
  const [upperLeft, lowerLeft, upperRight, lowerRight] = around as [number, number, number, number]
  return (
    pointTable()[pointIndex(alone(upperLeft), alone(lowerLeft), alone(upperRight), alone(lowerRight))] === 1
  )
}
