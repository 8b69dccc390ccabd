/** Pictures of Heyawake: rooms in heavy lines, a number in a room's first cell, shaded cells and decided unshaded ones. */
import { clueText, type GridAnswer } from '../../board/board.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import type { DrawSvgOptions, DrawTextOptions } from '../../kind.ts'
import { CELL_WIDTH, drawLattice } from '../../picture/lattice.ts'
import { cellPainter } from '../../picture/paint.ts'
import * as svg from '../../picture/svg.ts'
import { clueAt, type HeyawakePuzzle, isBorder } from './rooms.ts'

/**
 * Shaded cells `▓▓▓`, with a number `▓2▓`; decided unshaded ` · `, with a number ` 2·`; a cell that breaks a rule has `!`.
 */
export function drawText(
  puzzle: HeyawakePuzzle,
  answer: GridAnswer | undefined,
  options: DrawTextOptions,
): string {
  const paint = cellPainter(options)
  // One character at either side of a number: for the mark of a broken rule, and for shaded or unshaded.
  const cellWidth = Math.max(CELL_WIDTH, ...Array.from(puzzle.clues, (clue) => clueText(clue).length + 2))
  return drawLattice({
    ...puzzle,
    cellWidth,
    isHeavy: (cell, other) => isBorder(puzzle, cell, other),
    cell: (cell) => {
      const clue = clueText(clueAt(puzzle, cell))
      const isShaded = answer?.[cell] === SHADED
      const dot = answer?.[cell] === UNSHADED ? '·' : ''
      let text = centred(clue || dot, cellWidth, isShaded ? '▓' : ' ')
      if (clue && dot) text = text.slice(0, -1) + dot
      if (clue) return paint(cell, 'given', text, `!${text.slice(1)}`)
      return paint(cell, isShaded ? 'answer' : 'dim', text)
    },
  })
}

function centred(text: string, width: number, fill: string): string {
  return text.padStart(Math.floor((width + text.length) / 2), fill).padEnd(width, fill)
}

export function drawSvg(
  puzzle: HeyawakePuzzle,
  answer: GridAnswer | undefined,
  options: DrawSvgOptions,
): string {
  return svg.drawSvg({
    ...puzzle,
    title: options.title ?? 'Heyawake',
    violations: options.violations,
    isHeavy: (cell, other) => isBorder(puzzle, cell, other),
    under: (cell, square) => (answer?.[cell] === SHADED ? svg.fillSquare('shade', square) : ''),
    over: (cell, square) => {
      const clue = clueText(clueAt(puzzle, cell))
      const size = clue.length > 2 ? 16 : 22
      const number =
        clue && svg.writeText(answer?.[cell] === SHADED ? 'on-wall' : 'clue', square, clue, { size })
      if (answer?.[cell] !== UNSHADED) return number
      return number + svg.dot(clue ? { ...square, middleX: square.x + 32, middleY: square.y + 32 } : square)
    },
  })
}
