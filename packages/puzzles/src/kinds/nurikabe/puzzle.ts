/** The board of Nurikabe. */
import type { GridPuzzle } from '../../board/board.ts'

export interface NurikabePuzzle extends GridPuzzle {
  readonly kind: 'nurikabe'
  /** Shape [rows * cols]: how many cells the clue's island has, `UNKNOWN_CLUE` (`?`: any number), or `NO_CLUE`. */
  readonly clues: Int16Array
}
