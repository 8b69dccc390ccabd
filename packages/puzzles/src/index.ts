/** `@ptrm/puzzles`: notation, rules and pictures of logic puzzles. Knows no model and starts nothing. */
export { type Place, placeIn, placeText } from './board/place.ts'
export * from './errors.ts'
export type * from './kind.ts'
export * from './kinds/index.ts'
export { type AnyItem, AnyReader } from './notation/any-reader.ts'
export { type AnswerOf, type KindName, kindNamed, kinds, type PuzzleOf } from './registry.ts'
