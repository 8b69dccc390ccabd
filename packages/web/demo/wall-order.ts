/** Where each try stands on the wall. Pure, knows no element. */

/**
 * Numbers of rollouts by place: the first stays where it is, those that are sure stand next to it, and no other moves than
 * must: one that became sure changes places with the first that is not.
 */
export function withSureFirst(
  order: readonly number[],
  isSure: (number: number) => boolean,
): readonly number[] {
  const [first, ...others] = order
  const sure = others.filter(isSure).length
  const late = others.slice(0, sure).flatMap((number, place) => (isSure(number) ? [] : [place]))
  const early = others.slice(sure).flatMap((number, place) => (isSure(number) ? [sure + place] : []))
  const next = [...others]
  for (const [i, place] of late.entries()) {
    next[place] = others[early[i]!]!
    next[early[i]!] = others[place]!
  }
  return first === undefined ? [] : [first, ...next]
}

/** Sides of a tile in pixels, and at least so much for each cell of a board's longer side. */
const SMALLEST = 34
const LARGEST = 132
const SMALLEST_CELL = 2.5
const LARGEST_CELL = 8

export interface Room {
  /** Pixels there are for the wall; higher it gets only where its tiles would be too small. */
  readonly width: number
  readonly height: number
  readonly gap: number
}

/** How many columns make the tiles as large as can be, of so many boards of so many cells a side. */
export function columnsFor(count: number, cells: number, { width, height, gap }: Room): number {
  const least = Math.max(SMALLEST, SMALLEST_CELL * cells)
  const most = Math.max(LARGEST, LARGEST_CELL * cells)
  const sideAt = (columns: number) => (width + gap) / columns - gap
  const fits = (columns: number) => {
    const side = sideAt(columns)
    return side <= most && Math.ceil(count / columns) * (side + gap) - gap <= height
  }
  let columns = 1
  while (!fits(columns) && sideAt(columns + 1) >= least) columns += 1
  return columns
}
