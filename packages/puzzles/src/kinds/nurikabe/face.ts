/** What Nurikabe's cells show: the sea shaded, numbers on their islands. */
import { clueText, type GridAnswer } from '../../board/board.ts'
import { clueFace, shadingFace } from '../../board/shading.ts'
import type { CellFace } from '../../picture/picture.ts'
import type { NurikabePuzzle } from './puzzle.ts'

export function faces({ clues }: NurikabePuzzle, answer: GridAnswer | undefined): (cell: number) => CellFace {
  return (cell) => {
    const clue = clueText(clues[cell]!)
    return clue === '' ? shadingFace(answer?.[cell]) : clueFace([clue])
  }
}
