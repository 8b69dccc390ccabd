/**
 * Types of puzzles and answers by the name of their kind. A kind that only the model file tells at run time is `string`
 * here, and its puzzles and answers are `unknown`: they go to the solver's `kind`, which knows them.
 */
import type { AnswerOf, AnyKind, Kind, KindName, PuzzleOf } from '@ptrm/puzzles'

/** What `solve` takes besides text, and what its result carries. */
export type PuzzleFor<K extends string> = K extends KindName ? PuzzleOf<K> : unknown

/** A filled board. */
export type AnswerFor<K extends string> = K extends KindName ? AnswerOf<K> : unknown

/** The kind itself. */
export type KindFor<K extends string> = K extends KindName ? Kind<PuzzleOf<K>, AnswerOf<K>> : AnyKind

/** The kind of a model, by its name: that of `sudoku` and `sudoku-2` is `'sudoku'`; of a path, `string`. */
export type KindOfModel<Name extends string> = Name extends KindName
  ? Name
  : Name extends `${string}.${string}` | `${string}/${string}`
    ? string
    : Name extends `${infer K extends KindName}-${string}`
      ? K
      : string
