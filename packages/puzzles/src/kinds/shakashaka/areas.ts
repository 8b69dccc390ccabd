/** The white areas of a Shakashaka board: cells joined through sides where both are white. */
import { type GridAnswer, UNDECIDED } from '../../board/board.ts'
import { isWhite } from '../../board/walls.ts'
import { BLACK, LAST_TRIANGLE, STAYS_WHITE } from './corners.ts'
import type { ShakashakaPuzzle } from './puzzle.ts'

/** A board in a black frame one cell wide, so that nothing needs to ask where the board ends. */
export interface Framed {
  /** Columns with the frame: the places around `p` are `p - width`, `p + 1`, `p + width`, `p - 1`. */
  readonly width: number
  /** Shape [(rows + 2) * width]: an answer token, `UNDECIDED`, or `BLACK` for a wall and the frame. */
  readonly views: Uint8Array
}

export function frame(puzzle: ShakashakaPuzzle, answer: GridAnswer): Framed {
  const { rows, cols } = puzzle
  const width = cols + 2
  const views = new Uint8Array((rows + 2) * width).fill(BLACK)
  for (let row = 0, cell = 0, place = width + 1; row < rows; row++, place += 2) {
    for (let col = 0; col < cols; col++, cell++, place++) {
      if (!isWhite(puzzle, cell)) continue
      const value = answer[cell]!
      views[place] = value <= LAST_TRIANGLE ? value : UNDECIDED
    }
  }
  return { width, views }
}

/** The cell of the board that a place inside the frame stands for. */
export function cellAt({ width }: Framed, place: number): number {
  return (Math.floor(place / width) - 1) * (width - 2) + (place % width) - 1
}

/** White sides by view, as bits: 1 above, 2 right, 4 below, 8 left. A cell has one white part at most. */
const WHITE_SIDES: readonly number[] = [0, 1 | 2 | 4 | 8, 1 | 2, 8 | 1, 4 | 8, 2 | 4, 0]

export interface Areas {
  /** Shape of the framed board: the area of each decided white cell, -1 elsewhere. */
  readonly of: Int16Array
  /** The places of each area, as far as they are decided. */
  readonly places: readonly (readonly number[])[]
}

export function findAreas({ width, views }: Framed): Areas {
  const of = new Int16Array(views.length).fill(-1)
  const places: number[][] = []
  const steps = [-width, 1, width, -1]
  for (let start = 0; start < views.length; start++) {
    const view = views[start]!
    if (of[start] !== -1 || view < STAYS_WHITE || view > LAST_TRIANGLE) continue
    const area = [start]
    of[start] = places.length
    for (const place of area) {
      for (let side = 0; side < 4; side++) {
        const other = place + steps[side]!
        if (!isOpen(views[place]!, side) || of[other] !== -1 || !isOpen(views[other]!, side ^ 2)) continue
        of[other] = places.length
        area.push(other)
      }
    }
    places.push(area)
  }
  return { of, places }
}

/** Whether a side (0 above, 1 right, 2 below, 3 left) of a cell is white. */
function isOpen(view: number, side: number): boolean {
  return ((WHITE_SIDES[view]! >> side) & 1) === 1
}
