/** Promises that an abort signal ends, whatever becomes of them. */

/** What a promise comes to; rejects with the signal's reason as soon as that is aborted. */
export function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([aborted, promise])
}
