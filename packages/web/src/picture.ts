/** The kind's SVG picture as a page may hold it: without its own style element, which strict policies forbid. */
import type { Violation } from '@ptrm/puzzles'
import type { Board } from './puzzle.ts'

/** Half of what `toSvg` leaves around the board, and a cell's side, in its user units. */
const MARGIN = 4
const CELL = 40

/** SVG markup, coloured by `pictureStyles`; the cells' meaning is told beside it, so it is hidden from readers. */
export function pictureOf(board: Board, answer?: unknown, violations: readonly Violation[] = []): string {
  return board.kind
    .toSvg(board.puzzle, answer, { violations })
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<title>[\s\S]*?<\/title>/, '')
    .replace(/ width="\d+" height="\d+" role="img"/, ' aria-hidden="true" focusable="false"')
}

/** The inset of the board inside its picture, in percent of the picture's sides, for what is laid over it. */
export function pictureInset({ kind, puzzle }: Board): { readonly x: number; readonly y: number } {
  const { rows, cols } = kind.size(puzzle)
  const percent = (cells: number) => (100 * MARGIN) / (cells * CELL + 2 * MARGIN)
  return { x: percent(cols), y: percent(rows) }
}
