/** The eight cells around a clue, and which of their 256 shadings a clue allows. */
import { type GridAnswer, type GridSize, UNKNOWN_CLUE } from '../../board/board.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import { clueKey, type TapaClue } from './clues.ts'

/** A shading of a ring: bit i says whether its cell i is shaded. */
export type Pattern = number

const RING = 8
const PATTERNS = 1 << RING
const AROUND = [
  [-1, -1],
  [-1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
  [1, 0],
  [1, -1],
  [0, -1],
] as const

/** The cells around one, clockwise from the upper left; -1 outside the board, which breaks runs. */
export function ringOf({ rows, cols }: GridSize, cell: number): Int16Array {
  const row = Math.floor(cell / cols)
  const col = cell % cols
  return Int16Array.from(AROUND, ([down, right]) => {
    const isInside = row + down >= 0 && row + down < rows && col + right >= 0 && col + right < cols
    return isInside ? cell + down * cols + right : -1
  })
}

/** The shaded cells of a ring. */
export function shadedPattern(ring: Int16Array, shading: GridAnswer): Pattern {
  let pattern = 0
  for (let i = 0; i < RING; i++) if (shading[ring[i]!] === SHADED) pattern |= 1 << i
  return pattern
}

/** The undecided cells of a ring. */
export function undecidedPattern(ring: Int16Array, shading: GridAnswer): Pattern {
  let pattern = 0
  for (let i = 0; i < RING; i++) {
    const value = ring[i]! < 0 ? UNSHADED : shading[ring[i]!]
    if (value !== SHADED && value !== UNSHADED) pattern |= 1 << i
  }
  return pattern
}

/** Lengths of the runs of a pattern, which closes to a circle. */
export function runsOf(pattern: Pattern): number[] {
  if (pattern === PATTERNS - 1) return [RING]
  const isShaded = (i: number) => ((pattern >> (i % RING)) & 1) === 1
  const runs: number[] = []
  for (let start = 0; start < RING; start++) {
    if (!isShaded(start) || isShaded(start + RING - 1)) continue
    let length = 1
    while (isShaded(start + length)) length++
    runs.push(length)
  }
  return runs
}

/** Whether runs of these lengths are what the clue asks for; a `?` stands for any one run. */
export function allows(clue: TapaClue, runs: readonly number[]): boolean {
  if (clue.length === 1 && clue[0] === 0) return runs.length === 0
  if (clue.length !== runs.length) return false
  const left = [...runs]
  return clue.every((number) => {
    if (number === UNKNOWN_CLUE) return true
    const at = left.indexOf(number)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}

const tables = new Map<string, Uint8Array>()

/** Shape [256]: 1 where the clue allows the pattern. Cached by clue. */
export function allowedPatterns(clue: TapaClue): Uint8Array {
  const key = clueKey(clue)
  let table = tables.get(key)
  if (!table) {
    table = Uint8Array.from({ length: PATTERNS }, (_, pattern) => Number(allows(clue, runsOf(pattern))))
    tables.set(key, table)
  }
  return table
}
