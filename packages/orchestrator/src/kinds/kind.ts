/**
 * The seam between puzzles and rollouts: a puzzle genre with its notation, its board as tokens, and its rules.
 *
 * A kind is pure: it holds no state, starts nothing, and knows no model, plan or engine. Puzzles (`P`) and
 * answers (`A`) are plain structured-cloneable data, so they travel to workers as they are; nobody frees them.
 */
import type { Position, PuzzleParseError } from '../errors.ts'

/** One broken rule, and the cells that break it (indices into the token board, row by row). */
export interface Violation {
  readonly rule: string
  readonly cells: readonly number[]
}

/** One puzzle found in a text, with what stood beside it. */
export interface FoundPuzzle<P, A> {
  readonly puzzle: P
  /** The `id` column, or undefined. */
  readonly id?: string | undefined
  /** The `source` column, or undefined. */
  readonly source?: string | undefined
  /** A solution given beside the puzzle. Never shown to the model; used only to judge answers. */
  readonly solution?: A | undefined
  readonly where: Position
}

/** What a reader hands back: a puzzle, or the error of one bad entry (reading goes on after it). */
export type ReadItem<P, A> =
  | FoundPuzzle<P, A>
  | { readonly error: PuzzleParseError; readonly where: Position }

/** Reads puzzles from a text that comes line by line, in any notation of the kind, mixed freely. */
export interface PuzzleReader<P, A> {
  /** Takes one line without its line break; returns the puzzles that this line completed. */
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
  /** Accessible title of the picture. */
  readonly title?: string | undefined
}

/** A puzzle genre. */
export interface Kind<P, A> {
  /** Lower-case name, the same in the CLI, in model configs and in URLs where those have it: `sudoku`. */
  readonly name: string
  /** Board length L: how many tokens `encode` returns. */
  readonly cells: number
  /** Reads exactly one puzzle. Throws `PuzzleParseError` with line and column; never anything else. */
  parse(text: string, source?: string): P
  /** A reader for texts that hold many puzzles; `source` names the text in errors. */
  reader(source?: string): PuzzleReader<P, A>
  /** The board as canonical tokens, shape [L]. */
  encode(puzzle: P): Uint8Array
  /** The answer that the model's tokens (shape [L]) say. Givens are not forced: a wrong answer stays visible. */
  decode(puzzle: P, tokens: Uint8Array): A
  /** Every broken rule of a complete answer, from the rules alone; empty = solved. */
  verify(puzzle: P, answer: A): Violation[]
  /** Every rule that the givens alone already break; empty = worth a rollout. */
  contradictions(puzzle: P): Violation[]
  /** A picture for a terminal. */
  toText(puzzle: P, answer?: A, options?: DrawTextOptions): string
  /** A picture as a self-contained SVG document. */
  toSvg(puzzle: P, answer?: A, options?: DrawSvgOptions): string
  /** The puzzle as a puzz.link URL. `parse(toUrl(p))` gives `p` back. */
  toUrl(puzzle: P): string
  /** The answer on one line, as listed in files (Sudoku: 81 digits). */
  answerToLine(answer: A): string
}
