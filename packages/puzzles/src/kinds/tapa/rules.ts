/** Tapa's rules: one wall of shaded cells without squares, and its runs around the clues. */
import type { GridAnswer } from '../../board/board.ts'
import { perPuzzle } from '../../board/per-puzzle.ts'
import { isConnected } from '../../board/regions.ts'
import { hasSquare, partedCells, SHADED, shadedSquares, shadingOf, UNSHADED } from '../../board/shading.ts'
import type { Violation } from '../../kind.ts'
import { numberText } from './clues.ts'
import type { TapaPuzzle } from './puzzle.ts'
import { allowedPatterns, type Pattern, ringOf, shadedPattern, undecidedPattern } from './ring.ts'

/** What judging needs of a puzzle's clues, one entry a clue. */
interface Rings {
  readonly clueCells: readonly number[]
  readonly rings: readonly Int16Array[]
  /** Shape [256] each: 1 where the clue allows the shading of its ring. */
  readonly allowed: readonly Uint8Array[]
}

const findRings = perPuzzle((puzzle: TapaPuzzle): Rings => {
  const clueCells = [...puzzle.clues.keys()].filter((cell) => puzzle.clues[cell]!.length > 0)
  return {
    clueCells,
    rings: clueCells.map((cell) => ringOf(puzzle, cell)),
    allowed: clueCells.map((cell) => allowedPatterns(puzzle.clues[cell]!)),
  }
})

export function isSolved(puzzle: TapaPuzzle, answer: GridAnswer): boolean {
  const { clueCells, rings, allowed } = findRings(puzzle)
  const shading = shadingOf(answer, clueCells)
  if (hasSquare(puzzle, shading)) return false
  for (let i = 0; i < rings.length; i++)
    if (allowed[i]![shadedPattern(rings[i]!, shading)] === 0) return false
  return shading.includes(SHADED) && isConnected(puzzle, shading, SHADED)
}

/** What is broken already, whatever the undecided cells become. */
export function broken(puzzle: TapaPuzzle, answer: GridAnswer): Violation[] {
  const shading = shadingOf(answer, findRings(puzzle).clueCells)
  return [
    ...shadedSquares(puzzle, shading),
    ...wrongClues(puzzle, shading),
    ...partedCells(puzzle, shading, SHADED),
    ...nothingShaded(puzzle, shading),
  ]
}

/** Clues that no shading of the undecided cells around them fulfils. */
function wrongClues(puzzle: TapaPuzzle, shading: GridAnswer): Violation[] {
  const { clueCells, rings, allowed } = findRings(puzzle)
  return clueCells
    .filter((_, i) => {
      const ring = rings[i]!
      return !canFit(allowed[i]!, shadedPattern(ring, shading), undecidedPattern(ring, shading))
    })
    .map((cell) => ({
      rule: `shaded cells around do not match the clue ${puzzle.clues[cell]!.map(numberText).join(' ')}`,
      cells: [cell],
    }))
}

/** Whether some of the undecided cells, shaded with the shaded ones, make an allowed pattern. */
function canFit(allowed: Uint8Array, shaded: Pattern, undecided: Pattern): boolean {
  // Runs through all subsets of the undecided cells, from all of them down to none.
  for (let subset = undecided; ; subset = (subset - 1) & undecided) {
    if (allowed[shaded | subset] === 1) return true
    if (subset === 0) return false
  }
}

/** As on puzzle sites, a solution shades at least one cell. */
function nothingShaded({ clues }: TapaPuzzle, shading: GridAnswer): Violation[] {
  if (shading.some((value) => value !== UNSHADED)) return []
  const free = [...shading.keys()].filter((cell) => clues[cell]!.length === 0)
  return [{ rule: 'no cell is shaded', cells: free.length > 0 ? free : [...shading.keys()] }]
}
