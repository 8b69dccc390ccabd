/** Sizes of boards that every kind must hold: the least, the longest, rectangles, the usual, the largest. */
import { type GridSize, MAX_SIDE } from '../src/board/board.ts'
import type { AnyKind } from '../src/kind.ts'

const SIZES: readonly GridSize[] = [
  [1, 1],
  [1, 24],
  [24, 1],
  [2, 3],
  [6, 6],
  [13, 7],
  [10, 10],
  [15, 15],
  [17, 24],
  [24, 24],
  [MAX_SIDE, MAX_SIDE],
].map(([rows, cols]) => ({ rows: rows!, cols: cols! }))

/** Those that the kind has boards of. */
export function sizesOf({ notation }: AnyKind): readonly GridSize[] {
  return notation.size ? [notation.size] : SIZES
}
