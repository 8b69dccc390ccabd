/**
 * The seam between puzzles and rollouts: a puzzle genre with its notation, its board as tokens, and its rules.
 *
 * A kind is pure: it holds no state, starts nothing, and knows no model, plan or engine. Puzzles (`P`) and
 * answers (`A`) are plain structured-cloneable data, so they travel to workers as they are; nobody frees them.
 */
import type { GridSize } from './board/board.ts'
import type { Position, PuzzleParseError } from './errors.ts'
import type { Notation } from './notation/notation.ts'
import type { Picture } from './picture/picture.ts'
import type { Violation } from './violation.ts'
import type { Vocabulary } from './vocabulary.ts'

export type { Violation } from './violation.ts'
export type { ModelTokens, OtherVocabulary, Vocabulary } from './vocabulary.ts'

/** One puzzle found in a text, with what stood beside it. */
export interface FoundPuzzle<P, A> {
  readonly puzzle: P
  /** The `id` column, or undefined. */
  readonly id?: string | undefined
  /** The `source` column, or undefined. */
  readonly source?: string | undefined
  /** A solution given beside the puzzle. Never shown to the model; used only to judge answers. */
  readonly solution?: A | undefined
  /** What the reader had to decide, for people: one sentence. */
  readonly note?: string | undefined
  readonly where: Position
}

/** What a reader hands back: a puzzle, or the error of one bad entry (reading goes on after it). */
export type ReadItem<P, A> =
  | FoundPuzzle<P, A>
  | { readonly error: PuzzleParseError; readonly where: Position }

/** Reads puzzles from a text that comes line by line, in any notation of the kind, mixed freely. */
export interface PuzzleReader<P, A> {
  /** Takes the next line, without its line break; returns what this line completed. */
  push(line: string): ReadItem<P, A>[]
  /** Ends the text: returns what is left, or the error of an unfinished puzzle. */
  end(): ReadItem<P, A>[]
}

export interface DrawTextOptions {
  /** ANSI colours and styles. Without them, givens stay distinguishable from answers. */
  readonly color?: boolean | undefined
  /** Cells to mark, usually those of `verify`'s violations. */
  readonly violations?: readonly Violation[] | undefined
}

export interface DrawSvgOptions {
  readonly violations?: readonly Violation[] | undefined
  /** Accessible title of the picture; the kind's own unless told. */
  readonly title?: string | undefined
}

/** A puzzle to begin with, and its one solution. */
export interface Example {
  /** What is special about it, where a kind has several. */
  readonly about?: string | undefined
  /** The puzzle in any notation of the kind. */
  readonly text: string
  /** As `parseAnswer` reads it. */
  readonly answer: string
}

/** How people write puzzles of the kind, cell by cell. */
export interface Editing<P> {
  /** One sentence: what may be typed into a cell. */
  readonly hint: string
  /** A board without clues; of the kind's usual size unless told. Throws a RangeError where the kind has none of that size. */
  empty(size?: GridSize): P
  /** What stands in a cell, as the text grid spells it: what `write` takes. */
  textOf(puzzle: P, cell: number): string
  /** The puzzle with another text in one cell, cleared by ''; undefined where the kind can't read that. */
  write(puzzle: P, cell: number, text: string): P | undefined
  /** The texts that clicks on a cell lead through, round and round. */
  choices(puzzle: P, cell: number): readonly string[]
  /** What else a pad offers: texts that lead out of what clicks go round in. */
  moves?(puzzle: P, cell: number): readonly Move[]
}

/** A text to write, as a key of a pad. */
export interface Move {
  readonly text: string
  /** As it stands on the key. */
  readonly shown: string
  /** For screen readers. */
  readonly words: string
}

/** A board as models read it, row by row: shape [rows * columns]. */
export interface TokenBoard {
  readonly rows: number
  readonly columns: number
  readonly tokens: Uint8Array
}

/** A puzzle genre. */
export interface Kind<P, A> {
  /** Lower-case name, the same in the CLI and in model configs: `sudoku`. */
  readonly name: string
  /** The name as people write it: `Light Up`. */
  readonly title: string
  /** Puzzles to begin with, at least one. */
  readonly examples: readonly [Example, ...Example[]]
  readonly editing: Editing<P>
  /** How URLs spell the kind; the first one is written. */
  readonly urlNames: readonly [string, ...string[]]
  /** How texts spell its puzzles: what a reader of many kinds needs. */
  readonly notation: Notation<P, A>
  /** The tokens of `encode` and `encodeAnswer`. */
  readonly vocabulary: Vocabulary
  /** Reads exactly one puzzle. Throws `PuzzleParseError` with line and column; never anything else. */
  parse(text: string, source?: string): P
  /** A reader for texts that hold many puzzles; `source` names the text in errors. */
  reader(source?: string): PuzzleReader<P, A>
  /**
   * Reads an answer of the puzzle as `answerToLine` writes it, with blanks where nothing is decided. Throws
   * `PuzzleParseError` with line and column; never anything else.
   */
  parseAnswer(puzzle: P, text: string, source?: string): A
  /** Rows and columns of the puzzle's own board. */
  size(puzzle: P): GridSize
  /** The puzzle's own board as tokens. Throws `ClueWithoutTokenError` where models can't read it. */
  encode(puzzle: P): TokenBoard
  /**
   * The answer that a model's tokens of the puzzle's own board say, shape [rows * cols] as all tokens here. Givens are
   * not forced: a wrong answer stays visible.
   */
  decode(puzzle: P, tokens: Uint8Array): A
  /** An answer as answer tokens: what a model that is right would say. `decode` gives the answer back. */
  encodeAnswer(puzzle: P, answer: A): Uint8Array
  /**
   * The model's tokens with 0 where the board has nothing to answer, so that equal answers are equal bytes. May return
   * its argument.
   */
  canonical(puzzle: P, tokens: Uint8Array): Uint8Array
  /** Every broken rule of a complete answer, from the rules alone; empty = solved. */
  verify(puzzle: P, answer: A): Violation[]
  /** Whether `verify` would find nothing: the fast way, yes or no, that runs after every step of every rollout. */
  isSolved(puzzle: P, answer: A): boolean
  /** Every rule that a partly filled answer breaks already, whatever its undecided cells become. */
  partial(puzzle: P, answer: A): Violation[]
  /** Every rule that the givens alone already break; empty = worth a rollout. */
  contradictions(puzzle: P): Violation[]
  /** Whether every cell that wants an answer has one. */
  isComplete(puzzle: P, answer: A): boolean
  /** What each cell shows, with or without an answer: all pictures and words are made from this. */
  toPicture(puzzle: P, answer?: A): Picture
  /** A picture for a terminal. */
  toText(puzzle: P, answer?: A, options?: DrawTextOptions): string
  /** A picture as a self-contained SVG document. */
  toSvg(puzzle: P, answer?: A, options?: DrawSvgOptions): string
  /** The puzzle as a plain text grid. `parse(toGrid(p))` gives `p` back. */
  toGrid(puzzle: P): string
  /** The puzzle as a puzz.link URL. `parse(toUrl(p))` gives `p` back. */
  toUrl(puzzle: P): string
  /** The answer on one line, as listed in files (Sudoku: 81 digits). */
  answerToLine(puzzle: P, answer: A): string
}

/** A kind whose puzzle and answer types are its own business. */
// biome-ignore lint/suspicious/noExplicitAny: puzzles of different kinds go through the same code
export type AnyKind = Kind<any, any>
