/** What is to be done now and then, however often it is wanted. Pure, knows no clock. */
export class Seldom {
  /** Whether it is to be done again. */
  isWanted = false
  readonly #every: number
  #last = Number.NEGATIVE_INFINITY

  /** At most once in so many milliseconds. */
  constructor(every: number) {
    this.#every = every
  }

  /** Whether it is to be done now; the caller then does it. */
  isDue(now: number): boolean {
    if (!this.isWanted || now - this.#last < this.#every) return false
    this.isWanted = false
    this.#last = now
    return true
  }

  /** The next time it is wanted it is due. */
  forget(): void {
    this.#last = Number.NEGATIVE_INFINITY
  }
}
