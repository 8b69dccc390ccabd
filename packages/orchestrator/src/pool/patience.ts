/** How long a pool waits before it starts workers for rollouts that a right answer may spare. Knows no worker. */
import type { Clock } from './clock.ts'

/**
 * One worker ends most puzzles sooner than another one loads, and loading takes cores from it. So others come when the
 * work has lasted as long as the first took to load: whenever it then ends, waiting has cost no more than a load, and
 * no worker was loaded for work that was over before.
 */
export class Patience {
  /** True from the first time that it ran out: then this pool has work that lasts. */
  isOver = false
  readonly #clock: Clock
  /** Milliseconds that the first worker took to load. */
  #ms: number | undefined
  #callOff: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A worker loads in `ms` milliseconds; the first to tell counts, which had the machine to itself. */
  learn(ms: number): void {
    this.#ms ??= ms
  }

  /** Rollouts wait; unless `rest` comes first, calls `act` when they have waited long enough. */
  wait(act: () => void): void {
    if (this.isOver || this.#callOff || this.#ms === undefined) return
    this.#callOff = this.#clock.after(this.#ms, () => {
      this.#callOff = undefined
      this.isOver = true
      act()
    })
  }

  /** None waits. */
  rest(): void {
    this.#callOff?.()
    this.#callOff = undefined
  }
}
