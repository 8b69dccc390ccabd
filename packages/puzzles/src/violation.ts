/** A broken rule, as rules report it and pictures mark it. */

/** One broken rule, and the cells that break it (indices into the puzzle's own board, row by row). */
export interface Violation {
  readonly rule: string
  readonly cells: readonly number[]
}

/** The cells that break a rule. */
export function badCells(violations: readonly Violation[] = []): ReadonlySet<number> {
  return new Set(violations.flatMap(({ cells }) => cells))
}
