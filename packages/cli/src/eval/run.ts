/** Runs what is left of an evaluation: as many puzzles in flight as there are workers, records in input order. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { bundledModel } from '@ptrm/models'
import {
  type Backend,
  createSolver,
  type KernelVariant,
  loadModelBytes,
  makePlan,
  type Plan,
  type PlanOptions,
  type Solver,
} from '@ptrm/orchestrator'
import { readInputBytes, UsageError } from '../input.ts'
import { Progress } from '../progress.ts'
import { type Found, readAllPuzzles } from '../puzzles.ts'
import { newTally } from '../statistics.ts'
import { type Manifest, RunFolder } from './folder.ts'
import { evaluatePuzzle, type PuzzleRecord } from './record.ts'

export interface EvalOptions
  extends Pick<PlanOptions, 'rollouts' | 'steps' | 'sigma' | 'noiseTarget' | 'seed'> {
  readonly model?: string | undefined
  readonly kind?: string | undefined
  readonly perSource?: number | undefined
  readonly backend?: Backend | undefined
  readonly kernel?: KernelVariant | undefined
  readonly workers?: number | undefined
}

export interface EvalJob {
  readonly solver: Solver
  readonly puzzles: readonly Found[]
  readonly plan: Plan
  readonly manifest: Manifest
}

const DEFAULT_MODEL = 'sudoku'

/** What `auto` takes a file of puzzles for, before it is read. */
const EXPECTED_PUZZLES = 100

/** A solver for whole runs; a kernel variant asked for is that of the wasm engine. The caller closes it. */
export function solverFor(options: EvalOptions): Promise<Solver> {
  const {
    model,
    workers,
    kernel,
    rollouts,
    steps,
    backend = kernel === undefined ? 'auto' : 'wasm',
  } = options
  const expected = { puzzles: EXPECTED_PUZZLES, rollouts, steps, all: true }
  return createSolver({ model: model ?? DEFAULT_MODEL, workers, backend, kernelVariant: kernel, expected })
}

/** Reads and checks everything before the first rollout. Throws `UsageError`, `PlanError`, `PuzzleParseError`. */
export async function prepare(data: string, solver: Solver, options: EvalOptions): Promise<EvalJob> {
  const { rollouts, steps, sigma, noiseTarget, seed, model = DEFAULT_MODEL, perSource } = options
  const plan = makePlan({ rollouts, steps, sigma, noiseTarget, seed }, solver.model.recommended)
  const puzzles = await readData(data, solver, options)
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
      sha256: sha256(readInputBytes(data)),
      puzzles: puzzles.length,
      perSource: perSource ?? null,
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

/** Puzzles of the model's kind. An entry that can't be read, or is of another kind, would bend the figures: it ends the run. */
async function readData(data: string, { kind }: Solver, options: EvalOptions): Promise<Found[]> {
  if (data === '-')
    throw new UsageError('eval reads a file, so that a run can go on and its data can be named')
  const { items } = await readAllPuzzles(data, options.kind ?? kind.name)
  const puzzles: Found[] = []
  const bySource = new Map<string | undefined, number>()
  for (const item of items) {
    if ('error' in item) throw item.error
    if (item.kind.name !== kind.name)
      throw new UsageError(
        `${data}:${item.where.line}: a ${item.kind.name} puzzle, but the model is for ${kind.name}`,
      )
    const before = bySource.get(item.source) ?? 0
    bySource.set(item.source, before + 1)
    if (before >= (options.perSource ?? Infinity)) continue
    checkRunnable(item, data)
    puzzles.push(item)
  }
  return puzzles
}

/** Throws `UsageError`, with the place, for a puzzle that no rollout can be run for. */
function checkRunnable({ kind, puzzle, where }: Found, data: string): void {
  const refuse = (reason: string, cause?: unknown) => {
    return new UsageError(`${data}:${where.line}: ${reason}`, { cause })
  }
  const [broken] = kind.contradictions(puzzle)
  if (broken) throw refuse(`the givens contradict the rules: ${broken.rule}`)
  try {
    kind.encode(puzzle)
  } catch (cause) {
    throw refuse((cause as Error).message, cause)
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
