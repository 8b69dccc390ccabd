/** From the start of the service to its end: whether it takes work, what is under way, and what is told to stop. */
import { ClientGoneError, ServiceError } from './errors.ts'

/** The work of one request. */
export interface Work {
  /** Aborted when the client goes, and when the service must end. */
  readonly signal: AbortSignal
  stop(reason: unknown): void
  /** To be called when it is done. */
  done(): void
}

export class Life {
  #isReady = false
  readonly #works = new Set<AbortController>()
  readonly #onDrain = new Set<() => void>()
  #isDraining = false

  get state(): 'starting' | 'ok' | 'draining' {
    if (this.#isDraining) return 'draining'
    return this.#isReady ? 'ok' : 'starting'
  }

  /**
   * Calls when no more work is to be taken, now where that is so already; what it returns calls that off. Not a promise: each
   * wait for one beside another promise would be kept, with what came of it, for as long as the service lives.
   */
  whenDraining(act: () => void): () => void {
    if (this.#isDraining) act()
    else this.#onDrain.add(act)
    return () => this.#onDrain.delete(act)
  }

  ready(): void {
    this.#isReady = true
  }

  /** Takes no more work from here on. */
  drain(): void {
    this.#isDraining = true
    for (const act of this.#onDrain) act()
    this.#onDrain.clear()
  }

  /** Tells all that is under way to stop. */
  stop(reason: unknown): void {
    for (const work of this.#works) work.abort(reason)
  }

  /** Opens the work of a request, whose client may go. Throws `ServiceError` where no more is taken. */
  begin(client: AbortSignal): Work {
    if (this.#isDraining) throw drainingError()
    const controller = new AbortController()
    const leave = () => controller.abort(new ClientGoneError())
    client.addEventListener('abort', leave, { once: true })
    if (client.aborted) leave()
    this.#works.add(controller)
    return {
      signal: controller.signal,
      stop: (reason) => controller.abort(reason),
      done: () => {
        client.removeEventListener('abort', leave)
        this.#works.delete(controller)
      },
    }
  }
}

/** Of work that is not taken any more; another instance may. */
export function drainingError(message = 'the service is ending and takes no more work'): ServiceError {
  return new ServiceError('DrainingError', 503, message, {
    headers: { 'Retry-After': '1', Connection: 'close' },
  })
}
