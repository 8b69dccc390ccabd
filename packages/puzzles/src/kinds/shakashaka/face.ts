/** What Shakashaka's cells show: walls, half-square triangles, dots where a cell stays white. */
import type { GridAnswer } from '../../board/board.ts'
import { wallFace } from '../../board/walls.ts'
import type { CellFace } from '../../picture/picture.ts'
import { FIRST_TRIANGLE, STAYS_WHITE } from './corners.ts'
import type { ShakashakaPuzzle } from './puzzle.ts'

/** Answer tokens 2, 3, 4, 5. */
const TRIANGLES = ['lower-left', 'lower-right', 'upper-right', 'upper-left'] as const

export function faces(puzzle: ShakashakaPuzzle, answer: GridAnswer | undefined): (cell: number) => CellFace {
  return (cell) => wallFace(puzzle, cell) ?? whiteFace(answer?.[cell])
}

function whiteFace(value: number | undefined): CellFace {
  if (value === undefined) return { ground: 'paper', isOpen: true, words: 'blank' }
  if (value === STAYS_WHITE)
    return { ground: 'paper', mark: 'dot', isOpen: true, words: 'blank, stays white' }
  const triangle = TRIANGLES[value - FIRST_TRIANGLE]
  if (!triangle) return { ground: 'paper', isOpen: true, words: 'blank, undecided' }
  return { ground: triangle, isOpen: true, words: `blank, black at the ${triangle.replace('-', ' ')}` }
}
