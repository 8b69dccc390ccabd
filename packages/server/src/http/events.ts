/**
 * Server-sent events between who makes them and who reads them. Steps are for looking on: where the reader is slow they are left
 * out and counted. Everything else is kept, as there is a bounded number of it.
 */

/** Steps that wait for their reader before further ones are left out. */
const MOST_STEPS_WAITING = 64
const ALIVE = ': alive\n\n'

export class EventQueue {
  readonly #heartbeat: number
  #waiting: string[] = []
  #steps = 0
  #skipped = 0
  #isOver = false
  #wake = () => {}

  /** `heartbeat`: milliseconds of silence after which a comment is sent. */
  constructor(heartbeat: number) {
    this.#heartbeat = heartbeat
  }

  add(name: string, data: object): void {
    this.#waiting.push(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    this.#wake()
  }

  /** `make` is called only where the step is not left out. */
  addStep(make: () => object): void {
    if (this.#steps >= MOST_STEPS_WAITING) {
      this.#skipped += 1
      return
    }
    const skipped = this.#skipped > 0 ? { skipped: this.#skipped } : {}
    this.#skipped = 0
    this.#steps += 1
    this.add('step', { ...make(), ...skipped })
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** All that waits at once, as soon as something does. */
  async *read(): AsyncGenerator<string> {
    // The head of the answer is to go out at once.
    yield ALIVE
    while (true) {
      if (this.#waiting.length > 0) {
        const events = this.#waiting.join('')
        this.#waiting = []
        this.#steps = 0
        yield events
      } else if (this.#isOver) return
      else if (!(await this.#news())) yield ALIVE
    }
  }

  /** False where the heartbeat came first. */
  #news(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#heartbeat)
      this.#wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }
}
