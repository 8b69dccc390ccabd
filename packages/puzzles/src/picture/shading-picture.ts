/** Pictures of boards of shaded and unshaded cells with clues in unshaded ones; a kind adds how its clues look. */

import type { GridAnswer, GridPuzzle } from '../board/board.ts'
import { SHADED, UNSHADED } from '../board/shading.ts'
import type { DrawSvgOptions, DrawTextOptions } from '../kind.ts'
import { CELL_WIDTH, drawLattice } from './lattice.ts'
import { badCells, cellPainter } from './paint.ts'
import * as svg from './svg.ts'

/**
 * Shaded cells `▓▓▓`, decided unshaded ones ` · `, clues as `clueText` says ('' where there is none); a cell that
 * breaks a rule is framed by `!`. Cells are as wide as the longest clue needs.
 */
export function drawShadingText(
  puzzle: GridPuzzle,
  answer: GridAnswer | undefined,
  clueText: (cell: number) => string,
  options: DrawTextOptions,
): string {
  const paint = cellPainter(options)
  const bad = badCells(options.violations)
  const clues = Array.from({ length: puzzle.rows * puzzle.cols }, (_, cell) => clueText(cell))
  const widths = clues.map((clue, cell) => clue.length + (clue !== '' && bad.has(cell) ? 2 : 0))
  const cellWidth = Math.max(CELL_WIDTH, ...widths)
  return drawLattice({
    ...puzzle,
    cellWidth,
    cell: (cell) => {
      const isShaded = clues[cell] === '' && answer?.[cell] === SHADED
      const dot = answer?.[cell] === UNSHADED ? '·' : ''
      const text = isShaded ? '▓'.repeat(cellWidth) : centred(clues[cell] || dot, cellWidth)
      if (clues[cell] !== '') return paint(cell, 'given', text)
      return paint(cell, isShaded ? 'answer' : 'dim', text)
    },
  })
}

function centred(text: string, width: number): string {
  return text.padStart(Math.floor((width + text.length) / 2)).padEnd(width)
}

/** The same as SVG; `writeClue` gives the SVG of a cell's clue, undefined where there is none. */
export function drawShadingSvg(
  puzzle: GridPuzzle,
  answer: GridAnswer | undefined,
  writeClue: (cell: number, square: svg.Square) => string | undefined,
  options: DrawSvgOptions & { readonly title: string },
): string {
  return svg.drawSvg({
    ...puzzle,
    title: options.title,
    violations: options.violations,
    under: (cell, square) => {
      const isShaded = answer?.[cell] === SHADED && writeClue(cell, square) === undefined
      return isShaded ? svg.fillSquare('shade', square) : ''
    },
    over: (cell, square) => writeClue(cell, square) ?? (answer?.[cell] === UNSHADED ? svg.dot(square) : ''),
  })
}
