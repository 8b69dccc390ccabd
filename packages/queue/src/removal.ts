/** The end of a run: nothing of it stays behind, whoever is still at work on it and whoever submits its name anew. */
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { type RunQueues, withQueues } from './bull.ts'
import { keysOf, RUNS, runKeyOf } from './keys.ts'
import { endRun, isThere } from './redis.ts'
import { type Run, readRun } from './spec.ts'

/**
 * Removes a run with all that is known of it. Jobs that workers have in hand come to nothing. Given a run and not a name, it
 * leaves a later one of the same name alone. Rejects with `QueueError` where there is none of the name.
 */
export async function removeRun(redis: Redis, run: string | Run): Promise<void> {
  const found = typeof run === 'string' ? await readRun(redis, run) : run
  // Jobs first: where the removal is ended in the middle, the run is still found by its name.
  await clearQueues(redis, found)
  await endRun(redis, keysOf(found))
  await clearRemains(redis, found)
}

/** Deletes what a submission or a worker left of a run, if it was removed meanwhile. */
export async function clearIfRemoved(redis: Redis, run: RunQueues): Promise<void> {
  if (!(await isThere(redis, keysOf(run)))) await clearRemains(redis, run)
}

/** What is outside the run's own keys, or came in them after its end. */
async function clearRemains(redis: Redis, run: RunQueues): Promise<void> {
  await clearQueues(redis, run)
  const isTaken = () => redis.exists(runKeyOf(run.name))
  if (await isTaken()) return
  await redis.srem(RUNS, run.name)
  // Another run may have got the name just before that.
  if (await isTaken()) await redis.sadd(RUNS, run.name)
}

async function clearQueues(redis: Redis, run: RunQueues): Promise<void> {
  await withQueues(redis, run, obliterate)
}

async function obliterate(queue: Queue): Promise<void> {
  for (;;) {
    try {
      return await queue.obliterate({ force: true })
    } catch (error) {
      // Somebody else who does the same deleted the mark that the queue stands still.
      if (!/non-paused/.test((error as Error).message)) throw error
    }
  }
}
