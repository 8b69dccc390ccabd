/** Playing: someone's own answer on the board, checked on request, with hints from tries. Loaded when it is first asked for. */
import type { Violation } from '@ptrm/puzzles'
import { type AnswerSheet, answerSheet, check, hint } from './answer-sheet.ts'
import type { PadButton } from './pad-view.ts'
import type { Board } from './puzzle.ts'
import type { Writer } from './writer.ts'

/** The element, as far as playing needs it. */
export interface Table {
  readonly writer: Writer
  /** Answer tokens of a run's tries on the board; rejects as `solve` does. */
  tries(signal: AbortSignal): Promise<readonly Uint8Array[]>
  /** Shows what the player wrote, and what was told. */
  showMine(): void
}

export class Play {
  /** Marked since it was asked for, until something is written. */
  violations: readonly Violation[] = []
  /** What was found on request, in words. */
  told: string | undefined
  readonly #table: Table
  #sheet: AnswerSheet | undefined
  #asking: AbortController | undefined

  constructor(table: Table) {
    this.#table = table
  }

  /** What was written on this board; of another it is gone. */
  sheetOn(board: Board): AnswerSheet {
    if (this.#sheet?.board !== board) {
      this.put(answerSheet(board))
      this.leave()
    }
    return this.#sheet!
  }

  put(sheet: AnswerSheet): void {
    this.#sheet = sheet
    this.violations = []
    this.told = undefined
  }

  /** Nobody waits for tries any more. */
  leave(): void {
    this.#asking?.abort()
    this.#asking = undefined
  }

  /** What the pad offers besides. */
  buttons(): readonly PadButton[] {
    return [
      { label: 'Check', press: () => this.#check() },
      { label: 'Hint', press: () => void this.#hint(), isOff: this.#asking !== undefined },
    ]
  }

  #check(): void {
    const { text, violations } = check(this.#sheet!)
    this.violations = violations
    this.#tell(text)
  }

  async #hint(): Promise<void> {
    const asked = this.#sheet!
    const asking = new AbortController()
    this.#asking = asking
    this.#tell('Asking the tries …')
    const found = await this.#table.tries(asking.signal).then(
      (tries) => hint(this.#sheet!, tries),
      (error: unknown) => ({ text: (error as Error).message, sheet: undefined, cell: undefined }),
    )
    if (this.#asking !== asking || this.#sheet?.board !== asked.board) return
    this.#asking = undefined
    if (found.sheet && found.cell !== undefined) {
      this.#table.writer.edit(found.sheet)
      this.#table.writer.moveTo(found.cell)
    }
    this.#tell(found.text)
  }

  #tell(text: string): void {
    this.told = text
    this.#table.showMine()
  }
}
