/**
 * Turns of a thread's event loop: between two of them it does whatever else it has to do. By what comes soonest and holds up
 * nobody: no timer where there is another way, as pages hold those back for 4 ms, and not `scheduler.yield()`, which goes
 * ahead of timers and messages, so that a deadline would wait for the end of the work that it is to end.
 */

/** Whoever opened it closes it. */
export interface Turns {
  /** Resolves in a turn to come. One call at a time. */
  next(): Promise<void>
  /** Then nothing of it keeps the program alive. */
  close(): void
}

export function openTurns(): Turns {
  if (typeof setImmediate === 'function')
    return { next: () => new Promise((resolve) => setImmediate(resolve)), close() {} }
  if (typeof MessageChannel === 'function') return turnsOf(new MessageChannel())
  // workerd with an old date of compatibility, whose timers are not held back.
  return { next: () => new Promise((resolve) => setTimeout(resolve, 0)), close() {} }
}

/** A message to oneself comes after those that wait already. */
function turnsOf({ port1, port2 }: MessageChannel): Turns {
  return {
    next: () =>
      new Promise((resolve) => {
        port1.onmessage = () => resolve()
        port2.postMessage(null)
      }),
    close: () => port1.close(),
  }
}
