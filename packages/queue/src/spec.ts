/** What a run is of: equal specs, equal records, whoever works and however often. */
import { isDeepStrictEqual } from 'node:util'
import type { KernelVariant, PlanOptions, SelectorName } from '@ptrm/orchestrator'
import type { Redis } from 'ioredis'
import { QueueError, RunVersionError } from './errors.ts'
import { RUNS, runKeyOf } from './keys.ts'

/** A plan as JSON: the seed in decimal digits. It is always exact, so that no answer depends on who was quicker. */
export type PlanJson = Omit<PlanOptions, 'seed' | 'exact'> & {
  readonly seed?: string | undefined
  readonly exact: true
}

/** A model, by the bytes of its file. */
export interface ModelName {
  /** For people, and to find it among bundled ones. */
  readonly name: string
  readonly sha256: string
}

export interface RunSpec {
  readonly format: 2
  readonly data: { readonly name: string; readonly sha256: string; readonly entries: number }
  /** By part of the run, which is all puzzles that go to one model: by its bundled name, or the kind of one that was given. */
  readonly models: Readonly<Record<string, ModelName>>
  readonly plan: PlanJson
  readonly select: SelectorName
  /** Of the wasm engine, and of the noise everywhere. */
  readonly kernel: KernelVariant
  /** SHA-256 of its file; missing in runs of earlier versions. */
  readonly kernelSha256?: string | undefined
}

/** How a part's puzzles are cut into jobs. Never the cause of another answer. */
export interface Layout {
  /** Puzzles a job. */
  readonly puzzles: number
  /** K, as the plan and the model have it. */
  readonly rollouts: number
  /** Rollouts a job of each puzzle; all K where puzzles are short. */
  readonly range: number
}

export interface Run {
  readonly name: string
  /** Random, of its first submission: a run that is removed and submitted anew is another one. */
  readonly id: string
  readonly spec: RunSpec
  /** By part. */
  readonly layouts: Readonly<Record<string, Layout>>
  /** Whether all jobs are there: a submission that was ended is to be done again. */
  readonly isSubmitted: boolean
}

/** The run of this name; undefined where there is none. Throws `RunVersionError`. */
export async function findRun(redis: Redis, name: string): Promise<Run | undefined> {
  const { id, spec, layouts, submitted } = await redis.hgetall(runKeyOf(name))
  if (spec === undefined || layouts === undefined) return undefined
  const parsed = JSON.parse(spec) as RunSpec
  if (parsed.format !== 2 || id === undefined) throw new RunVersionError(name)
  return { name, id, spec: parsed, layouts: JSON.parse(layouts), isSubmitted: submitted === '1' }
}

/** Throws `QueueError` where there is no such run; it names those that there are. */
export async function readRun(redis: Redis, name: string): Promise<Run> {
  const run = await findRun(redis, name)
  if (run) return run
  const names = (await redis.smembers(RUNS)).sort()
  const there = names.length === 0 ? 'there is none' : `there are ${names.slice(0, 20).join(', ')}`
  throw new QueueError(`no run ${name}; ${there}`)
}

/** Throws `QueueError` naming the first thing that a run of this name is otherwise. */
export function refuseOther({ name, spec }: Run, now: RunSpec): void {
  const is = JSON.parse(JSON.stringify(now)) as RunSpec
  for (const field of Object.keys(is) as (keyof RunSpec)[]) {
    if (isDeepStrictEqual(spec[field], is[field])) continue
    const [before, after] = [spec[field], is[field]].map((value) => JSON.stringify(value))
    throw new QueueError(
      `run ${name} is there with ${field} ${before}, now it is ${after}; choose another name, or collect it with --remove first`,
    )
  }
}
