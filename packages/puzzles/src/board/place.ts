/** Where a cell stands on its puzzle's board, as people count: from 1. */
import type { AnyKind } from '../kind.ts'

export interface Place {
  readonly row: number
  readonly column: number
}

/** The place of a cell that a violation names. */
export function placeIn(kind: AnyKind, puzzle: unknown, cell: number): Place {
  const { cols } = kind.size(puzzle)
  return { row: Math.floor(cell / cols) + 1, column: (cell % cols) + 1 }
}

export function placeText({ row, column }: Place): string {
  return `row ${row} column ${column}`
}
