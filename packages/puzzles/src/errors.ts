/** The named errors of puzzles: each says what was wrong and where. */
import { quoted, shown } from './shown.ts'

/** Where in an input text something was found. */
export interface Position {
  /** File name or `<stdin>`, when known. */
  readonly source?: string | undefined
  /** Line, counted from 1. */
  readonly line: number
  /** Column in UTF-16 units, counted from 1. */
  readonly column: number
}

/** A puzzle text, grid, CSV row or URL that can't be read. `where` points at the first offending character. */
export class PuzzleParseError extends Error {
  override readonly name = 'PuzzleParseError'
  readonly reason: string
  readonly where: Position

  constructor(reason: string, where: Position, options?: ErrorOptions) {
    super(`${shown(where.source ?? 'input')}:${where.line}:${where.column}: ${reason}`, options)
    this.reason = reason
    this.where = where
  }
}

/**
 * A kind that is not one of ours; `kindName` is what the text calls it. Where the name stands in no text, the message has
 * no place and `where` is the name's own start.
 */
export class UnknownKindError extends PuzzleParseError {
  readonly kindName: string

  constructor(kindName: string, known: Iterable<string>, where?: Position) {
    super(
      `no puzzle kind ${quoted(kindName)}; known: ${[...known].join(', ')}`,
      where ?? { line: 1, column: 1 },
    )
    if (!where) this.message = this.reason
    this.kindName = kindName
  }
}

/** A puzzle that reads well but whose givens already break the rules; no rollout could solve it. */
export class ContradictionError extends Error {
  override readonly name = 'ContradictionError'
  readonly violations: readonly { readonly rule: string; readonly cells: readonly number[] }[]

  constructor(message: string, violations: ContradictionError['violations']) {
    super(message)
    this.violations = violations
  }
}

/** A clue that is well formed but that the kind's vocabulary has no token for. */
export class ClueWithoutTokenError extends Error {
  override readonly name = 'ClueWithoutTokenError'

  constructor(kind: string, clue: string, place: string) {
    super(`${kind}: no token for the clue ${clue} (${place}); models can't read this puzzle`)
  }
}
