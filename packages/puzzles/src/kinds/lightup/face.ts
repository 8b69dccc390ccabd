/** What Light Up's cells show: walls, bulbs, and the light that bulbs give. */
import type { GridAnswer } from '../../board/board.ts'
import { wallFace } from '../../board/walls.ts'
import type { CellFace } from '../../picture/picture.ts'
import type { LightUpPuzzle } from './puzzle.ts'
import { BULB, litCells, NO_BULB } from './rules.ts'

export function faces(puzzle: LightUpPuzzle, answer: GridAnswer | undefined): (cell: number) => CellFace {
  const lit = answer && litCells(puzzle, answer)
  return (cell) => wallFace(puzzle, cell) ?? whiteFace(answer?.[cell], Boolean(lit?.[cell]))
}

function whiteFace(value: number | undefined, isLit: boolean): CellFace {
  const said = value === BULB ? ', bulb' : value === NO_BULB ? ', no bulb' : ', undecided'
  return {
    ground: isLit ? 'lit' : 'paper',
    mark: value === BULB ? 'bulb' : value === NO_BULB ? 'no-bulb' : undefined,
    isOpen: true,
    words: value === undefined ? 'blank' : `blank${said}`,
  }
}
