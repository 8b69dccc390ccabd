/** The seam for files of other programs: each format takes its lines whole and tells what puzzles they hold. */
import type { AnyNotation } from '../notation.ts'
import type { Piece } from '../piece.ts'

/** A file of another program, or one such puzzle on a line of its own, in the midst of any text. */
export interface FileFormat {
  /** As errors call it: `pzprv3`. */
  readonly name: string
  /** Whether a line, without the blanks around it, opens such a file; `kind` is what grids are here. Throws nothing. */
  opens(line: string, kind: string): boolean
  /**
   * A reader of one file. Its first line is the one that opened it. `notationOf` finds a kind by its name or a URL's name
   * for it: a format whose files have no end of their own asks how long a board is, one that names no kind which it is.
   */
  start(notationOf: NotationOf): FileReader
}

/** Finds the notation of a kind by a name, in lower case; undefined where no kind here has it. */
export type NotationOf = (name: string) => AnyNotation | undefined

/** Reads one file, line by line. */
export interface FileReader {
  /**
   * Takes a line as it stands in the text, blanks and all. `more`: the file goes on; `last`: it ends with this line;
   * `over`: it ended before this line, which another form must read.
   */
  push(line: Piece): 'more' | 'last' | 'over'
  /** The puzzles of the lines taken, where the file or the text is over. Throws `PuzzleParseError`. */
  end(): readonly SavedPuzzle[]
}

/** One puzzle of a file, not read yet. */
export interface SavedPuzzle {
  /** The name of its kind, or a URL's name for it, where it stands; of an unknown one an error is made. */
  readonly kind: Piece
  readonly id?: string | undefined
  readonly source?: string | undefined
  /** Reads it with its kind's notation. Throws `PuzzleParseError`. */
  read(notation: AnyNotation): ReadPuzzle
}

export interface ReadPuzzle {
  readonly puzzle: unknown
  /** A complete answer that stands beside it. */
  readonly solution?: unknown
  /** What the reader had to decide, for people: one sentence. */
  readonly note?: string | undefined
}
