/** One puzzle in a text, not read yet, with what stands beside it. */
import type { Piece } from './piece.ts'

export interface Entry {
  /** A URL, or another spelling on one line. */
  readonly puzzle: Piece
  readonly id?: string | undefined
  readonly source?: string | undefined
  /** A complete answer, as the kind spells it. */
  readonly solution?: Piece | undefined
}
