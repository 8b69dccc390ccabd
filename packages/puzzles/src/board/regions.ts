/** Connected parts of a board: the flood fill under most pencil rules, without allocation per cell. */
import { type GridAnswer, type GridSize, neighbours } from './board.ts'

/** The parts of a board whose cells `inside` accepts, connected by edges. */
export interface Regions {
  readonly count: number
  /** Shape [cells]: the region of each cell, -1 where `inside` said no. */
  readonly of: Int16Array
  /** Shape [count]: how many cells each has. */
  readonly sizes: readonly number[]
}

/** Labels the connected parts, in the order of their first cells. Neighbours that are not `joined` stay apart. */
export function regionsOf(
  size: GridSize,
  inside: (cell: number) => boolean,
  joined?: (cell: number, other: number) => boolean,
): Regions {
  const cells = size.rows * size.cols
  const next = neighbours(size)
  const of = new Int16Array(cells).fill(-1)
  const queue = new Int16Array(cells)
  const sizes: number[] = []
  for (let start = 0; start < cells; start++) {
    if (of[start] !== -1 || !inside(start)) continue
    const region = sizes.length
    let length = 0
    of[start] = region
    queue[length++] = start
    for (let head = 0; head < length; head++) {
      const from = queue[head]!
      for (let side = from * 4, end = side + 4; side < end; side++) {
        const cell = next[side]!
        if (cell < 0 || of[cell] !== -1 || !inside(cell) || joined?.(from, cell) === false) continue
        of[cell] = region
        queue[length++] = cell
      }
    }
    sizes.push(length)
  }
  return { count: sizes.length, of, sizes }
}

/** The cells of one region. */
export function cellsOf(regions: Regions, region: number): number[] {
  const cells: number[] = []
  for (let cell = 0; cell < regions.of.length; cell++) if (regions.of[cell] === region) cells.push(cell)
  return cells
}

/** No kind's answer token. */
const REACHED = 255

/** Whether the cells that hold `value` are at most one region: `regionsOf(...).count <= 1`, several times faster. */
export function isConnected(size: GridSize, answer: GridAnswer, value: number): boolean {
  const start = answer.indexOf(value)
  if (start < 0) return true
  const next = neighbours(size)
  const left = answer.slice()
  const queue = new Int16Array(left.length)
  let length = 0
  left[start] = REACHED
  queue[length++] = start
  for (let head = 0; head < length; head++) {
    for (let side = queue[head]! * 4, end = side + 4; side < end; side++) {
      const cell = next[side]!
      if (cell < 0 || left[cell] !== value) continue
      left[cell] = REACHED
      queue[length++] = cell
    }
  }
  return !left.includes(value)
}
