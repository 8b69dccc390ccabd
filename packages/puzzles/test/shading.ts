/** For tests of Nurikabe and Tapa: random puzzles, and their rules word by word as oracles. */
import fc from 'fast-check'
import { type GridAnswer, type GridSize, NO_CLUE, UNKNOWN_CLUE } from '../src/board/board.ts'
import { SHADED, UNSHADED } from '../src/board/shading.ts'
import type { NurikabePuzzle } from '../src/kinds/nurikabe/index.ts'
import { clueOf, type TapaClue } from '../src/kinds/tapa/clues.ts'
import type { TapaPuzzle } from '../src/kinds/tapa/index.ts'

const side = (most: number) => fc.integer({ min: 1, max: most })
const blanks = <T>(blank: T, clue: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(blank), weight: 3 }, clue)

/** Boards up to `most` x `most`, a quarter of their cells clues up to `mostClue`. */
export function nurikabePuzzles(most: number, mostClue: number): fc.Arbitrary<NurikabePuzzle> {
  const clue = blanks(NO_CLUE, fc.oneof(fc.constant(UNKNOWN_CLUE), fc.integer({ min: 1, max: mostClue })))
  return fc
    .record({ rows: side(most), cols: side(most), clues: fc.infiniteStream(clue) })
    .map(({ rows, cols, clues }) => {
      return { kind: 'nurikabe', rows, cols, clues: Int16Array.from(clues.take(rows * cols)) }
    })
}

/** Boards up to `most` x `most`, a quarter of their cells clues of all that URLs can say. */
export function tapaPuzzles(most: number): fc.Arbitrary<TapaPuzzle> {
  const codes = fc.oneof(fc.integer({ min: -1, max: 9 }), fc.integer({ min: 360, max: 475 }))
  const clue = blanks(
    [] as TapaClue,
    codes.map((code) => clueOf(code)!),
  )
  return fc
    .record({ rows: side(most), cols: side(most), clues: fc.infiniteStream(clue) })
    .map(({ rows, cols, clues }) => ({ kind: 'tapa', rows, cols, clues: [...clues.take(rows * cols)] }))
}

/** Every way to fill the undecided cells, of which clue cells are none. */
export function completions(part: GridAnswer, isClue: (cell: number) => boolean): GridAnswer[] {
  const open = part.findIndex((value, cell) => value === 0 && !isClue(cell))
  if (open < 0) return [part]
  return [UNSHADED, SHADED].flatMap((value) => completions(part.with(open, value), isClue))
}

/** The rules that a complete Nurikabe answer breaks, with n for numbers. */
export function judgeNurikabe(puzzle: NurikabePuzzle, answer: GridAnswer): Set<string> {
  const isSea = (cell: number) => puzzle.clues[cell] === NO_CLUE && answer[cell] === SHADED
  const found = judgeShading(puzzle, isSea)
  for (const island of groups(puzzle, (cell) => !isSea(cell))) {
    const clues = island.map((cell) => puzzle.clues[cell]!).filter((clue) => clue !== NO_CLUE)
    if (clues.length === 0) found.add('island has no number')
    if (clues.length > 1) found.add('island has more than one number')
    const numbers = clues.filter((clue) => clue !== UNKNOWN_CLUE)
    if (numbers.some((n) => island.length > n)) found.add('more than n cells in the island with the number n')
    if (numbers.some((n) => island.length < n))
      found.add('fewer than n cells in the island with the number n')
  }
  return found
}

/** The rules that a complete Tapa answer breaks; a clue's, with its cell. */
export function judgeTapa(puzzle: TapaPuzzle, answer: GridAnswer): Set<string> {
  const { rows, cols, clues } = puzzle
  const isShaded = (cell: number) => clues[cell]!.length === 0 && answer[cell] === SHADED
  const found = judgeShading(puzzle, isShaded)
  if (![...answer.keys()].some(isShaded)) found.add('no cell is shaded')
  for (const [cell, clue] of clues.entries()) {
    if (clue.length === 0) continue
    const [row, col] = [Math.floor(cell / cols), cell % cols]
    const around = ['-1 -1', '-1 0', '-1 1', '0 1', '1 1', '1 0', '1 -1', '0 -1'].map((step) => {
      const [down, right] = step.split(' ').map(Number) as [number, number]
      const [r, c] = [row + down, col + right]
      return r >= 0 && c >= 0 && r < rows && c < cols && isShaded(r * cols + c) ? '#' : '.'
    })
    if (!fits(clue, around.join(''))) found.add(`clue at ${cell}`)
  }
  return found
}

/** Whether the runs of a circle of `#` and `.` can be put in some order that the clue spells. */
function fits(clue: TapaClue, circle: string): boolean {
  const gap = circle.indexOf('.')
  const runs = (circle.slice(gap) + circle.slice(0, gap)).split(/\.+/).filter(Boolean)
  if (gap < 0) return fitsSomeOrder(clue, [8])
  const lengths = runs.map(({ length }) => length)
  return fitsSomeOrder(clue, lengths.length === 0 ? [0] : lengths)
}

function fitsSomeOrder([first, ...rest]: TapaClue, lengths: readonly number[]): boolean {
  if (first === undefined) return lengths.length === 0
  return lengths.some(
    (length, i) =>
      (first === UNKNOWN_CLUE ? length > 0 : first === length) &&
      fitsSomeOrder(rest, lengths.toSpliced(i, 1)),
  )
}

function judgeShading(size: GridSize, isShaded: (cell: number) => boolean): Set<string> {
  const { rows, cols } = size
  const found = new Set<string>()
  for (let row = 1; row < rows; row++)
    for (let col = 1; col < cols; col++) {
      const corner = row * cols + col
      if ([corner, corner - 1, corner - cols, corner - cols - 1].every(isShaded))
        found.add('shaded cells form a 2x2 square')
    }
  if (groups(size, isShaded).length > 1) found.add('shaded cells are not connected')
  return found
}

/** The cells that `inside` accepts, in groups that touch by edges: each is walked from its first cell. */
function groups({ rows, cols }: GridSize, inside: (cell: number) => boolean): number[][] {
  const left = new Set([...Array(rows * cols).keys()].filter(inside))
  const walk = (row: number, col: number): number[] => {
    const isOutside = row < 0 || col < 0 || row >= rows || col >= cols
    if (isOutside || !left.delete(row * cols + col)) return []
    const around = [walk(row, col + 1), walk(row + 1, col), walk(row, col - 1), walk(row - 1, col)]
    return [row * cols + col, ...around.flat()]
  }
  const found: number[][] = []
  for (const cell of left) found.push(walk(Math.floor(cell / cols), cell % cols))
  return found
}
