/** What was on the board before each edit, to go back to and forward again. Pure, knows no DOM. */
import type { Board } from './puzzle.ts'

/** Boards are small; more edits than anyone takes back. */
const MOST = 500

export class EditHistory {
  readonly #before: Board[] = []
  #after: Board[] = []

  get canUndo(): boolean {
    return this.#before.length > 0
  }

  get canRedo(): boolean {
    return this.#after.length > 0
  }

  /** `board` is left for another by an edit. */
  leave(board: Board): void {
    this.#before.push(board)
    if (this.#before.length > MOST) this.#before.shift()
    this.#after = []
  }

  /** The board before the last edit, which is where redo leads from; undefined where there is none. */
  undo(board: Board): Board | undefined {
    const before = this.#before.pop()
    if (before) this.#after.push(board)
    return before
  }

  redo(board: Board): Board | undefined {
    const after = this.#after.pop()
    if (after) this.#before.push(board)
    return after
  }

  /** Another puzzle: nothing leads back across it. */
  forget(): void {
    this.#before.length = 0
    this.#after = []
  }
}
