/** Paces the pictures of a run: they take little of the time that workers, and people who scroll and press, need too. */

/** Milliseconds between two pictures: ten a second are enough for the eye. */
const LEAST_WAIT = 100
/** And so many times what the last picture took, so that slow machines draw less often. */
const WAIT_PER_COST = 7
/** A picture that took long for once does not keep the next away. */
const MOST_WAIT = 1000

export class Pace {
  readonly #draw: () => void
  #next = 0
  #isAsked = false

  /** `draw` is called in an animation frame, never twice at once. */
  constructor(draw: () => void) {
    this.#draw = draw
  }

  /** One more picture is wanted: at once where the last is old enough. */
  ask(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    const wait = this.#next - performance.now()
    if (wait > 0) setTimeout(() => this.#inFrame(), wait)
    else this.#inFrame()
  }

  #inFrame(): void {
    requestAnimationFrame(() => {
      const begun = performance.now()
      this.#isAsked = false
      this.#draw()
      const ended = performance.now()
      this.#next = ended + Math.min(MOST_WAIT, Math.max(LEAST_WAIT, WAIT_PER_COST * (ended - begun)))
    })
  }
}
