/** What one kind tells the reader of its own spelling. What all kinds share, the reader knows by itself. */
import type { GridSize } from '../board/board.ts'
import type { SavedForms } from './formats/forms.ts'
import type { Piece } from './piece.ts'
import type { PuzzleUrl } from './url.ts'

/** How a kind spells puzzles (`P`) and answers (`A`). Whatever reads throws `PuzzleParseError`, never anything else. */
export interface Notation<P, A> {
  /** The kind's name. */
  readonly name: string
  /** How URLs spell the kind; the first one is written. */
  readonly urlNames: readonly [string, ...string[]]
  /** The size of every board, where all have one: a grid then ends with its last row. */
  readonly size?: GridSize | undefined
  readBody(url: PuzzleUrl): P
  /** Reads the rows of a text grid, at least one: lines without the blanks around them. */
  readGrid(rows: readonly Piece[]): P
  /** Cells of a text grid may be any word: inside a grid such a line is a row, whatever else it looks like. */
  readonly cellsAreWords?: boolean | undefined
  /** For a kind that spells whole puzzles on one line, too. Without it every other line is a row of a grid. */
  readonly oneLine?: OneLineForm<P, A> | undefined
  /** Reads a complete answer that stands beside a puzzle. */
  readSolution(puzzle: P, solution: Piece): A
  /** Lines that carry nothing, besides comments and frames. */
  carriesNothing?(text: string): boolean
  /** How files of other programs spell the kind. */
  readonly saved?: SavedForms<P, A> | undefined
}

/** Puzzles on one line. */
export interface OneLineForm<P, A> {
  /** Whether a line is a row of a grid: of the one that `isOpen`, or the first of a new one. */
  isRow(line: Piece, isOpen: boolean): boolean
  /** Reads a puzzle, and a solution that may stand behind it. */
  read(line: Piece): { readonly puzzle: P; readonly solution?: A | undefined }
}

// biome-ignore lint/suspicious/noExplicitAny: puzzles of different kinds go through the same reader
export type AnyNotation = Notation<any, any>
