/** Pictures of Tapa: the wall shaded, a clue's numbers spread over its cell. */
import type { GridAnswer } from '../../board/board.ts'
import type { DrawSvgOptions, DrawTextOptions } from '../../kind.ts'
import { drawShadingSvg, drawShadingText } from '../../picture/shading-picture.ts'
import { writeText } from '../../picture/svg.ts'
import { clueText, numberText } from './clues.ts'
import type { TapaPuzzle } from './puzzle.ts'

/** Where each number of a clue stands, in cells from the middle, and its font size: by how many numbers there are. */
const LAYOUTS: Readonly<
  Record<number, { readonly size: number; readonly at: readonly (readonly [dx: number, dy: number])[] }>
> = {
  1: { size: 22, at: [[0, 0]] },
  2: {
    size: 18,
    at: [
      [-0.2, -0.18],
      [0.2, 0.18],
    ],
  },
  3: {
    size: 16,
    at: [
      [-0.25, -0.18],
      [0, 0.22],
      [0.25, -0.18],
    ],
  },
  4: {
    size: 15,
    at: [
      [0, -0.27],
      [0.27, 0],
      [0, 0.27],
      [-0.27, 0],
    ],
  },
}

/** Two numbers stand apart, so that they do not look like one; more are run together: `3`, `1 2`, `112`, `1111`. */
export function drawText(
  puzzle: TapaPuzzle,
  answer: GridAnswer | undefined,
  options: DrawTextOptions,
): string {
  const text = (cell: number) => {
    const clue = puzzle.clues[cell]!
    return clue.length === 2 ? clue.map(numberText).join(' ') : clueText(clue)
  }
  return drawShadingText(puzzle, answer, text, options)
}

export function drawSvg(
  puzzle: TapaPuzzle,
  answer: GridAnswer | undefined,
  { title = 'Tapa', ...options }: DrawSvgOptions,
): string {
  return drawShadingSvg(
    puzzle,
    answer,
    (cell, square) => {
      const clue = puzzle.clues[cell]!
      if (clue.length === 0) return undefined
      const { size, at } = LAYOUTS[clue.length]!
      const numbers = clue.map((number, i) => {
        const [dx, dy] = at[i]!
        return writeText('clue', square, numberText(number), { size, dx, dy })
      })
      return numbers.join('')
    },
    { ...options, title },
  )
}
