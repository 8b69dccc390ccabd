/** BullMQ as runs use it: one queue a part of a run, jobs that leave no trace once they are done. */
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { keysOf } from './keys.ts'
import type { Task } from './layout.ts'
import type { Run } from './spec.ts'

/** Milliseconds that a worker's claim on a job holds unless it is renewed; a job of a dead worker is free after that. */
export const LOCK_MS = 15_000

/** A job whose worker died goes to others this often: kills are no fault of its own, up to a point. */
export const MOST_STALLS = 10

/** Jobs that failed this often are dead letters. Those that are done have left a record, so nothing of them is kept. */
export const JOB_OPTIONS: JobsOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: true,
  removeOnFail: false,
}

/** What of a run its queues are found by. */
export type RunQueues = Pick<Run, 'name' | 'id' | 'layouts'>

/** The queue of a part. The caller closes it; the connection stays. */
function queueOf(redis: Redis, run: RunQueues, part: string, isNew: boolean): Queue<Task> {
  return new Queue(part, {
    connection: redis,
    prefix: keysOf(run).prefix,
    streams: { events: { maxLen: 100 } },
    // Else a mere look at a run that is being removed would leave a key of it behind.
    skipMetasUpdate: !isNew,
  })
}

/** A job that failed for good. */
export interface DeadLetter {
  readonly part: string
  readonly job: string
  /** Places of its puzzles. */
  readonly puzzles: readonly number[]
  readonly reason: string
}

/** How many jobs there are, by what they wait for. */
export interface JobCounts {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly dead: number
}

/** Does `work` with the queue of each part of a run, one after the other. `isNew`: makes those that are not there. */
export async function withQueues<Result>(
  redis: Redis,
  run: RunQueues,
  work: (queue: Queue<Task>) => Promise<Result>,
  isNew = false,
): Promise<Result[]> {
  const results: Result[] = []
  for (const part of Object.keys(run.layouts)) {
    const queue = queueOf(redis, run, part, isNew)
    try {
      results.push(await work(queue))
    } finally {
      await queue.close()
    }
  }
  return results
}

export async function countJobs(redis: Redis, run: RunQueues): Promise<JobCounts> {
  const counts = await withQueues(redis, run, (queue) =>
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'),
  )
  const sum = (...states: string[]) =>
    counts.reduce((all, count) => all + states.reduce((some, state) => some + (count[state] ?? 0), 0), 0)
  return {
    waiting: sum('waiting', 'prioritized'),
    active: sum('active'),
    delayed: sum('delayed'),
    dead: sum('failed'),
  }
}

/** Dead letters that are asked for at once. */
const PAGE = 100

/** At most so many of a part. */
export async function deadLetters(redis: Redis, run: RunQueues, most: number = PAGE): Promise<DeadLetter[]> {
  return (await withQueues(redis, run, (queue) => lettersIn(queue, 0, most))).flat()
}

/** The dead letter that holds the puzzle of this place, among however many. */
export async function deadLetterOf(
  redis: Redis,
  run: RunQueues,
  place: number,
): Promise<DeadLetter | undefined> {
  const found = await withQueues(redis, run, async (queue) => {
    for (let from = 0; ; from += PAGE) {
      const letters = await lettersIn(queue, from, PAGE)
      const letter = letters.find(({ puzzles }) => puzzles.includes(place))
      if (letter || letters.length < PAGE) return letter
    }
  })
  return found.find((letter) => letter !== undefined)
}

async function lettersIn(queue: Queue<Task>, from: number, most: number): Promise<DeadLetter[]> {
  const failed = await queue.getFailed(from, from + most - 1)
  return failed.map(({ id, data, failedReason }) => ({
    ...{ part: queue.name, job: id!, puzzles: data.puzzles, reason: failedReason },
  }))
}
