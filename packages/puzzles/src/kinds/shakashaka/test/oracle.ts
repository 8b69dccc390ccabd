/** Small Shakashaka boards for tests, and a slow oracle of the rules that measures every white area. */
import type { GridAnswer } from '../../../board/board.ts'
import { BARE_WALL, isWhite, WHITE } from '../../../board/walls.ts'
import { type ShakashakaPuzzle, shakashaka } from '../index.ts'

/** A puzzle and an answer drawn as one: `#` a bare wall, digits, and answer characters. */
export function board(...rows: string[]): [ShakashakaPuzzle, GridAnswer] {
  const grid = rows.map((row) => row.replaceAll('#', 'x').replace(/[^x\d]/g, '.'))
  const puzzle = shakashaka.parse([...grid, ''].join('\n'))
  return [puzzle, shakashaka.parseAnswer(puzzle, rows.join('/').replace(/[#\d]/g, '-'))]
}

/** All answers over `values` on the white cells. */
export function* fillings(
  puzzle: ShakashakaPuzzle,
  values: readonly number[],
  from: GridAnswer = new Uint8Array(puzzle.clues.length),
): Generator<GridAnswer> {
  const open = Array.from(from.keys()).filter((cell) => isWhite(puzzle, cell) && from[cell] === 0)
  for (let number = 0; number < values.length ** open.length; number++) {
    const answer = from.slice()
    let rest = number
    for (const cell of open) {
      answer[cell] = values[rest % values.length]!
      rest = Math.floor(rest / values.length)
    }
    yield answer
  }
}

/** A board with bare walls where `walls` has a bit, without numbers. */
export const walled = (rows: number, cols: number, walls: number): ShakashakaPuzzle => ({
  kind: 'shakashaka',
  rows,
  cols,
  clues: Int8Array.from({ length: rows * cols }, (_, cell) => ((walls >> cell) & 1 ? BARE_WALL : WHITE)),
})

/** The black quarters (0 above, 1 right, 2 below, 3 left of the middle) of each answer token. */
const BLACK_QUARTERS = [[], [], [2, 3], [1, 2], [0, 1], [0, 3]]

/**
 * The rules by measuring: each cell is cut into four quarters by its diagonals, white quarters that share a side make
 * an area, and an area is a rectangle where it fills its bounding box, upright or turned by 45 degrees.
 */
export function oracle(
  puzzle: ShakashakaPuzzle,
  answer: GridAnswer,
): { areas: boolean; numbers: boolean; triangles: boolean } {
  const { rows, cols, clues } = puzzle
  const isTriangle = (row: number, col: number) =>
    row >= 0 &&
    row < rows &&
    col >= 0 &&
    col < cols &&
    clues[row * cols + col] === WHITE &&
    answer[row * cols + col]! > 1
  const all = Array.from(clues, (clue, cell) => ({ clue, row: Math.floor(cell / cols), col: cell % cols }))
  return {
    areas: areasOf(puzzle, answer).every(isRectangle),
    numbers: all.every(({ clue, row, col }) => {
      const beside = [
        isTriangle(row - 1, col),
        isTriangle(row, col + 1),
        isTriangle(row + 1, col),
        isTriangle(row, col - 1),
      ]
      return clue < 0 || beside.filter(Boolean).length === clue
    }),
    triangles: all.some(({ row, col }) => isTriangle(row, col)),
  }
}

type Quarter = readonly [row: number, col: number, quarter: number]

function areasOf({ rows, cols, clues }: ShakashakaPuzzle, answer: GridAnswer): Quarter[][] {
  const white = new Map<string, Quarter>()
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++)
      for (let quarter = 0; quarter < 4; quarter++)
        if (
          clues[row * cols + col] === WHITE &&
          !BLACK_QUARTERS[answer[row * cols + col]!]!.includes(quarter)
        )
          white.set(`${row},${col},${quarter}`, [row, col, quarter])
  const areas: Quarter[][] = []
  for (const [key, first] of white) {
    white.delete(key)
    const area = [first]
    for (const [row, col, quarter] of area) {
      const [down, right] = [
        [-1, 0],
        [0, 1],
        [1, 0],
        [0, -1],
      ][quarter] as [number, number]
      for (const next of [
        `${row},${col},${(quarter + 1) % 4}`,
        `${row},${col},${(quarter + 3) % 4}`,
        `${row + down},${col + right},${(quarter + 2) % 4}`,
      ]) {
        const found = white.get(next)
        if (found && white.delete(next)) area.push(found)
      }
    }
    areas.push(area)
  }
  return areas
}

function isRectangle(area: readonly Quarter[]): boolean {
  // In half cells, where a quarter has area 1: its corners are the cell's middle and the two ends of its side.
  const points = area.flatMap(([row, col, quarter]) => {
    const corners = [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ] as const
    return [[1, 1] as const, corners[quarter]!, corners[(quarter + 1) % 4]!].map(
      ([x, y]) => [2 * col + x, 2 * row + y] as const,
    )
  })
  const span = (along: (x: number, y: number) => number) => {
    const values = points.map(([x, y]) => along(x, y))
    return Math.max(...values) - Math.min(...values)
  }
  const upright = span((x) => x) * span((_, y) => y)
  const turned = (span((x, y) => x + y) * span((x, y) => x - y)) / 2
  return area.length === upright || area.length === turned
}
