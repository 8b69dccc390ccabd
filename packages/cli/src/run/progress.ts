/** One line on stderr that says how far a long run is; silent where stderr is no terminal. */
import { drawOnTerminal } from './output.ts'

export interface Done {
  readonly done: number
  readonly solved: number
  /** Done when the progress was made: they say nothing of the speed. */
  readonly before?: number
}

export class Progress {
  readonly #on: boolean
  readonly #started = performance.now()
  #shown = false

  constructor(on: boolean) {
    this.#on = on && process.stderr.isTTY === true
  }

  /** `total` is undefined where the input's length is not known. */
  draw({ done, solved, before = 0 }: Done, total: number | undefined): void {
    if (!this.#on) return
    this.#shown = true
    const rate = (done - before) / ((performance.now() - this.#started) / 1000)
    const eta = total === undefined || rate === 0 ? '' : `, ${Math.ceil((total - done) / rate)} s left`
    const of = total === undefined ? '' : ` of ${total}`
    drawOnTerminal(`\r\u001b[K${done}${of} done, ${solved} solved, ${rate.toFixed(1)} puzzles/s${eta}`)
  }

  /** Clears the line, so that other output starts clean. */
  clear(): void {
    if (this.#shown) drawOnTerminal('\r\u001b[K')
    this.#shown = false
  }
}
