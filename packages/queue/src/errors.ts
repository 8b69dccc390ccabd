/** The named errors of runs over many machines: each says what was wrong and what to do. */

/** A run that can't be made, found or finished. */
export class QueueError extends Error {
  override readonly name: string = 'QueueError'
}

/** A Redis that can't be reached, or that is none. */
export class RedisError extends QueueError {
  override readonly name = 'RedisError'
}
