/** `ptrm status`: how far a run is, what waits, what failed for good, and who works. */
import type { Redis } from 'ioredis'
import { countJobs, type DeadLetter, deadLetters, type JobCounts } from './bull.ts'
import { progressOf, type RunProgress } from './collect.ts'
import { RUNS } from './keys.ts'
import { type WorkerSign, workersThere } from './roster.ts'
import { type Run, readRun } from './spec.ts'

export interface RunStatus {
  readonly run: Run
  readonly progress: RunProgress
  readonly jobs: JobCounts
  /** At most a hundred of a part. */
  readonly deadLetters: readonly DeadLetter[]
  /** Of all runs. */
  readonly workers: readonly WorkerSign[]
}

/** Throws `QueueError` where there is no such run. */
export async function statusOf(redis: Redis, name: string): Promise<RunStatus> {
  const run = await readRun(redis, name)
  return {
    run,
    progress: await progressOf(redis, run),
    jobs: await countJobs(redis, run),
    deadLetters: await deadLetters(redis, run),
    workers: await workersThere(redis),
  }
}

/** The names of all runs. */
export async function runNames(redis: Redis): Promise<string[]> {
  return (await redis.smembers(RUNS)).sort()
}
