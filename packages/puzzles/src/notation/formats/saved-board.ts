/** The lines of a board in a file of another program, taken from its first to its last: words, one a cell. */
import { type GridSize, MAX_SIDE } from '../../board/board.ts'
import { cut, errorIn, type Piece, quote } from '../piece.ts'
import type { SavedBoard } from './forms.ts'

/** Words of a line, where they stand. */
export function wordsIn(line: Piece): Piece[] {
  return [...line.text.matchAll(/\S+/g)].map(({ 0: text, index }) => cut(line, index, index + text.length))
}

/** The number of rows or columns that a piece says. Throws `PuzzleParseError`. */
export function sideIn(piece: Piece, what: string): number {
  const side = /^\d{1,4}$/.test(piece.text) ? Number(piece.text) : 0
  if (side >= 1 && side <= MAX_SIDE) return side
  throw errorIn(piece, 0, `expected 1 to ${MAX_SIDE} ${what}, found ${quote(piece.text)}`)
}

export class SavedLines implements SavedBoard {
  readonly rows: number
  readonly cols: number
  /** What the file is called in errors: `pzprv3 file`. */
  readonly #name: string
  readonly #lines: readonly Piece[]
  /** Where the file ends, for errors. */
  readonly #end: Piece
  #taken = 0

  constructor(name: string, { rows, cols }: GridSize, lines: readonly Piece[], end: Piece) {
    this.#name = name
    this.rows = rows
    this.cols = cols
    this.#lines = lines
    this.#end = end
  }

  /** The lines that nobody has taken. */
  get rest(): readonly Piece[] {
    return this.#lines.slice(this.#taken)
  }

  /** The next line, trimmed. Throws where there is none; `what` says what was expected there. */
  line(what: string): Piece {
    const line = this.#lines[this.#taken]
    if (!line)
      throw errorIn(this.#end, this.#end.text.length, `the ${this.#name} ends early: expected ${what}`)
    this.#taken++
    return cut(line)
  }

  /** The words of the next rows, as many as the board has cells. Throws where a row has too many or too few. */
  cells(what = 'the board'): Piece[] {
    const cells: Piece[] = []
    for (let row = 1; row <= this.rows; row++) {
      const line = this.line(`row ${row} of ${this.rows} of ${what}`)
      const words = wordsIn(line)
      if (words.length !== this.cols) {
        const reason = `expected ${this.cols} cells in row ${row} of ${what}, found ${words.length}`
        throw errorIn(words[this.cols] ?? line, words[this.cols] ? 0 : line.text.length, reason)
      }
      for (const word of words) cells.push(word)
    }
    return cells
  }
}
