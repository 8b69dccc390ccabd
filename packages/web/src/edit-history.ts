/** What was written before each edit, to go back to and forward again. Pure, knows no DOM. */
import type { Sheet } from './sheet.ts'

/** Sheets are small; more edits than anyone takes back. */
const MOST = 500

export class EditHistory {
  readonly #before: Sheet[] = []
  #after: Sheet[] = []

  get canUndo(): boolean {
    return this.#before.length > 0
  }

  get canRedo(): boolean {
    return this.#after.length > 0
  }

  /** `sheet` is left for another by an edit. */
  leave(sheet: Sheet): void {
    this.#before.push(sheet)
    if (this.#before.length > MOST) this.#before.shift()
    this.#after = []
  }

  /** The sheet before the last edit, which is where redo leads from; undefined where there is none. */
  undo(sheet: Sheet): Sheet | undefined {
    const before = this.#before.pop()
    if (before) this.#after.push(sheet)
    return before
  }

  redo(sheet: Sheet): Sheet | undefined {
    const after = this.#after.pop()
    if (after) this.#before.push(sheet)
    return after
  }

  /** Another puzzle: nothing leads back across it. */
  forget(): void {
    this.#before.length = 0
    this.#after = []
  }
}
