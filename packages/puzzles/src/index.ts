/**
 * `@ptrm/puzzles`: notation, rules and pictures of logic puzzles. Knows no model and starts nothing.
 *
 * @module main
 */
export type { GridSize } from './board/board.ts'
export { type Place, placeOf, placesText, placeText } from './board/place.ts'
export { afterCharacter, afterClick } from './editing.ts'
export * from './errors.ts'
export { type Judgement, judge, type Verdict } from './judgement.ts'
export type * from './kind.ts'
export * from './kinds/index.ts'
export { type AnyItem, AnyReader } from './notation/any-reader.ts'
export type { JankoForm, Pzprv3Form, SavedBoard, SavedForms, TathamForm } from './notation/formats/forms.ts'
export type { Notation, OneLineForm } from './notation/notation.ts'
export type { Piece } from './notation/piece.ts'
export type { PuzzleUrl } from './notation/url.ts'
export { itemsOf } from './notation/whole-text.ts'
export { COLOUR_ROLES, type ColourRole, PALETTE } from './picture/palette.ts'
export {
  type CellFace,
  type CellText,
  cellLabels,
  type Ground,
  type Mark,
  type Picture,
} from './picture/picture.ts'
export { BASELINE, type Point, spread, TRIANGLES } from './picture/shapes.ts'
export { boardColours, boardShapes, drawSvgFragment, escapeXml, insetOf } from './picture/svg.ts'
export { type AnswerOf, DEFAULT_KIND, type KindName, kindNamed, kinds, type PuzzleOf } from './registry.ts'
export { quoted, shortened, shown, shownJson, shownLines } from './shown.ts'
export { badCells } from './violation.ts'
export { fixedBoard, tokenFaults } from './vocabulary.ts'
