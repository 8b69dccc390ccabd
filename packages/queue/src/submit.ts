/** `ptrm submit`: puts the puzzles of a file into Redis, and a job for every few of them. Done again, it goes on. */
import { hash, randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import {
  type KernelVariant,
  kernelSha256,
  loadModel,
  makePlan,
  modelFault,
  modelFor,
  type PlanOptions,
  refusalRecordOf,
  type SelectorName,
} from '@ptrm/orchestrator'
import { type Found, type PuzzleFile, readPuzzleFile, readPuzzles } from '@ptrm/puzzles/node'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { JOB_OPTIONS, withQueues } from './bull.ts'
import { BLOCK, type Entry, entryOf, writeBlocks } from './entries.ts'
import { QueueError } from './errors.ts'
import { keysOf, RUNS, type RunKeys, runKeyOf } from './keys.ts'
import { isSplittable, layoutOf, type Task, tasksOf } from './layout.ts'
import { nameModel } from './models.ts'
import { pack } from './packing.ts'
import { beginRun, isThere, keepRecord, setFields } from './redis.ts'
import { clearIfRemoved } from './removal.ts'
import { findRun, type Layout, type ModelName, type Run, type RunSpec, readRun, refuseOther } from './spec.ts'

export interface SubmitOptions {
  /** What the run is called. */
  readonly name: string
  /** A bundled model's name, a kind's name or a path, for all puzzles. Default: for each puzzle the bundled model that takes it. */
  readonly model?: string | undefined
  /** What grids are that no line gives a kind. */
  readonly kind?: string | undefined
  /** What is left out is as each model recommends. It is always exact. */
  readonly plan?: Omit<PlanOptions, 'exact'> | undefined
  readonly select?: SelectorName | undefined
  /** Default: `simd128`, whose bits are the same everywhere. */
  readonly kernel?: KernelVariant | undefined
  /** About how long a job takes on one core. Default 2. */
  readonly jobSeconds?: number | undefined
  /** Puzzles a job, where `jobSeconds` is not to say. */
  readonly jobPuzzles?: number | undefined
  /** Rollouts a job of each puzzle, where `jobSeconds` is not to say. */
  readonly jobRollouts?: number | undefined
}

/** What was put into Redis. */
export interface Submitted {
  readonly run: Run
  readonly entries: number
  /** Jobs that are not done. */
  readonly jobs: number
  /** Dead letters that were sent anew. */
  readonly retried: number
}

/** Jobs and blocks that are sent at once. */
const BATCH = 500

/**
 * Submits a file of puzzles as a run. The same again adds what is missing, so that a submission that was ended goes on,
 * and sends dead letters anew. Rejects with `QueueError` where there is another run of the name, `InputError`,
 * `PlanError`, and what models are refused with.
 */
export async function submit(redis: Redis, input: string, options: SubmitOptions): Promise<Submitted> {
  const key = runKeyOf(options.name)
  const file = readPuzzleFile(input)
  const own = options.model === undefined ? undefined : await ownModel(options.model)
  const read = await readEntries(file, options.kind ?? own?.kind, own?.kind)
  const models = await modelsFor(read.byPart.keys(), own?.model)
  const { kernel = 'simd128' } = options
  const spec: RunSpec = {
    format: 2,
    data: { name: basename(input), sha256: hash('sha256', file.bytes), entries: read.entries.length },
    models,
    plan: planJson(options.plan ?? {}),
    select: options.select ?? 'verified',
    kernel,
    kernelSha256: kernelSha256(kernel),
  }
  const before = await findRun(redis, options.name)
  if (!before) {
    const layouts = await layoutsFor(Object.keys(models), options)
    await beginRun(redis, key, fieldsOf(spec, layouts))
  }
  // Another may have begun one at the same moment.
  const run = before ?? (await readRun(redis, options.name))
  refuseOther(run, spec)
  try {
    return await fill(redis, run, read)
  } catch (error) {
    await clearIfRemoved(redis, run)
    throw error
  }
}

function fieldsOf(spec: RunSpec, layouts: Readonly<Record<string, Layout>>): Map<string, string> {
  return new Map([
    ['id', randomBytes(8).toString('base64url')],
    ['spec', JSON.stringify(spec)],
    ['layouts', JSON.stringify(layouts)],
  ])
}

/** Adds what the run does not have yet. */
async function fill(redis: Redis, run: Run, read: ReadEntries): Promise<Submitted> {
  const keys = keysOf(run)
  await writeEntries(redis, run, read)
  await redis.sadd(RUNS, run.name)
  const { jobs, retried } = await addJobs(redis, run, read.byPart)
  refuseRemoved(run, await setFields(redis, keys, keys.run, new Map([['submitted', '1']])))
  return { run: { ...run, isSubmitted: true }, entries: read.entries.length, jobs, retried }
}

/** Throws `QueueError` where the run is no longer there. */
function refuseRemoved({ name }: Run, isThere: boolean): void {
  if (!isThere) throw new QueueError(`run ${name} was removed while it was being submitted`)
}

interface ReadEntries {
  readonly entries: readonly Entry[]
  /** Places of the puzzles, by part. */
  readonly byPart: ReadonlyMap<string, readonly number[]>
  /** Records of bad entries, by place. */
  readonly bad: ReadonlyMap<number, object>
}

async function readEntries(
  file: PuzzleFile,
  fallback: string | undefined,
  onlyKind: string | undefined,
): Promise<ReadEntries> {
  const entries: Entry[] = []
  const byPart = new Map<string, number[]>()
  const bad = new Map<number, object>()
  for await (const item of readPuzzles(file, { fallback })) {
    const fault = 'error' in item ? item.error : modelFault(item, onlyKind)
    if ('error' in item || fault) {
      bad.set(entries.length, refusalRecordOf(fault!, { where: item.where }))
      entries.push(null)
      continue
    }
    const part = partOf(item, onlyKind)
    const places = byPart.get(part)
    if (places) places.push(entries.length)
    else byPart.set(part, [entries.length])
    entries.push(entryOf(item))
  }
  if (entries.length === 0) throw new QueueError(`${file.path}: found no puzzle in the input`)
  return { entries, byPart, bad }
}

/** What the part of a puzzle is called: the bundled model that it goes to, or the kind of the one that was given. */
function partOf(found: Found, onlyKind: string | undefined): string {
  return onlyKind ?? modelFor(found)!.name
}

async function ownModel(model: string): Promise<{ readonly model: string; readonly kind: string }> {
  return { model, kind: (await loadModel(model)).model.kind }
}

async function modelsFor(
  parts: Iterable<string>,
  model: string | undefined,
): Promise<Record<string, ModelName>> {
  const named = [...parts].sort().map(async (part) => [part, await nameModel(model ?? part)] as const)
  return Object.fromEntries(await Promise.all(named))
}

function planJson(plan: Omit<PlanOptions, 'exact'>): RunSpec['plan'] {
  makePlan(plan)
  const given = Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined))
  return { ...given, ...(plan.seed !== undefined && { seed: plan.seed.toString() }), exact: true }
}

async function layoutsFor(
  parts: readonly string[],
  { model, plan = {}, jobSeconds = 2, jobPuzzles, jobRollouts }: SubmitOptions,
): Promise<Record<string, Layout>> {
  const layouts: Record<string, Layout> = {}
  for (const part of parts) {
    const { puzzles, rollouts, range } = await layoutOf(model ?? part, plan, jobSeconds)
    if (jobRollouts !== undefined && !isSplittable(makePlan(plan)))
      throw new QueueError('rollouts can not be split where the stop rule counts how many of them agree')
    layouts[part] = {
      puzzles: jobPuzzles ?? puzzles,
      rollouts,
      range: Math.min(jobRollouts ?? range, rollouts),
    }
  }
  return layouts
}

async function writeEntries(redis: Redis, run: Run, { entries, bad }: ReadEntries): Promise<void> {
  const keys = keysOf(run)
  const blocks = Array.from({ length: Math.ceil(entries.length / BLOCK) }, (_, i) =>
    entries.slice(i * BLOCK, (i + 1) * BLOCK),
  )
  for (let at = 0; at < blocks.length; at += BATCH)
    refuseRemoved(run, await writeBlocks(redis, keys, at, blocks.slice(at, at + BATCH)))
  for (const [index, record] of bad) await keepRecord(redis, keys, index, pack(record), 'bad-input')
}

/** Jobs that are there already stay as they are: their ids are the same. */
async function addJobs(
  redis: Redis,
  run: Run,
  byPart: ReadonlyMap<string, readonly number[]>,
): Promise<{ jobs: number; retried: number }> {
  const keys = keysOf(run)
  let [jobs, retried] = [0, 0]
  const add = async (queue: Queue<Task>) => {
    // By a removal that was ended in the middle.
    if (await queue.isPaused()) await queue.resume()
    const dead = await queue.getFailedCount()
    if (dead > 0) await queue.retryJobs({ state: 'failed' })
    retried += dead
    for (const tasks of inBatches(tasksOf(byPart.get(queue.name) ?? [], run.layouts[queue.name]!))) {
      const open = await openTasks(redis, keys, tasks)
      jobs += open.length
      const added = open.map(([jobId, data]) => ({ name: 'solve', data, opts: { ...JOB_OPTIONS, jobId } }))
      await queue.addBulk(added)
      refuseRemoved(run, await isThere(redis, keys))
    }
  }
  await withQueues(redis, run, add, true)
  return { jobs, retried }
}

/** Those with a puzzle that has no record yet. */
async function openTasks(
  redis: Redis,
  keys: RunKeys,
  tasks: readonly [string, Task][],
): Promise<readonly [string, Task][]> {
  const done = await Promise.all(
    tasks.map(([, { puzzles }]) => redis.hmget(keys.results, ...puzzles.map(String))),
  )
  return tasks.filter((_, i) => done[i]!.some((record) => record === null))
}

function* inBatches<Item>(items: Iterable<Item>): Generator<Item[]> {
  let batch: Item[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
