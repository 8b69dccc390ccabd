/** Pictures of Light Up: walls black with white numbers, bulbs, and the cells that they light. */
import type { GridAnswer } from '../../board/board.ts'
import { isWhite, wallText } from '../../board/walls.ts'
import type { DrawSvgOptions, DrawTextOptions } from '../../kind.ts'
import { drawLattice } from '../../picture/lattice.ts'
import { badCells, cellPainter } from '../../picture/paint.ts'
import * as svg from '../../picture/svg.ts'
import type { LightUpPuzzle } from './puzzle.ts'
import { BULB, litCells, NO_BULB } from './rules.ts'

/** Walls `█2█`, bulbs `●`, lit cells `·`; a cell that breaks a rule is framed by `!`. */
export function drawText(
  puzzle: LightUpPuzzle,
  answer: GridAnswer | undefined,
  options: DrawTextOptions,
): string {
  const paint = cellPainter(options)
  const lit = answer && litCells(puzzle, answer)
  return drawLattice({
    ...puzzle,
    cell: (cell) => {
      if (!isWhite(puzzle, cell)) return paint(cell, 'given', wallText(puzzle, cell))
      const text = answer?.[cell] === BULB ? ' ● ' : lit?.[cell] ? ' · ' : '   '
      return paint(cell, answer?.[cell] === BULB ? 'light' : 'dim', text)
    },
  })
}

export function drawSvg(
  puzzle: LightUpPuzzle,
  answer: GridAnswer | undefined,
  options: DrawSvgOptions,
): string {
  const lit = answer && litCells(puzzle, answer)
  const bad = badCells(options.violations)
  return svg.drawSvg({
    ...puzzle,
    title: options.title ?? 'Light Up',
    violations: options.violations,
    under: (cell, square) => {
      if (!isWhite(puzzle, cell)) return svg.fillSquare('wall', square)
      return lit?.[cell] && !bad.has(cell) ? svg.fillSquare('lit', square) : ''
    },
    over: (cell, square) => {
      const clue = puzzle.clues[cell]!
      if (clue >= 0) return svg.writeText('on-wall', square, String(clue))
      if (answer?.[cell] === BULB && isWhite(puzzle, cell)) {
        return `<circle class="bulb" cx="${square.middleX}" cy="${square.middleY}" r="12"/>`
      }
      return answer?.[cell] === NO_BULB && isWhite(puzzle, cell) ? svg.dot(square) : ''
    },
  })
}
