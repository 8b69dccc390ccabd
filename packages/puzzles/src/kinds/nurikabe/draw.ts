/** Pictures of Nurikabe: the sea shaded, numbers on their islands. */
import { clueText, type GridAnswer } from '../../board/board.ts'
import type { DrawSvgOptions, DrawTextOptions } from '../../kind.ts'
import { drawShadingSvg, drawShadingText } from '../../picture/shading-picture.ts'
import { writeText } from '../../picture/svg.ts'
import type { NurikabePuzzle } from './puzzle.ts'

export function drawText(
  puzzle: NurikabePuzzle,
  answer: GridAnswer | undefined,
  options: DrawTextOptions,
): string {
  return drawShadingText(puzzle, answer, (cell) => clueText(puzzle.clues[cell]!), options)
}

export function drawSvg(
  puzzle: NurikabePuzzle,
  answer: GridAnswer | undefined,
  { title = 'Nurikabe', ...options }: DrawSvgOptions,
): string {
  return drawShadingSvg(
    puzzle,
    answer,
    (cell, square) => {
      const clue = clueText(puzzle.clues[cell]!)
      if (clue === '') return undefined
      return writeText('clue', square, clue, { size: clue.length > 4 ? 12 : clue.length > 2 ? 16 : 22 })
    },
    { ...options, title },
  )
}
