/** A board as people meet it: the one description that terminals, SVG, canvases and screen readers are given. */
import type { GridSize } from '../board/board.ts'
import { placeText } from '../board/place.ts'
import { badCells, type Violation } from '../violation.ts'

/** What fills a cell. A triangle is named by where its right angle lies. */
export type Ground =
  | 'paper'
  | 'wall'
  | 'shade'
  | 'lit'
  | 'lower-left'
  | 'lower-right'
  | 'upper-right'
  | 'upper-left'

/** A sign in a cell. `dot`: decided, stays white. `no-bulb` is one too, but a terminal shows light in its place. */
export type Mark = 'bulb' | 'dot' | 'no-bulb'

export interface CellText {
  /** A clue asks something of the board; a given and an answer are what the cell itself holds. */
  readonly role: 'clue' | 'given' | 'answer'
  /** One text, or up to four that are spread over the cell. */
  readonly parts: readonly string[]
}

export interface CellFace {
  readonly ground: Ground
  readonly text?: CellText | undefined
  readonly mark?: Mark | undefined
  /** Whether an answer is wanted here. */
  readonly isOpen: boolean
  /** What it is, without its place: `blank, shaded`. */
  readonly words: string
}

export interface Picture extends GridSize {
  /** The kind's name. */
  readonly kind: string
  /** What people fill the cells with: it decides a terminal's layout, and how cells that break a rule are marked. */
  readonly filledWith: 'digits' | 'shapes'
  /** Shape [rows * cols], row by row. */
  readonly cells: readonly CellFace[]
  /** Whether the line between two neighbours is thick; the left or upper one comes first. The frame always is. */
  readonly isHeavy?: ((cell: number, other: number) => boolean) | undefined
}

/** What a screen reader says of each cell: its place, what it is, and whether it breaks a rule. */
export function cellLabels(picture: Picture, violations: readonly Violation[] = []): string[] {
  const bad = badCells(violations)
  return picture.cells.map(
    ({ words }, cell) => `${placeText(picture, cell)}: ${words}${bad.has(cell) ? ', breaks a rule' : ''}`,
  )
}
