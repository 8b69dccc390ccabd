/** One puzzle in a text, not read yet, with what stands beside it. */
import type { Piece } from './piece.ts'

export interface Entry {
  /** A URL, or another spelling on one line. */
  readonly puzzle: Piece
  /** The puzzle stood there as a list of rows or of cells. */
  readonly isList?: boolean | undefined
  readonly id?: string | undefined
  readonly source?: string | undefined
  /** A complete answer, as the kind spells it. */
  readonly solution?: Piece | undefined
}
