/** Runs what is left of an evaluation: as many puzzles in flight as there are workers, records in input order. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { KernelVariant } from '@ptrm/core-wasm'
import { readBytes } from '@ptrm/eval/files'
import { bundledModel } from '@ptrm/models'
import {
  type Backend,
  createSolver,
  loadModelBytes,
  makePlan,
  type Plan,
  type PlanOptions,
  type Solver,
} from '@ptrm/orchestrator'
import { UnknownKindError } from '@ptrm/puzzles'
import { type Found, readAllPuzzles } from '@ptrm/puzzles/node'
import { UsageError } from '../input.ts'
import { Progress } from '../run/progress.ts'
import { newTally } from '../statistics.ts'
import { type Manifest, RunFolder } from './folder.ts'
import { evaluatePuzzle, type PuzzleRecord } from './record.ts'

export interface EvalOptions
  extends Pick<PlanOptions, 'rollouts' | 'steps' | 'sigma' | 'noiseTarget' | 'seed'> {
  readonly model?: string | undefined
  readonly kind?: string | undefined
  readonly perSource?: number | undefined
  /** Only boards of this size. */
  readonly size?: Size | undefined
  readonly backend?: Backend | undefined
  readonly kernel?: KernelVariant | undefined
  readonly workers?: number | undefined
}

export interface Size {
  readonly rows: number
  readonly cols: number
}

/** What a file holds for an evaluation. */
export interface EvalData {
  /** By the name of their kind, each in input order. */
  readonly puzzles: ReadonlyMap<string, readonly Found[]>
  /** How many entries are not evaluated, by what they are: `slither`, `6x6 tapa`. */
  readonly leftOut: ReadonlyMap<string, number>
}

export interface EvalJob {
  readonly solver: Solver
  readonly puzzles: readonly Found[]
  readonly plan: Plan
  readonly manifest: Manifest
}

/** What `auto` takes a file of puzzles for, before it is read. */
const EXPECTED_PUZZLES = 100

/** A solver for whole runs; a kernel variant asked for is that of the wasm engine. The caller closes it. */
export function solverFor(model: string, options: EvalOptions): Promise<Solver> {
  const { workers, kernel, rollouts, steps, backend = kernel === undefined ? 'auto' : 'wasm' } = options
  const expected = { puzzles: EXPECTED_PUZZLES, rollouts, steps, all: true }
  return createSolver({ model, workers, backend, kernelVariant: kernel, expected })
}

/** The model of a run over a file: the one asked for, else that of the only kind in it. Throws `UsageError` where there are more. */
export function modelFor(data: string, { puzzles }: EvalData, { model }: EvalOptions): string {
  if (model !== undefined) return model
  const kinds = [...puzzles.keys()]
  if (kinds.length === 1) return kinds[0]!
  throw new UsageError(`${data} holds ${kinds.join(', ')}; say with --model which of them is meant`)
}

/** What is run with a model on the puzzles of its kind. Throws `UsageError` where there is none or one can't be run, and `PlanError`. */
export async function prepare(
  data: string,
  { puzzles: byKind }: EvalData,
  model: string,
  solver: Solver,
  options: EvalOptions,
): Promise<EvalJob> {
  const { rollouts, steps, sigma, noiseTarget, seed, perSource, size } = options
  const plan = makePlan({ rollouts, steps, sigma, noiseTarget, seed }, solver.model.recommended)
  const puzzles = byKind.get(solver.model.kind)
  if (!puzzles)
    throw new UsageError(
      `${data}: no ${solver.model.kind} puzzle for model ${model}; there are ${[...byKind.keys()].join(', ')}`,
    )
  checkRunnable(data, puzzles)
  const { hCycles, lCycles } = solver.model.config
  const manifest: Manifest = {
    format: 1,
    model: {
      name: bundledModel(model)?.name ?? basename(model),
      kind: solver.model.kind,
      sha256: sha256(await loadModelBytes(model)),
    },
    data: {
      name: basename(data),
      sha256: sha256(readBytes(data)),
      puzzles: puzzles.length,
      perSource: perSource ?? null,
      ...(size && { size: `${size.rows}x${size.cols}` }),
    },
    plan: {
      rollouts: plan.rollouts,
      steps: plan.steps,
      sigma: plan.sigma,
      noiseTarget: plan.noiseTarget,
      seed: plan.seed.toString(),
    },
    engine: { backend: solver.backend, kernel: solver.kernelVariant },
    netCallsPerStep: hCycles * (lCycles + 1),
  }
  return { solver, puzzles, plan, manifest }
}

/**
 * Reads all that can be evaluated: puzzles of our kinds, of the size asked for. An entry that can't be read would bend the
 * figures: it ends the run. Throws `UsageError`, `PuzzleParseError`.
 */
export async function readData(data: string, options: EvalOptions): Promise<EvalData> {
  if (data === '-')
    throw new UsageError('eval reads a file, so that a run can go on and its data can be named')
  const { items } = await readAllPuzzles(data, {
    fallback: options.kind ?? (options.model && bundledModel(options.model)?.kind),
  })
  const { size, perSource = Infinity } = options
  const puzzles = new Map<string, Found[]>()
  const leftOut = new Map<string, number>()
  const leave = (what: string) => leftOut.set(what, (leftOut.get(what) ?? 0) + 1)
  const bySource = new Map<string, number>()
  for (const item of items) {
    if ('error' in item) {
      if (!(item.error instanceof UnknownKindError)) throw item.error
      leave(item.error.kindName)
      continue
    }
    const { name } = item.kind
    const { rows, cols } = item.kind.size(item.puzzle)
    if (size && (rows !== size.rows || cols !== size.cols)) {
      leave(`${rows}x${cols} ${name}`)
      continue
    }
    const group = `${name} ${item.source}`
    const before = bySource.get(group) ?? 0
    bySource.set(group, before + 1)
    if (before >= perSource) continue
    const ofKind = puzzles.get(name)
    if (ofKind) ofKind.push(item)
    else puzzles.set(name, [item])
  }
  if (puzzles.size === 0) throw new UsageError(`${data}: nothing to evaluate; left out: ${counted(leftOut)}`)
  return { puzzles, leftOut }
}

/** `12 slither, 3 6x6 tapa`. */
export function counted(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ')
}

/** Throws `UsageError`, with the place, for the first puzzle that no rollout can be run for: without it, figures would be bent. */
export function checkRunnable(data: string, puzzles: Iterable<Found>): void {
  for (const { kind, puzzle, where } of puzzles) {
    const refuse = (reason: string, cause?: unknown) =>
      new UsageError(`${data}:${where.line}: ${reason}`, { cause })
    const [broken] = kind.contradictions(puzzle)
    if (broken) throw refuse(`the givens contradict the rules: ${broken.rule}`)
    try {
      kind.encode(puzzle)
    } catch (cause) {
      throw refuse((cause as Error).message, cause)
    }
  }
}

/**
 * Runs the puzzles that the folder has no record of yet. Returns the records of all, or undefined when it was
 * interrupted (SIGINT); then what is done is in the folder. Throws `RunMismatchError`, and what running a puzzle throws.
 */
export async function evaluate(
  { solver, puzzles, plan, manifest }: EvalJob,
  path: string,
  { progress: wanted }: { readonly progress: boolean },
): Promise<readonly PuzzleRecord[] | undefined> {
  const folder = RunFolder.open(path, manifest)
  const interrupted = new AbortController()
  const onInterrupt = () => interrupted.abort(new Error('interrupted'))
  process.once('SIGINT', onInterrupt)
  const progress = new Progress(wanted)
  const tally = newTally()
  const inFlight: Promise<PuzzleRecord>[] = []
  const bookFirst = async () => {
    const record = await inFlight.shift()!
    folder.append(record)
    tally.done += 1
    if (record.rollouts.some(({ firstVerified }) => firstVerified !== null)) tally.solved += 1
    progress.draw(tally, puzzles.length - first)
  }
  const first = folder.records.length
  try {
    for (let index = first; index < puzzles.length; index++) {
      const record = evaluatePuzzle(solver, puzzles[index]!, index, plan, interrupted.signal)
      record.catch(() => {}) // reported when its turn comes
      inFlight.push(record)
      if (inFlight.length >= solver.workers) await bookFirst()
    }
    while (inFlight.length > 0) await bookFirst()
    return folder.records
  } catch (error) {
    if (!interrupted.signal.aborted) throw error
    progress.clear()
    process.stderr.write(
      `interrupted after ${folder.records.length} of ${puzzles.length} puzzles; the same command goes on there\n`,
    )
    return undefined
  } finally {
    progress.clear()
    process.off('SIGINT', onInterrupt)
    folder.close()
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
