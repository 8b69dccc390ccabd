/** Time as the pool sees it; tests give it a virtual one. */

/** Tells the time and wakes. */
export interface Clock {
  /** Milliseconds from any start. */
  now(): number
  /** Calls once after so many milliseconds; what it returns calls that off. */
  after(ms: number, wake: () => void): () => void
}

/** Timers of JavaScript wait this long at most; what is longer, they fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** The time of this machine. */
export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, wake) {
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = (left: number) => {
      timer =
        left > LONGEST_TIMER
          ? setTimeout(wait, LONGEST_TIMER, left - LONGEST_TIMER)
          : setTimeout(wake, Math.max(0, left))
    }
    wait(ms)
    return () => clearTimeout(timer)
  },
}
