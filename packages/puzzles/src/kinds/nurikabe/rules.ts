/** Nurikabe's rules: one sea without squares, islands of the size that their one number says. */
import { type GridAnswer, NO_CLUE, neighbours, UNKNOWN_CLUE } from '../../board/board.ts'
import { perPuzzle } from '../../board/per-puzzle.ts'
import { cellsOf, isConnected, type Regions, regionsOf } from '../../board/regions.ts'
import { hasSquare, partedCells, SHADED, shadedSquares, shadingOf, UNSHADED } from '../../board/shading.ts'
import type { Violation } from '../../kind.ts'
import type { NurikabePuzzle } from './puzzle.ts'

const findClueCells = perPuzzle(({ clues }: NurikabePuzzle): readonly number[] =>
  Array.from(clues.keys()).filter((cell) => clues[cell] !== NO_CLUE),
)

export function isSolved(puzzle: NurikabePuzzle, answer: GridAnswer): boolean {
  const clueCells = findClueCells(puzzle)
  const shading = shadingOf(answer, clueCells)
  return (
    !hasSquare(puzzle, shading) &&
    isConnected(puzzle, shading, SHADED) &&
    islandsFit(puzzle, shading, clueCells)
  )
}

/** Whether every clue's island has its size and no other clue, and no island is without a clue. Sinks `land`. */
function islandsFit(puzzle: NurikabePuzzle, land: GridAnswer, clueCells: readonly number[]): boolean {
  const { clues } = puzzle
  const next = neighbours(puzzle)
  const queue = new Int16Array(land.length)
  for (const start of clueCells) {
    // Sunk already: it is part of another clue's island.
    if (land[start] !== UNSHADED) return false
    let length = 0
    land[start] = SHADED
    queue[length++] = start
    for (let head = 0; head < length; head++) {
      for (let side = queue[head]! * 4, end = side + 4; side < end; side++) {
        const cell = next[side]!
        if (cell < 0 || land[cell] !== UNSHADED) continue
        land[cell] = SHADED
        queue[length++] = cell
      }
    }
    if (clues[start]! > 0 && length !== clues[start]) return false
  }
  return !land.includes(UNSHADED)
}

/** What is broken already, whatever the undecided cells become. */
export function broken(puzzle: NurikabePuzzle, answer: GridAnswer): Violation[] {
  const shading = shadingOf(answer, findClueCells(puzzle))
  return [
    ...shadedSquares(puzzle, shading),
    ...partedCells(puzzle, shading, SHADED),
    ...wrongIslands(puzzle, shading),
  ]
}

function wrongIslands(puzzle: NurikabePuzzle, shading: GridAnswer): Violation[] {
  const islands = regionsOf(puzzle, (cell) => shading[cell] === UNSHADED)
  // As far as an island can grow: over undecided cells, until the sea stops it.
  const reach = regionsOf(puzzle, (cell) => shading[cell] !== SHADED)
  const cluesOfIslands = clueCellsIn(puzzle, islands)
  const cluesInReach = clueCellsIn(puzzle, reach)
  return islands.sizes.flatMap((size, island) => {
    const cells = cellsOf(islands, island)
    const clueCells = cluesOfIslands[island]!
    const within = reach.of[cells[0]!]!
    const violations: Violation[] = []
    if (cluesInReach[within]!.length === 0) violations.push({ rule: 'island has no number', cells })
    if (clueCells.length > 1) violations.push({ rule: 'island has more than one number', cells: clueCells })
    for (const clue of new Set(clueCells.map((cell) => puzzle.clues[cell]!))) {
      if (clue === UNKNOWN_CLUE) continue
      const rule = `cells in the island with the number ${clue}`
      if (size > clue) violations.push({ rule: `more than ${clue} ${rule}`, cells })
      if (reach.sizes[within]! < clue) violations.push({ rule: `fewer than ${clue} ${rule}`, cells })
    }
    return violations
  })
}

/** Shape [regions]: the clue cells in each. */
function clueCellsIn(puzzle: NurikabePuzzle, regions: Regions): number[][] {
  const cells = Array.from({ length: regions.count }, (): number[] => [])
  for (const cell of findClueCells(puzzle)) cells[regions.of[cell]!]!.push(cell)
  return cells
}
