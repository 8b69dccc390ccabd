/** The board of Tapa. */
import type { GridPuzzle } from '../../board/board.ts'
import type { TapaClue } from './clues.ts'

export interface TapaPuzzle extends GridPuzzle {
  readonly kind: 'tapa'
  /** Shape [rows * cols]; a cell without clue has an empty one. Numbers stand in the order in which they were written. */
  readonly clues: readonly TapaClue[]
}
