/** The board of Light Up. */
import type { WallPuzzle } from '../../board/walls.ts'

export interface LightUpPuzzle extends WallPuzzle {
  readonly kind: 'lightup'
}
