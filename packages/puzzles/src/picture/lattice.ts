/** Boards in a terminal: cells of one width in a lattice of box-drawing lines, light or heavy. */
import type { GridSize } from '../board/board.ts'

/** How thick each arm (up, right, down, left; 0 none, 1 light, 2 heavy) of each box-drawing character is. */
const JUNCTIONS: ReadonlyMap<string, string> = new Map(
  `
  0011┐ 0012┑ 0021┒ 0022┓ 0101─ 0110┌ 0111┬ 0112┭ 0120┎ 0121┰ 0122┱ 0202━ 0210┍ 0211┮ 0212┯ 0220┏
  0221┲ 0222┳ 1001┘ 1002┙ 1010│ 1011┤ 1012┥ 1021┧ 1022┪ 1100└ 1101┴ 1102┵ 1110├ 1111┼ 1112┽ 1120┟
  1121╁ 1122╅ 1200┕ 1201┶ 1202┷ 1210┝ 1211┾ 1212┿ 1220┢ 1221╆ 1222╈ 2001┚ 2002┛ 2011┦ 2012┩ 2020┃
  2021┨ 2022┫ 2100┖ 2101┸ 2102┹ 2110┞ 2111╀ 2112╃ 2120┠ 2121╂ 2122╉ 2200┗ 2201┺ 2202┻ 2210┡ 2211╄
  2212╇ 2220┣ 2221╊ 2222╋
`
    .trim()
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 4), entry.slice(4)]),
)

export const CELL_WIDTH = 3

export interface Lattice extends GridSize {
  /** Characters that a cell is wide; {@link CELL_WIDTH} unless told. */
  readonly cellWidth?: number | undefined
  /** What a cell shows: `cellWidth` characters wide once printed. */
  readonly cell: (cell: number) => string
  /** Whether the line between two neighbouring cells is heavy; the frame always is. */
  readonly isHeavy?: ((cell: number, other: number) => boolean) | undefined
}

/** The whole picture, 2 * rows + 1 lines. */
export function drawLattice({
  rows,
  cols,
  cell,
  cellWidth = CELL_WIDTH,
  isHeavy = () => false,
}: Lattice): string {
  const weight = (cell: number, other: number) => (isHeavy(cell, other) ? 2 : 1)
  /** The line above row `row` over column `col`; 0 outside. */
  const horizontal = (row: number, col: number) => {
    if (col < 0 || col >= cols) return 0
    if (row === 0 || row === rows) return 2
    return weight((row - 1) * cols + col, row * cols + col)
  }
  /** The line at the left of column `col` beside row `row`; 0 outside. */
  const vertical = (row: number, col: number) => {
    if (row < 0 || row >= rows) return 0
    if (col === 0 || col === cols) return 2
    return weight(row * cols + col - 1, row * cols + col)
  }
  const junction = (row: number, col: number) => {
    const arms = [vertical(row - 1, col), horizontal(row, col), vertical(row, col), horizontal(row, col - 1)]
    return JUNCTIONS.get(arms.join(''))!
  }
  const lines: string[] = []
  for (let row = 0; row <= rows; row++) {
    let line = ''
    for (let col = 0; col <= cols; col++) {
      line += junction(row, col)
      if (col < cols) line += (horizontal(row, col) === 2 ? '━' : '─').repeat(cellWidth)
    }
    lines.push(line)
    if (row === rows) break
    line = ''
    for (let col = 0; col <= cols; col++) {
      line += vertical(row, col) === 2 ? '┃' : '│'
      if (col < cols) line += cell(row * cols + col)
    }
    lines.push(line)
  }
  return lines.join('\n')
}
