/** The pad: what may be written into the cell, for fingers, and ways back. It never takes the focus from the board. */
import { placeText } from '@ptrm/puzzles'
import { html, type TemplateResult } from 'lit'
import type { Choice, Sheet } from './sheet.ts'
import type { Writer } from './writer.ts'

export interface PadView {
  readonly sheet: Sheet
  readonly writer: Writer
  /** What is said in place of what may be written. */
  readonly message: string | undefined
  /** Beside those that lead back. */
  readonly buttons: readonly PadButton[] | undefined
}

export interface PadButton {
  readonly label: string
  readonly press: () => void
  readonly isOff?: boolean | undefined
}

/** More keys than this stand in two rows, and more than twice as many in as many rows as they need. */
const MOST_IN_ROW = 7

export function padView({ sheet, writer, message, buttons = [] }: PadView): TemplateResult {
  const { cursor, history } = writer
  const now = sheet.textOf(cursor)
  const { kind, puzzle } = sheet.board
  const choices = sheet.choices(cursor)
  const columns = choices.length > MOST_IN_ROW ? Math.ceil(choices.length / 2) : choices.length
  const key = ({ text, shown = text, words = shown }: Choice) => html`<button
    type="button" part="key" aria-pressed=${text === now ? 'true' : 'false'} aria-label=${words}
    @click=${() => writer.write(text)}
  >${shown}</button>`
  const all: readonly PadButton[] = [
    { label: 'Undo', press: () => writer.go('undo'), isOff: !history.canUndo },
    { label: 'Redo', press: () => writer.go('redo'), isOff: !history.canRedo },
    { label: 'Clear', press: () => writer.clear() },
    ...buttons,
  ]
  const button = ({ label, press, isOff }: PadButton) =>
    html`<button type="button" part="key" ?disabled=${isOff} @click=${press}>${label}</button>`
  // Styles by property, not by attribute: strict policies forbid those.
  return html`<div class="pad" part="pad" @pointerdown=${(event: Event) => event.preventDefault()}>
    <div
      role="group" class=${choices.length > 2 * MOST_IN_ROW ? 'keys many' : 'keys'} aria-label="Write into ${placeText(kind.size(puzzle), cursor)}"
      .style=${`--_keys: ${Math.max(1, columns)}`}
    >${choices.map(key)}</div>
    <div role="group" aria-label="Edits">${all.map(button)}</div>
    <p part="hint">${message ?? `${sheet.hint}. Ctrl+V pastes a whole puzzle.`}</p>
  </div>`
}
