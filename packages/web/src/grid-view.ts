/** The board as people meet it: the kind's picture, and over it an ARIA grid that keyboards walk and write in. */
import { cellLabels, drawSvgFragment, insetOf, type Violation } from '@ptrm/puzzles'
import { html, nothing, type TemplateResult } from 'lit'
import { unsafeSVG } from 'lit/directives/unsafe-svg.js'
import type { Board } from './puzzle.ts'
import type { Writer } from './writer.ts'

export interface GridView {
  readonly board: Board
  readonly answer: unknown
  readonly violations: readonly Violation[]
  readonly writer: Writer
  readonly readonly: boolean
  /** What may be written, for screen readers. */
  readonly hint: string
}

export function gridView(view: GridView): TemplateResult {
  const { board, answer, violations, writer } = view
  const { kind, puzzle } = board
  const picture = kind.toPicture(puzzle, answer)
  const { rows, cols } = picture
  const inset = insetOf(picture)
  const labels = cellLabels(picture, violations)
  const cell = (index: number) => html`<div
    role="gridcell" part="cell" data-cell=${index} tabindex=${index === writer.cursor ? 0 : -1}
    aria-label=${labels[index]!} aria-colindex=${(index % cols) + 1}
    @focus=${() => writer.moveTo(index)} @pointerdown=${() => writer.onPress(index)} @click=${() => writer.onClick(index)}
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
      aria-description=${view.readonly ? nothing : view.hint}
      .style=${`inset: ${inset.y}% ${inset.x}%; grid-template-rows: repeat(${rows}, 1fr)`}
      @keydown=${(event: KeyboardEvent) => writer.onKey(event)} @paste=${(event: ClipboardEvent) => writer.onPaste(event)}
    >${Array.from({ length: rows }, (_, index) => row(index))}</div>
  </div>`
}
