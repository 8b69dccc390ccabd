/** Pictures of Shakashaka: walls black with white numbers, half-square triangles, dots where a cell stays white. */
import type { GridAnswer } from '../../board/board.ts'
import { isWhite, wallText } from '../../board/walls.ts'
import type { DrawSvgOptions, DrawTextOptions } from '../../kind.ts'
import { drawLattice } from '../../picture/lattice.ts'
import { cellPainter } from '../../picture/paint.ts'
import * as svg from '../../picture/svg.ts'
import { FIRST_TRIANGLE, STAYS_WHITE } from './corners.ts'
import type { ShakashakaPuzzle } from './puzzle.ts'

/** Answer tokens 2, 3, 4, 5 as characters. */
export const TRIANGLES: readonly string[] = ['◣', '◢', '◥', '◤']

/** Walls `█2█`, triangles `◣`, `·` where a cell stays white; a cell that breaks a rule is framed by `!`. */
export function drawText(
  puzzle: ShakashakaPuzzle,
  answer: GridAnswer | undefined,
  options: DrawTextOptions,
): string {
  const paint = cellPainter(options)
  return drawLattice({
    ...puzzle,
    cell: (cell) => {
      if (!isWhite(puzzle, cell)) return paint(cell, 'given', wallText(puzzle, cell))
      const triangle = triangleAt(answer, cell)
      const text = triangle ? ` ${triangle} ` : answer?.[cell] === STAYS_WHITE ? ' · ' : '   '
      return paint(cell, triangle ? 'answer' : 'dim', text)
    },
  })
}

export function drawSvg(
  puzzle: ShakashakaPuzzle,
  answer: GridAnswer | undefined,
  options: DrawSvgOptions,
): string {
  return svg.drawSvg({
    ...puzzle,
    title: options.title ?? 'Shakashaka',
    violations: options.violations,
    under: (cell, square) => {
      if (!isWhite(puzzle, cell)) return svg.fillSquare('wall', square)
      return triangleAt(answer, cell) ? fillTriangle(answer![cell]!, square) : ''
    },
    over: (cell, square) => {
      if (!isWhite(puzzle, cell)) {
        const clue = puzzle.clues[cell]!
        return clue >= 0 ? svg.writeText('on-wall', square, String(clue)) : ''
      }
      return answer?.[cell] === STAYS_WHITE ? svg.dot(square) : ''
    },
  })
}

function triangleAt(answer: GridAnswer | undefined, cell: number): string | undefined {
  return TRIANGLES[(answer?.[cell] ?? 0) - FIRST_TRIANGLE]
}

/** Half of the square: its right angle stands where the token says. */
function fillTriangle(token: number, { x, y }: svg.Square): string {
  const corners = [
    `${x},${y + svg.CELL}`,
    `${x + svg.CELL},${y + svg.CELL}`,
    `${x + svg.CELL},${y}`,
    `${x},${y}`,
  ]
  const points = corners.filter((_, i) => i !== (token - FIRST_TRIANGLE + 2) % 4).join(' ')
  return `<polygon class="wall" points="${points}"/>`
}
