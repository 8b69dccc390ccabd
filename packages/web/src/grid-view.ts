/** The board as people meet it: the kind's picture, and over it an ARIA grid that keyboards walk and write in. */
import { cellLabels, drawSvgFragment, insetOf, type Violation } from '@ptrm/puzzles'
import { html, nothing, type TemplateResult } from 'lit'
import { unsafeSVG } from 'lit/directives/unsafe-svg.js'
import type { Board } from './puzzle.ts'

export interface GridView {
  readonly board: Board
  readonly answer: unknown
  readonly violations: readonly Violation[]
  /** The one cell that Tab reaches. */
  readonly cursor: number
  readonly readonly: boolean
  readonly onMove: (cell: number) => void
  /** The pointer goes down on a cell, and up again. */
  readonly onPress: (cell: number) => void
  readonly onClick: (cell: number) => void
  readonly onKey: (event: KeyboardEvent) => void
  readonly onPaste: (event: ClipboardEvent) => void
}

export function gridView(view: GridView): TemplateResult {
  const { board, answer, violations, cursor, onMove, onPress, onClick, onKey } = view
  const { kind, puzzle } = board
  const picture = kind.toPicture(puzzle, answer)
  const { rows, cols } = picture
  const inset = insetOf(picture)
  const labels = cellLabels(picture, violations)
  const cell = (index: number) => html`<div
    role="gridcell" part="cell" data-cell=${index} tabindex=${index === cursor ? 0 : -1}
    aria-label=${labels[index]!} aria-colindex=${(index % cols) + 1}
    @focus=${() => onMove(index)} @pointerdown=${() => onPress(index)} @click=${() => onClick(index)}
  ></div>`
  const row = (index: number) => html`<div role="row" aria-rowindex=${index + 1}>
    ${Array.from({ length: cols }, (_, col) => cell(index * cols + col))}
  </div>`
  // Styles by property, not by attribute: strict policies forbid those.
  return html`<div class="board" part="board">
    ${unsafeSVG(drawSvgFragment(picture, violations))}
    <div
      role="grid" aria-label="${kind.name} board" aria-rowcount=${rows} aria-colcount=${cols}
      aria-readonly=${view.readonly ? 'true' : nothing}
      aria-description=${view.readonly ? nothing : kind.editing.hint}
      .style=${`inset: ${inset.y}% ${inset.x}%; grid-template-rows: repeat(${rows}, 1fr)`}
      @keydown=${onKey} @paste=${view.onPaste}
    >${Array.from({ length: rows }, (_, index) => row(index))}</div>
  </div>`
}
