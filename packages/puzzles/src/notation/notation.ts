/** What one kind tells the reader of its own spelling. What all kinds share, the reader knows by itself. */
import type { GridSize } from '../board/board.ts'
import type { GridCollector } from './collector.ts'
import type { SavedForms } from './formats/forms.ts'
import type { Piece } from './piece.ts'
import type { PuzzleUrl } from './url.ts'

/** How a kind spells puzzles (`P`) and answers (`A`). Whatever reads throws `PuzzleParseError`, never anything else. */
export interface Notation<P, A> {
  /** The kind's name. */
  readonly name: string
  /** The name as people write it: a line of it says what the grids below are. */
  readonly title: string
  /** How URLs spell the kind; the first one is written. */
  readonly urlNames: readonly [string, ...string[]]
  /** The size of every board, where all have one. */
  readonly size?: GridSize | undefined
  readBody(url: PuzzleUrl): P
  /** What collects the lines of text grids. */
  grids(): GridCollector<P>
  /** Cells of a text grid may be any word: inside a grid such a line is a row, whatever else it looks like. */
  readonly cellsAreWords?: boolean | undefined
  /** For a kind that spells whole puzzles on one line, too. */
  readonly oneLine?: OneLineForm<P, A> | undefined
  /** Reads a complete answer that stands beside a puzzle. */
  readSolution(puzzle: P, solution: Piece): A
  /** Lines that carry no cell, besides the frames of all kinds. */
  isFrame?(text: string): boolean
  /** What may be written, for errors about lines that are no puzzle. */
  readonly wanted: string
  /** How files of other programs spell the kind. */
  readonly saved?: SavedForms<P, A> | undefined
}

/** Puzzles on one line. */
export interface OneLineForm<P, A> {
  /** The puzzle that a line holds, or was meant to hold, with what stands around it; undefined where it holds none. */
  on(line: Piece): { readonly puzzle: Piece; readonly before: Piece } | undefined
  /** Reads a puzzle, and a solution that may stand behind it. */
  read(line: Piece): { readonly puzzle: P; readonly solution?: A | undefined }
}

// biome-ignore lint/suspicious/noExplicitAny: puzzles of different kinds go through the same reader
export type AnyNotation = Notation<any, any>
