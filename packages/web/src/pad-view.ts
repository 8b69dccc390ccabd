/** The pad: what may be written into the cell, for fingers, and ways back. It never takes the focus from the board. */
import { html, type TemplateResult } from 'lit'
import type { EditHistory } from './edit-history.ts'
import type { Board } from './puzzle.ts'

export interface PadView {
  readonly board: Board
  /** Where the pad writes. */
  readonly cursor: number
  readonly history: EditHistory
  /** What was refused, where nothing else says it. */
  readonly refusal: string | undefined
  readonly onWrite: (text: string) => void
  readonly onUndo: () => void
  readonly onRedo: () => void
  readonly onClear: () => void
}

export function padView(view: PadView): TemplateResult {
  const { board, cursor, history, refusal, onWrite, onUndo, onRedo, onClear } = view
  const { editing } = board.kind
  const now = editing.textOf(board.puzzle, cursor)
  const { cols } = board.kind.size(board.puzzle)
  const place = `row ${Math.floor(cursor / cols) + 1}, column ${(cursor % cols) + 1}`
  const key = (text: string) => html`<button
    type="button" part="key" aria-pressed=${text === now ? 'true' : 'false'}
    aria-label=${/^[._-]$/.test(text) ? 'blank' : text}
    @click=${() => onWrite(text)}
  >${/^[._-]$/.test(text) ? '⌫' : text}</button>`
  return html`<div class="pad" part="pad" @pointerdown=${(event: Event) => event.preventDefault()}>
    <div role="group" aria-label="Write into ${place}">${editing.choices(board.puzzle, cursor).map(key)}</div>
    <div role="group" aria-label="Edits">
      <button type="button" part="key" ?disabled=${!history.canUndo} @click=${onUndo}>Undo</button>
      <button type="button" part="key" ?disabled=${!history.canRedo} @click=${onRedo}>Redo</button>
      <button type="button" part="key" @click=${onClear}>Clear</button>
    </div>
    <p part="hint">${refusal ?? `${editing.hint}. Ctrl+V pastes a whole puzzle.`}</p>
  </div>`
}
