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

  /** Whether it is to be done now; whoever does it says so by `done`. */
  isDue(now: number): boolean {
    return this.isWanted && now - this.#last >= this.#every
  }

  done(now: number): void {
    this.isWanted = false
    this.#last = now
  }

  /** The next time it is wanted it is due. */
  forget(): void {
    this.#last = Number.NEGATIVE_INFINITY
  }
}
