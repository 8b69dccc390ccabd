/** The seam between the reader and text grids: lines that wait until it is known which of them are the rows of one board. */
import type { Position, PuzzleParseError } from '../errors.ts'
import type { Piece } from './piece.ts'

/** What lines turned out to hold. */
export type Reading<P> = Board<P> | Fault

export interface Board<P> {
  readonly puzzle: P
  readonly where: Position
  /** What the reader had to decide, for people: one sentence. */
  readonly note?: string | undefined
}

export interface Fault {
  readonly error: PuzzleParseError
  /** Set where the lines look like no puzzle at all: how many they are. */
  readonly strayLines?: number
}

/** The error of a row that stands in another quotation than those above it: what the rows around it are, is open. */
export const OTHER_QUOTATION = 'a quotation begins or ends here: expected a blank line between two boards'

/** Lines that carry no cell. */
export type Aside = 'comment' | 'frame'

/**
 * Collects the lines of text grids. It takes every line that is of no other form, and knows by what follows which are
 * rows of one board: no board has rows from both sides of an error, and only where its kind says so of a blank line.
 */
export interface GridCollector<P> {
  /** Whether lines wait. */
  readonly isOpen: boolean
  /**
   * Takes a line as it stands in the text, blanks and all. With `error` it looks like another form, which that is the
   * error of: it is no row, but it must not part the rows around it either.
   */
  push(line: Piece, error?: PuzzleParseError): void
  aside(what: Aside, line: Piece): void
  /** Takes a blank line; it may hold tabs. */
  blank(line: Piece): Reading<P>[]
  /** Something else begins, or the text ends: tells what all lines held. Nothing waits any more. */
  end(): Reading<P>[]
}
