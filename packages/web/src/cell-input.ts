/** What keys and clicks on the board mean: where they lead, and what they write. Pure, knows no DOM. */
import { afterCharacter, afterClick } from '@ptrm/puzzles'
import type { Board } from './puzzle.ts'
import { type Sheet, writing } from './sheet.ts'

/** Where a key leads from a cell; undefined for keys that lead nowhere. */
export function cellAfterKey(board: Board, cell: number, event: KeyboardEvent): number | undefined {
  if (isBrowsers(event)) return undefined
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

/** Whether arrows with these keys are the browser's: Back and Forward, or the system's. */
export function isBrowsers({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return altKey || ((ctrlKey || metaKey) && key.startsWith('Arrow'))
}

/** Which way through the edits a key leads, if it does: Ctrl+Z, Ctrl+Shift+Z, Ctrl+Y; with Command on a Mac. */
export function historyKey(event: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined
  const key = event.key.toLowerCase()
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo'
  return key === 'y' ? 'redo' : undefined
}

/** Whether someone means to write by a key, whatever the kind can read. */
export function isWriting(event: KeyboardEvent): boolean {
  return event.key.length === 1 && !(event.ctrlKey || event.metaKey || event.altKey)
}

/** A second character within this many milliseconds goes on with the clue, as in `12`. */
const TYPING_PAUSE = 1200

/** Writes into cells as people type. */
export class CellTyping {
  #cell = -1
  #at = 0

  /** The sheet after the key; undefined where the key writes nothing that the cell takes. */
  type(sheet: Sheet, cell: number, event: KeyboardEvent): Sheet | undefined {
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined
    const goesOn = this.#cell === cell && event.timeStamp - this.#at < TYPING_PAUSE
    this.#cell = -1
    if (event.key === 'Backspace' || event.key === 'Delete' || event.key === ' ') return sheet.write(cell, '')
    if (event.key.length !== 1) return undefined
    const next = afterCharacter(writing, sheet, cell, event.key, goesOn)
    if (next) {
      this.#cell = cell
      this.#at = event.timeStamp
    }
    return next
  }
}

/** Clicks: the first one on a cell goes there, further ones go through what it may hold. */
export class CellClicks {
  #pressed: number | undefined

  /** The pointer goes down on a cell; `focused` is the cell that had the focus before. */
  press(cell: number, focused: number | undefined): void {
    this.#pressed = cell === focused ? cell : undefined
  }

  /** The sheet after the pointer came up again; undefined where the click only goes to the cell. */
  click(sheet: Sheet, cell: number): Sheet | undefined {
    const isFurther = this.#pressed === cell
    this.#pressed = undefined
    return isFurther ? afterClick(writing, sheet, cell) : undefined
  }
}
