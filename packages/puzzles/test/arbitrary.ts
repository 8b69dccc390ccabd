/** What fast-check arbitraries of puzzles are made of. */
import fc from 'fast-check'
import { type GridSize, UNKNOWN_CLUE } from '../src/board/board.ts'

/** Numbers that fill all digits of their spellings in URLs: pzpr does not pad others, and can't read them again. */
const longNumber = fc.oneof(
  fc.integer({ min: 7, max: 4095 }),
  fc.integer({ min: 4096 + 256, max: 8191 }),
  fc.integer({ min: 8192 + 256, max: 12239 }),
)

export const sides = (least: number, most: number): fc.Arbitrary<GridSize> =>
  fc.record({ rows: fc.integer({ min: least, max: most }), cols: fc.integer({ min: least, max: most }) })

export const arrayOf = <T>(cells: number, value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(value, { minLength: cells, maxLength: cells, size: 'max' })

/** `share` of 100 values are `common`, the others from `rare`. */
export const mostly = <T>(share: number, common: T, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: share, arbitrary: fc.constant(common) }, { weight: 100 - share, arbitrary: rare })

/** Small numbers above all, as they alone can be right; long ones for notation. */
export const numbers = (least: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: least, max: 6 }) },
    { weight: 4, arbitrary: fc.constant(UNKNOWN_CLUE) },
    { weight: 1, arbitrary: longNumber },
  )

/** Puzzles made of one value a cell. */
export function cellwise<T, P>(
  least: number,
  most: number,
  value: fc.Arbitrary<T>,
  make: (size: GridSize, values: T[]) => P,
): fc.Arbitrary<P> {
  return sides(least, most).chain((size) =>
    arrayOf(size.rows * size.cols, value).map((values) => make(size, values)),
  )
}
