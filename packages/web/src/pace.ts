/** Paces the pictures of a run: they take little of the time that workers, and people who scroll and press, need too. */

/** Pictures come on the beats of one clock, so that all of a page are in the same frames: each frame costs, whatever is new in it. */
const BEAT = 100
/** Milliseconds from one picture to the next, at least: five a second are enough to follow a run. */
const LEAST_WAIT = 200
/** And so many times what a picture takes, styles and painting too, so that slow and busy machines draw less often. */
const WAIT_PER_COST = 25
/** However slow: a run of two seconds is told in three pictures. */
const MOST_WAIT = 600
/** Pictures that the cost is a mean of, the later the more. */
const LATELY = 4

/** Milliseconds that a picture took lately. Of all paces, so that they keep step. */
let cost = 0

export class Pace {
  readonly #draw: () => void
  #next = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isInFrame = false

  /** `draw` is called in an animation frame, never twice at once. */
  constructor(draw: () => void) {
    this.#draw = draw
  }

  /** One more picture is wanted: at once where the last is old enough. */
  ask(): void {
    if (this.#isInFrame || this.#timer !== undefined) return
    const wait = this.#next - performance.now()
    if (wait > 0) this.#timer = setTimeout(() => this.askAtOnce(), wait)
    else this.askAtOnce()
  }

  /** One more is wanted in the next frame, however old the last is: somebody did something, or a run has ended. */
  askAtOnce(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isInFrame) return
    this.#isInFrame = true
    requestAnimationFrame(() => {
      const begun = performance.now()
      this.#isInFrame = false
      const wait = Math.min(MOST_WAIT, Math.max(LEAST_WAIT, WAIT_PER_COST * cost))
      this.#next = BEAT * Math.round((begun + wait) / BEAT)
      this.#draw()
      // After the frame that the picture is in.
      setTimeout(() => {
        cost += (performance.now() - begun - cost) / LATELY
      })
    })
  }
}
