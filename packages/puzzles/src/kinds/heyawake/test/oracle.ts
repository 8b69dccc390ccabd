/** For tests of Heyawake: random puzzles, and its rules word by word as an oracle. */
import fc from 'fast-check'
import { type GridAnswer, NO_CLUE, UNKNOWN_CLUE } from '../../../board/board.ts'
import { SHADED, UNSHADED } from '../../../board/shading.ts'
import { type HeyawakePuzzle, heyawake } from '../index.ts'
import { roomName } from '../rooms.ts'

/** Random rooms: each cell joins the one at its left, the one above, or opens a room; some rooms get a clue. */
export function puzzles(most: number): fc.Arbitrary<HeyawakePuzzle> {
  return fc
    .record({
      rows: fc.integer({ min: 1, max: most }),
      cols: fc.integer({ min: 1, max: most }),
      joins: fc.infiniteStream(fc.nat(2)),
      numbers: fc.infiniteStream(fc.oneof(fc.constantFrom(NO_CLUE, UNKNOWN_CLUE), fc.nat(3))),
    })
    .map(({ rows, cols, joins, numbers }) => {
      const cells: string[][] = []
      let rooms = 0
      for (let row = 0; row < rows; row++) {
        cells.push([])
        for (let col = 0; col < cols; col++) {
          const join = joins.next().value
          const near = join === 0 ? cells[row]![col - 1] : join === 1 ? cells[row - 1]?.[col] : undefined
          cells[row]!.push(near ?? roomName(rooms++))
        }
      }
      const { rooms: ofCell } = heyawake.parse(
        cells.map((row) => (cols === 1 ? `${row[0]},` : row.join(' '))).join('\n'),
      )
      return { kind: 'heyawake', rows, cols, rooms: ofCell, clues: Int16Array.from(numbers.take(rooms)) }
    })
}

/** The names of the broken rules, with n for numbers. */
export const RULES: readonly string[] = [
  'shaded cells touch',
  'more than n shaded cells in the room with the number n',
  'fewer than n shaded cells in the room with the number n',
  'line of unshaded cells crosses more than one room border',
  'unshaded cells are not connected',
]

/** Which of {@link RULES} a complete answer breaks: as people say them, slowly. */
export function judge({ rows, cols, rooms, clues }: HeyawakePuzzle, answer: GridAnswer): Set<string> {
  const [touch, more, fewer, line, parted] = RULES as [string, string, string, string, string]
  const found = new Set<string>()
  const at = (row: number, col: number) =>
    row < 0 || col < 0 || row >= rows || col >= cols ? undefined : answer[row * cols + col]
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++)
      for (const [down, right] of [
        [0, 1],
        [1, 0],
      ] as const) {
        if (at(row, col) === SHADED && at(row + down, col + right) === SHADED) found.add(touch)
        const seen: number[] = []
        for (let i = 0; at(row + i * down, col + i * right) === UNSHADED; i++)
          seen.push(rooms[(row + i * down) * cols + col + i * right]!)
        if (seen.filter((room, i) => i > 0 && room !== seen[i - 1]).length > 1) found.add(line)
      }
  for (const [room, clue] of clues.entries()) {
    const shaded = Array.from(answer).filter((value, cell) => rooms[cell] === room && value === SHADED).length
    if (clue >= 0 && shaded > clue) found.add(more)
    if (clue >= 0 && shaded < clue) found.add(fewer)
  }
  const reached = new Set<number>()
  const walk = (row: number, col: number): void => {
    if (at(row, col) !== UNSHADED || reached.has(row * cols + col)) return
    reached.add(row * cols + col)
    for (const [down, right] of [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ] as const)
      walk(row + down, col + right)
  }
  const start = answer.indexOf(UNSHADED)
  if (start >= 0) walk(Math.floor(start / cols), start % cols)
  if (reached.size < answer.filter((value) => value === UNSHADED).length) found.add(parted)
  return found
}

/** Every way to fill the undecided cells. */
export function completions(part: GridAnswer): GridAnswer[] {
  const open = part.indexOf(0)
  if (open < 0) return [part]
  return [UNSHADED, SHADED].flatMap((value) => completions(part.with(open, value)))
}
