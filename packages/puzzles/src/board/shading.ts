/** Boards of shaded and unshaded cells: what Nurikabe, Tapa and Heyawake have in common. */
import type { Violation } from '../kind.ts'
import type { AnswerAlphabet } from '../notation/answer.ts'
import type { CellFace } from '../picture/picture.ts'
import type { GridAnswer, GridPuzzle, GridSize } from './board.ts'
import { cellsOf, regionsOf } from './regions.ts'

export const UNSHADED = 1
export const SHADED = 2

/** How answers of shaded and unshaded cells are spelled. */
export const SHADING_SPELLING: Pick<AnswerAlphabet<GridPuzzle>, 'characters' | 'alsoRead'> = {
  characters: ['.', '#'],
  alsoRead: { '0': UNSHADED, '1': SHADED, '+': UNSHADED, '·': UNSHADED, '▓': SHADED, '█': SHADED },
}

/** The face of a cell that wants an answer; `words` say what stands in it, `clue` shows it. */
export function shadingFace(value: number | undefined, words = 'blank', clue = ''): CellFace {
  const isShaded = value === SHADED
  const said = isShaded ? ', shaded' : value === UNSHADED ? ', unshaded' : ', undecided'
  return {
    ground: isShaded ? 'shade' : 'paper',
    text: clue === '' ? undefined : { role: 'clue', parts: [clue] },
    mark: value === UNSHADED ? 'dot' : undefined,
    isOpen: true,
    words: value === undefined ? words : words + said,
  }
}

/** The face of a cell that holds nothing but a clue. */
export function clueFace(parts: readonly string[]): CellFace {
  const isAny = parts.length === 1 && parts[0] === '?'
  const words = isAny ? 'clue, any number' : `given ${parts.join(' ')}`
  return { ground: 'paper', text: { role: 'clue', parts }, isOpen: false, words }
}

/**
 * Shape [cells]: the answer with clue cells unshaded (in Nurikabe and Tapa they always are), whatever it says there. Rules judge this, so that a clue cell
 * needs no special case.
 */
export function shadingOf(answer: GridAnswer, clueCells: ArrayLike<number>): GridAnswer {
  const shading = answer.slice()
  for (let i = 0; i < clueCells.length; i++) shading[clueCells[i]!] = UNSHADED
  return shading
}

/** Whether somewhere four shaded cells form a square. */
export function hasSquare({ cols }: GridSize, shading: GridAnswer): boolean {
  for (let cell = 0; cell + cols < shading.length; cell++) if (isSquare(cols, shading, cell)) return true
  return false
}

/** Whether the 2x2 cells with this upper left one are all shaded. */
function isSquare(cols: number, shading: GridAnswer, cell: number): boolean {
  return (
    shading[cell] === SHADED &&
    shading[cell + 1] === SHADED &&
    shading[cell + cols] === SHADED &&
    shading[cell + cols + 1] === SHADED &&
    (cell + 1) % cols > 0
  )
}

/** One violation for each square of four shaded cells. */
export function shadedSquares({ cols }: GridSize, shading: GridAnswer): Violation[] {
  return Array.from(shading.keys())
    .filter((cell) => isSquare(cols, shading, cell))
    .map((cell) => ({
      rule: 'shaded cells form a 2x2 square',
      cells: [cell, cell + 1, cell + cols, cell + cols + 1],
    }))
}

/** Cells of one shade that no undecided cell can join any more: all but the largest part is named. */
export function partedCells(
  size: GridSize,
  shading: GridAnswer,
  shade: typeof SHADED | typeof UNSHADED,
): Violation[] {
  const parts = regionsOf(size, (cell) => shading[cell] !== UNSHADED + SHADED - shade)
  const cellsInParts = parts.sizes
    .map((_, part) => cellsOf(parts, part).filter((cell) => shading[cell] === shade))
    .filter((cells) => cells.length > 0)
    .toSorted((a, b) => b.length - a.length)
  if (cellsInParts.length < 2) return []
  const what = shade === SHADED ? 'shaded' : 'unshaded'
  return [{ rule: `${what} cells are not connected`, cells: cellsInParts.slice(1).flat() }]
}
