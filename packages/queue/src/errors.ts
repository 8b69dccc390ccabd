/** The named errors of runs over many machines: each says what was wrong and what to do. */

/** A run that can't be made, found or finished. */
export class QueueError extends Error {
  override readonly name: string = 'QueueError'
}

/** A Redis that can't be reached, or that is none. */
export class RedisError extends QueueError {
  override readonly name = 'RedisError'
}

/** A run that another version of this package submitted. */
export class RunVersionError extends QueueError {
  constructor(run: string) {
    super(
      `run ${run} was submitted by another version of ptrm: collect it with that one, or delete the keys of Redis that begin with {ptrm:${run}} and its name in the set ptrm:runs`,
    )
  }
}
