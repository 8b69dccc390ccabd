/** What Tapa's cells show: the wall shaded, a clue's numbers spread over its cell. */
import type { GridAnswer } from '../../board/board.ts'
import { clueFace, shadingFace } from '../../board/shading.ts'
import type { CellFace } from '../../picture/picture.ts'
import { numberText } from './clues.ts'
import type { TapaPuzzle } from './puzzle.ts'

export function faces({ clues }: TapaPuzzle, answer: GridAnswer | undefined): (cell: number) => CellFace {
  return (cell) => {
    const clue = clues[cell]!
    return clue.length === 0 ? shadingFace(answer?.[cell]) : clueFace(clue.map(numberText))
  }
}
