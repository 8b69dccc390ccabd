/** Paces the pictures of a run: they take little of the time that workers, and people who scroll and press, need too. */

/** Milliseconds between two pictures: five a second are enough to follow a run, and leave its time to the workers. */
const LEAST_WAIT = 200
/** And so many times what the last picture took, so that slow machines draw less often. */
const WAIT_PER_COST = 12
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
      const next = ended + Math.min(MOST_WAIT, WAIT_PER_COST * (ended - begun))
      // On one beat, so that all pictures of a page come in the same frames: each frame costs, whatever is new in it.
      this.#next = LEAST_WAIT * (Math.floor(next / LEAST_WAIT) + 1)
    })
  }
}
