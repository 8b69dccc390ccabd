/** `ptrm collect`: the records of a run in the input's order, as they come. Reads only, so it may be ended and begun again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { countJobs, deadLetterOf } from './bull.ts'
import { QueueError } from './errors.ts'
import { keysOf } from './keys.ts'
import { unpack } from './packing.ts'
import { isThere, type Outcome } from './redis.ts'
import { findRun, type Run, readRun } from './spec.ts'

/** A line of `ptrm solve --json`. */
export interface CollectedRecord {
  readonly status: Outcome
  readonly [field: string]: unknown
}

export interface CollectOptions {
  /** The place of the first record wanted, from 0: as many as one has. */
  readonly from?: number | undefined
  /** Ends the collecting, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Hears now and then how far the whole run is, while a record is waited for too. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}

/** How far a run is. */
export interface RunProgress {
  readonly entries: number
  /** Entries that have a record. */
  readonly done: number
  readonly verified: number
  readonly unsolved: number
  readonly bad: number
}

/** Records that are asked for at once. */
const WINDOW = 256

/** Milliseconds between two looks where there was nothing new. */
const WAIT_MS = 200

/** Looks without anything new after which the reason is looked for. */
const LOOKS = 10

/** How often in a row a run must have no job for what is missing, before that is called lost. */
const LOST_AFTER = 3

/**
 * Yields the records in order, each once it is there; by name those of the run that has it now. Throws `QueueError` where there
 * is no such run, where it is removed meanwhile, and for a puzzle that will have no record: its job is a dead letter, or there
 * is none.
 */
export async function* collect(
  redis: Redis,
  nameOrRun: string | Run,
  { from = 0, signal, onProgress }: CollectOptions = {},
): AsyncGenerator<CollectedRecord> {
  const run = typeof nameOrRun === 'string' ? await readRun(redis, nameOrRun) : nameOrRun
  const { entries } = run.spec.data
  const keys = keysOf(run)
  const watch = new Watch(redis, run)
  for (let next = from; next < entries; ) {
    signal?.throwIfAborted()
    const places = Array.from({ length: Math.min(WINDOW, entries - next) }, (_, i) => String(next + i))
    const packed = await redis.hmgetBuffer(keys.results, ...places)
    const missing = packed.indexOf(null)
    const there = missing < 0 ? packed : packed.slice(0, missing)
    if (onProgress) onProgress(await progressOf(redis, run))
    for (const record of there) yield unpack(record!) as CollectedRecord
    next += there.length
    if (there.length > 0) watch.reset()
    if (missing < 0) continue
    await watch.lookFor(next)
    await sleep(WAIT_MS, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}

/** How far a run is. */
export async function progressOf(redis: Redis, run: Run): Promise<RunProgress> {
  const counts = await redis.hmget(keysOf(run).counts, 'verified', 'unsolved', 'bad-input')
  const [verified, unsolved, bad] = counts.map(Number) as [number, number, number]
  return { entries: run.spec.data.entries, done: verified + unsolved + bad, verified, unsolved, bad }
}

/** Looks after a record that does not come. */
class Watch {
  readonly #redis: Redis
  readonly #run: Run
  #looks = 0
  #lost = 0

  constructor(redis: Redis, run: Run) {
    this.#redis = redis
    this.#run = run
  }

  reset(): void {
    this.#looks = 0
    this.#lost = 0
  }

  /** Throws `QueueError` once the record of this place can't be waited for. */
  async lookFor(place: number): Promise<void> {
    this.#looks += 1
    if (this.#looks % LOOKS !== 0) return
    if (!(await isThere(this.#redis, keysOf(this.#run))))
      throw new QueueError(`run ${this.#run.name} was removed while it was being collected`)
    const letter = await deadLetterOf(this.#redis, this.#run, place)
    const { name } = this.#run
    if (letter)
      throw new QueueError(
        `puzzle ${place} of run ${name} has no record: its job failed for good by: ${letter.reason}; submit the run again to try it anew`,
      )
    const { waiting, active, delayed } = await countJobs(this.#redis, this.#run)
    // While it is being submitted, its jobs are still to come.
    const isWhole = (await findRun(this.#redis, name))?.isSubmitted ?? true
    this.#lost = isWhole && waiting + active + delayed === 0 ? this.#lost + 1 : 0
    if (this.#lost >= LOST_AFTER)
      throw new QueueError(
        `puzzle ${place} of run ${name} has neither a record nor a job; submit the run again, which goes on with what is missing`,
      )
  }
}
