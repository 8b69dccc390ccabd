/** The board as people meet it: the kind's picture, and over it an ARIA grid that keyboards walk and write in. */

import type { Violation } from '@ptrm/puzzles'
import { html, nothing, type TemplateResult } from 'lit'
import { unsafeSVG } from 'lit/directives/unsafe-svg.js'
import { pictureInset, pictureOf } from './picture.ts'
import { type Board, cellLabels, cellTexts, clearedCell, withCell } from './puzzle.ts'

export interface GridView {
  readonly board: Board
  readonly answer: unknown
  readonly violations: readonly Violation[]
  /** The one cell that Tab reaches. */
  readonly cursor: number
  readonly readonly: boolean
  readonly onMove: (cell: number) => void
  readonly onKey: (event: KeyboardEvent) => void
}

export function gridView(view: GridView): TemplateResult {
  const { board, answer, violations, cursor, onMove, onKey } = view
  const { rows, cols } = board.kind.size(board.puzzle)
  const inset = pictureInset(board)
  const labels = cellLabels(board, answer, new Set(violations.flatMap(({ cells }) => cells)))
  const cell = (index: number) => html`<div
    role="gridcell" part="cell" data-cell=${index} tabindex=${index === cursor ? 0 : -1}
    aria-label=${labels[index]!} aria-colindex=${(index % cols) + 1}
    @focus=${() => onMove(index)} @click=${(event: Event) => (event.currentTarget as HTMLElement).focus()}
  ></div>`
  const row = (index: number) => html`<div role="row" aria-rowindex=${index + 1}>
    ${Array.from({ length: cols }, (_, col) => cell(index * cols + col))}
  </div>`
  // Styles by property, not by attribute: strict policies forbid those.
  return html`<div class="board" part="board">
    ${unsafeSVG(pictureOf(board, answer, violations))}
    <div
      role="grid" aria-label="${board.kind.name} board" aria-rowcount=${rows} aria-colcount=${cols}
      aria-readonly=${view.readonly ? 'true' : nothing}
      .style=${`inset: ${inset.y}% ${inset.x}%; grid-template-rows: repeat(${rows}, 1fr)`}
      @keydown=${onKey}
    >${Array.from({ length: rows }, (_, index) => row(index))}</div>
  </div>`
}

/** Where a key leads from a cell; undefined for keys that lead nowhere. */
export function cellAfterKey(board: Board, cell: number, event: KeyboardEvent): number | undefined {
  const { rows, cols } = board.kind.size(board.puzzle)
  const [row, col] = [Math.floor(cell / cols), cell % cols]
  const far = event.ctrlKey || event.metaKey
  const targets: Readonly<Record<string, readonly [row: number, col: number]>> = {
    ArrowUp: [Math.max(0, row - 1), col],
    ArrowDown: [Math.min(rows - 1, row + 1), col],
    ArrowLeft: [row, Math.max(0, col - 1)],
    ArrowRight: [row, Math.min(cols - 1, col + 1)],
    Home: [far ? 0 : row, 0],
    End: [far ? rows - 1 : row, cols - 1],
  }
  const target = targets[event.key]
  return target && target[0] * cols + target[1]
}

/** A second character within this many milliseconds goes on with the clue, as in `12`. */
const TYPING_PAUSE = 1200

/** Writes clues into cells as they are typed. */
export class CellTyping {
  #cell = -1
  #at = 0

  /** The board after the key; undefined where the key writes nothing that the kind can read. */
  type(board: Board, cell: number, event: KeyboardEvent): Board | undefined {
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined
    const text = cellTexts(board)[cell]!
    const goesOn = this.#cell === cell && event.timeStamp - this.#at < TYPING_PAUSE
    this.#cell = -1
    if (event.key === 'Backspace' || event.key === 'Delete' || event.key === ' ')
      return withCell(board, cell, clearedCell(board, text))
    if (event.key.length !== 1) return undefined
    const isRoom = board.kind.name === 'heyawake' && /\d/.test(event.key)
    const longer = goesOn || isRoom ? withCell(board, cell, text + event.key) : undefined
    const next = longer ?? withCell(board, cell, event.key) ?? withCell(board, cell, event.key.toLowerCase())
    if (next) {
      this.#cell = cell
      this.#at = event.timeStamp
    }
    return next
  }
}
