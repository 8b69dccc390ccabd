/** Writing on the board, by keys, clicks, the pad and the clipboard: the cursor, the way back, and what was refused. */
import { CellClicks, CellTyping, cellAfterKey, historyKey, isWriting } from './cell-input.ts'
import { EditHistory } from './edit-history.ts'
import { type Board, readOne } from './puzzle.ts'
import { clueSheet, type Sheet } from './sheet.ts'

/** The element, as far as the writer needs it. */
export interface Desk {
  /** What is written on now. */
  sheet(): Sheet
  /** Whether nothing may be written. */
  isLocked(): boolean
  /** What a grid without a kind's name is. */
  kind(): string
  /** The cell that has the focus, if one has. */
  focusedCell(): number | undefined
  focusCell(): void
  /** Another sheet takes the place of what was written. */
  put(sheet: Sheet): void
  /** Something other than the sheet is to be shown. */
  requestUpdate(): void
}

export class Writer {
  /** The one cell that Tab reaches, and where the pad writes. */
  cursor = 0
  /** What was refused, until something else is done. */
  refusal: string | undefined
  readonly #desk: Desk
  readonly #typing = new CellTyping()
  readonly #clicks = new CellClicks()
  readonly #histories = { clues: new EditHistory(), answer: new EditHistory() }

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** Of what is written on now. */
  get history(): EditHistory {
    return this.#histories[this.#desk.sheet().holds]
  }

  /** Another puzzle, which came not by writing, is on the board: nothing leads back, and writing goes on where the focus stands. */
  restart(): void {
    this.#histories.clues.forget()
    this.#histories.answer.forget()
    if (this.#desk.focusedCell() === undefined) this.cursor = 0
  }

  /** The cursor stays on the board, whatever its size. */
  keepOn({ kind, puzzle }: Board): void {
    const { rows, cols } = kind.size(puzzle)
    this.cursor = Math.min(this.cursor, rows * cols - 1)
  }

  moveTo(cell: number): void {
    if (cell === this.cursor) return
    this.cursor = cell
    this.#desk.requestUpdate()
  }

  onKey(event: KeyboardEvent): void {
    const sheet = this.#desk.sheet()
    const target = cellAfterKey(sheet.board, this.cursor, event)
    if (target !== undefined) {
      event.preventDefault()
      this.moveTo(target)
      this.#desk.focusCell()
      return
    }
    if (this.#desk.isLocked()) return
    const way = historyKey(event)
    if (way) {
      event.preventDefault()
      this.go(way)
      return
    }
    const next = this.#typing.type(sheet, this.cursor, event)
    if (next) {
      event.preventDefault()
      this.edit(next)
    } else if (isWriting(event)) this.refuse(`‘${event.key}’ can’t be written here. ${sheet.hint}`)
  }

  onPress(cell: number): void {
    this.#clicks.press(cell, this.#desk.focusedCell())
  }

  onClick(cell: number): void {
    const sheet = this.#desk.sheet()
    this.moveTo(cell)
    this.#desk.focusCell()
    const clicked = this.#clicks.click(sheet, cell)
    if (clicked && clicked !== sheet && !this.#desk.isLocked()) this.edit(clicked)
  }

  /** By the pad: one digit after the other makes one clue of both, as by keys. */
  write(text: string): void {
    const sheet = this.#desk.sheet()
    const isTyped = text.length === 1 && /[\d?]/.test(text)
    const key = isTyped && new KeyboardEvent('keydown', { key: text })
    const written = (key && this.#typing.type(sheet, this.cursor, key)) || sheet.write(this.cursor, text)
    if (written) this.edit(written)
  }

  /** A whole puzzle, in any notation, takes the board's place. */
  onPaste(event: ClipboardEvent): void {
    if (this.#desk.isLocked()) return
    event.preventDefault()
    try {
      const pasted = clueSheet(readOne(event.clipboardData?.getData('text/plain') ?? '', this.#desk.kind()))
      this.#replace(clueSheet(this.#desk.sheet().board), pasted)
    } catch (error) {
      this.refuse(`What was pasted is no puzzle: ${(error as Error).message}`)
    }
  }

  clear(): void {
    this.edit(this.#desk.sheet().cleared())
  }

  go(way: 'undo' | 'redo'): void {
    if (this.#desk.isLocked()) return
    const next = this.history[way](this.#desk.sheet())
    if (next) this.#desk.put(next)
  }

  edit(next: Sheet): void {
    if (this.#desk.isLocked()) return
    this.#replace(this.#desk.sheet(), next)
  }

  #replace(before: Sheet, next: Sheet): void {
    this.#histories[before.holds].leave(before)
    // Answers to another puzzle are none to this one.
    if (next.holds === 'clues') this.#histories.answer.forget()
    this.#desk.put(next)
  }

  /** Says what the board does not take; what is on it stays, a run as well. */
  refuse(why: string): void {
    this.refusal = why
    this.#desk.requestUpdate()
  }
}
