/** Who is let in: counts the puzzles that are accepted and not answered yet, and says when to come back where they are too many. */
import { ServiceError } from './errors.ts'

/** Of the mean time of a puzzle, the share of the newest one. */
const NEWEST = 0.1
const LONGEST_WAIT = 60
/** Of all places, the part that is kept free of lines of batches, so that these do not shut out those who come with one puzzle. */
const KEPT = 1 / 8

export class Queue {
  readonly #most: number
  readonly #mostLines: number
  #open = 0
  /** Of the places, those of lines of batches. */
  #lines = 0
  #meanMs = 0
  /** Those that wait for a place, in the order of asking: each is called when it gets one. */
  readonly #waiting = new Set<(leave: () => void) => void>()

  constructor(most: number) {
    this.#most = most
    this.#mostLines = Math.max(1, most - Math.ceil(KEPT * most))
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

  /** Takes a place for a line of a batch as soon as one is free, in the order of asking. Rejects with the signal's reason. */
  async wait(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#hasPlaceForLine) return this.#takeForLine()
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

  get #hasPlaceForLine(): boolean {
    return this.#open < this.#most && this.#lines < this.#mostLines
  }

  #takeForLine(): () => void {
    this.#lines += 1
    return this.#take(() => {
      this.#lines -= 1
    })
  }

  #take(left = () => {}): () => void {
    this.#open += 1
    const started = performance.now()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#open -= 1
      left()
      const ms = performance.now() - started
      this.#meanMs += (this.#meanMs === 0 ? 1 : NEWEST) * (ms - this.#meanMs)
      const [next] = this.#waiting
      if (!next || !this.#hasPlaceForLine) return
      this.#waiting.delete(next)
      next(this.#takeForLine())
    }
  }

  /** A place comes free once a puzzle's time over the number that are open, if they are worked on alike. */
  #full(): ServiceError {
    const seconds = Math.min(LONGEST_WAIT, Math.max(1, Math.ceil(this.#meanMs / this.#open / 1000)))
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
