/** Where a board's cells come to lie when it is turned or mirrored. */
import type { GridSize } from '../src/board/board.ts'

/** A board's cells as they come to lie: the old places, row by row. */
export interface Layout {
  readonly rows: number
  readonly cols: number
  readonly from: readonly number[]
}

/** Left and right change places, or rows and columns do. */
export type Move = 'mirror' | 'transpose'

/** A layout as a puzzle's data say it. */
export function sizeOf({ rows, cols }: Layout): GridSize {
  return { rows, cols }
}
