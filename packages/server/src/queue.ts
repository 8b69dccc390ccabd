/** Who is let in: counts the puzzles that are accepted and not answered yet, and says when to come back where they are too many. */
import { ServiceError } from './errors.ts'

/** Of the mean time of a puzzle, the share of the newest one. */
const NEWEST = 0.1
const LONGEST_WAIT = 60

export class Queue {
  readonly #most: number
  #open = 0
  #meanMs = 0
  /** Those that wait for a place, in the order of asking: each is called when it gets one. */
  readonly #waiting = new Set<(leave: () => void) => void>()

  constructor(most: number) {
    this.#most = most
  }

  /** Puzzles that are accepted and not answered yet. */
  get depth(): number {
    return this.#open
  }

  /** Throws `ServiceError` where no place is free. */
  check(): void {
    if (this.#open >= this.#most) throw this.#full()
  }

  /** Takes a place; what is returned gives it back. Throws as `check` does. */
  enter(): () => void {
    this.check()
    return this.#take()
  }

  /** Takes a place as soon as one is free, in the order of asking. Rejects with the signal's reason. */
  async wait(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#open < this.#most) return this.#take()
    return new Promise((resolve, reject) => {
      const go = () => {
        this.#waiting.delete(given)
        reject(signal.reason)
      }
      const given = (leave: () => void) => {
        signal.removeEventListener('abort', go)
        resolve(leave)
      }
      signal.addEventListener('abort', go, { once: true })
      this.#waiting.add(given)
    })
  }

  #take(): () => void {
    this.#open += 1
    const started = performance.now()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#open -= 1
      const ms = performance.now() - started
      this.#meanMs += (this.#meanMs === 0 ? 1 : NEWEST) * (ms - this.#meanMs)
      const [next] = this.#waiting
      if (!next) return
      this.#waiting.delete(next)
      next(this.#take())
    }
  }

  /** A place comes free once a puzzle's time over the number that are open, if they are worked on alike. */
  #full(): ServiceError {
    const seconds = Math.min(LONGEST_WAIT, Math.max(1, Math.ceil(this.#meanMs / 1000)))
    return new ServiceError(
      'QueueFullError',
      429,
      `${this.#open} puzzles are waiting, and no more are let in: try again later`,
      {
        headers: { 'Retry-After': String(seconds) },
      },
    )
  }
}
