/** Where a run lies in Redis. All keys of a run have one hash tag, so that a cluster keeps them on one node. */
import { QueueError } from './errors.ts'

/** The set of the names of all runs. */
export const RUNS = 'ptrm:runs'

/**
 * A run's keys. All but the first have its id, so that what somebody still does for a run that was removed never meets another
 * run of the same name.
 */
export interface RunKeys {
  /** Hash: `id`, `spec`, `layouts`, `submitted`. It is by the name alone, and says whose turn the name is. */
  readonly run: string
  readonly id: string
  /** What BullMQ puts before the names of its queues, one a part. */
  readonly prefix: string
  /** Hash: how many puzzles came to what. */
  readonly counts: string
  /** Hash: block of entries by its number, packed. */
  readonly entries: string
  /** Hash: record by place of the puzzle, packed. */
  readonly results: string
  /** Hash: what a range of rollouts came to, by place and first rollout, packed; gone once the puzzle has its record. */
  readonly parts: string
  /** Hash: by place of the puzzle the first rollout of the first range in which the stop rule fired. Later ones are not wanted. */
  readonly stops: string
}

/** The hash of the run that has this name now. Throws `QueueError` for a name that is none. */
export function runKeyOf(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name))
    throw new QueueError(
      `run ${JSON.stringify(name.slice(0, 80))}: a name has up to 64 letters, digits, dots, underscores and hyphens, and begins with a letter or digit`,
    )
  return `{ptrm:${name}}:run`
}

export function keysOf({ name, id }: { readonly name: string; readonly id: string }): RunKeys {
  const run = runKeyOf(name)
  const prefix = `{ptrm:${name}}:${id}`
  const key = (part: string) => `${prefix}:${part}`
  return {
    run,
    id,
    prefix,
    counts: key('counts'),
    entries: key('entries'),
    results: key('results'),
    parts: key('parts'),
    stops: key('stops'),
  }
}
