/** The body of a puzzle URL, read from its start to its end. */
import { errorIn, type Piece, quoteCharacter } from './piece.ts'

/** A reader's position in a body; `need*` throw errors that point at it. */
export class Body {
  readonly #piece: Piece
  at = 0

  constructor(piece: Piece) {
    this.#piece = piece
  }

  get done(): boolean {
    return this.at >= this.#piece.text.length
  }

  /** The next `length` characters, without taking them. */
  peek(length = 1): string {
    return this.#piece.text.slice(this.at, this.at + length)
  }

  take(length = 1): string {
    const text = this.peek(length)
    this.at += length
    return text
  }

  /** An error at the present character (or `back` characters before it), to be thrown. */
  error(reason: string, back = 0): Error {
    return errorIn(this.#piece, this.at - back, reason)
  }

  unexpected(wanted: string): Error {
    if (this.done) return this.error(`the URL ends early: expected ${wanted}`)
    return this.error(`unexpected ${quoteCharacter(this.#piece.text, this.at)}; expected ${wanted}`)
  }

  /** Throws unless all of the body has been read. */
  end(board: string): void {
    if (!this.done) throw this.error(`the URL goes on after ${board}`)
  }
}
