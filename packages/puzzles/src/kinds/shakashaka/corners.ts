/**
 * Where four cells meet: what white must look like around a lattice point for all white areas to be rectangles.
 *
 * A white area is a rectangle, upright or at 45 degrees, if and only if each of its angles is right: around every
 * lattice point each white wedge spans 90 degrees (a corner), 180 (along a side) or 360 (inside). One table lookup a
 * point thus judges a whole board, without a flood fill.
 */
import { UNDECIDED } from '../../board/board.ts'

export const STAYS_WHITE = 1
/** Triangles by their right angle: counterclockwise from the lower left to the upper left. */
export const FIRST_TRIANGLE = 2
export const LAST_TRIANGLE = 5
/** What a cell shows at a lattice point: an answer token or this, which stands for walls and for what lies outside. */
export const BLACK = 6
/** Bits that hold one such view. */
const VIEW_BITS = 3

/** Which of its own corners each cell around a point turns to it, clockwise from the upper right cell. */
const CORNER_AT_POINT = [2, 5, 4, 3] as const
/** White eighths of a turn in a cell, clockwise, by how many corners its right angle lies beyond the point's. */
const EIGHTHS_OF_TRIANGLE = ['00', '10', '11', '01'] as const
const RIGHT_SPANS: readonly number[] = [2, 4]

let table: Uint8Array | undefined

/** Shape [2 ** 12]: 1 where the four views can still be completed to right angles; see {@link pointIndex}. */
export function pointTable(): Uint8Array {
  // Made when first asked for: most workers solve other kinds.
  table ??= tabulate()
  return table
}

/** The place in {@link pointTable} of the views to the upper left, lower left, upper right and lower right of a point. */
export function pointIndex(
  upperLeft: number,
  lowerLeft: number,
  upperRight: number,
  lowerRight: number,
): number {
  return (((((upperLeft << VIEW_BITS) | lowerLeft) << VIEW_BITS) | upperRight) << VIEW_BITS) | lowerRight
}

function tabulate(): Uint8Array {
  const found = new Uint8Array(2 ** (4 * VIEW_BITS))
  const decided = [STAYS_WHITE, 2, 3, 4, 5, BLACK]
  for (const a of decided)
    for (const b of decided)
      for (const c of decided)
        for (const d of decided) if (hasRightAngles([c, d, b, a])) admit(found, [a, b, c, d])
  return found
}

/** Sets the entry of four decided views, and of all that lack some of them. */
function admit(found: Uint8Array, views: readonly number[]): void {
  for (let known = 0; known < 16; known++) {
    const [a, b, c, d] = views.map((view, i) => ((known >> i) & 1 ? view : UNDECIDED))
    found[pointIndex(a!, b!, c!, d!)] = 1
  }
}

/** Whether all white wedges around a point are right; views clockwise from the upper right. */
function hasRightAngles(clockwise: readonly number[]): boolean {
  const eighths = clockwise.map(eighthsOf).join('')
  const start = eighths.indexOf('0')
  if (start < 0) return true
  const wedges = (eighths.slice(start) + eighths.slice(0, start)).match(/1+/g) ?? []
  return wedges.every((wedge) => RIGHT_SPANS.includes(wedge.length))
}

function eighthsOf(view: number, quarter: number): string {
  if (view === STAYS_WHITE) return '11'
  if (view === BLACK) return '00'
  return EIGHTHS_OF_TRIANGLE[(view - CORNER_AT_POINT[quarter]! + 4) % 4]!
}
