/** The board of Shakashaka. */
import type { WallPuzzle } from '../../board/walls.ts'

export interface ShakashakaPuzzle extends WallPuzzle {
  readonly kind: 'shakashaka'
}
