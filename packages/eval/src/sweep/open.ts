/** A sweep: which plan of a model solves most within a budget, on puzzles that serve for tuning only. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { withRecommended } from '@ptrm/core-wasm'
import { makePlan, type NoiseTarget, type Solver } from '@ptrm/orchestrator'
import type { Found } from '@ptrm/puzzles/node'
import { EvaluationError } from '../errors.ts'
import {
  checkSolution,
  type DataOptions,
  type EvaluationData,
  puzzlesOf,
  readData,
} from '../evaluation/data.ts'
import { checkRunFolder, holdsRun, inMemory, RunFolder } from '../evaluation/folder.ts'
import { openInputs } from '../evaluation/inputs.ts'
import { FolderLock } from '../evaluation/lock.ts'
import { manifestOf } from '../evaluation/manifest.ts'
import {
  type EvaluationEngine,
  type EvaluationPlan,
  type ModelFile,
  openSolver,
} from '../evaluation/model.ts'
import type { PuzzleRecord } from '../evaluation/record.ts'
import { type RunHooks, runRest } from '../evaluation/run.ts'
import { makeFolder, removeParts, writeFile } from '../files.ts'
import type { Estimate } from '../metrics/index.ts'
import { protectInputs } from '../overwrite.ts'
import { bestPoint, depthCollapse, JUDGES, type Judge, type Noise, type Point, pointsOf } from './points.ts'
import { type SweepReport, sweepCsv } from './report.ts'

export interface SweepOptions extends DataOptions, EvaluationEngine, RunHooks {
  /** The noise to try; a list is a schedule over steps. */
  readonly sigmas: readonly (number | readonly number[])[]
  /** Default: zL. */
  readonly noiseTargets?: readonly NoiseTarget[] | undefined
  /** The largest K and D; smaller ones are told from their rollouts and steps. */
  readonly rollouts: number
  readonly steps: number
  /** Default: 0. */
  readonly seed?: bigint | number | undefined
  /** Who answers; default: best-q. */
  readonly select?: Judge | undefined
  /** Most milliseconds a puzzle; default: any. */
  readonly budgetMs?: number | undefined
  /** A bundled model's name, a kind's name, or the path of a safetensors file. Default: that of the data's only kind. */
  readonly model?: string | undefined
  /** A file for the chosen plan alone; refused where it shares a puzzle with the tuning data. */
  readonly test?: string | undefined
  /**
   * Gets a run folder a setting, that a sweep that was ended goes on from, one a plan and file that was tested,
   * `sweep.json` and `sweep.csv`. Nobody else writes into it until the sweep is closed.
   */
  readonly folder?: string | undefined
  /** Called before each noise setting is run. */
  readonly onSetting?: ((noise: Noise) => void) | undefined
}

/** A plan that a sweep chose, as a model recommends it. */
export type ChosenPlan = Pick<Point, 'rollouts' | 'steps' | 'sigma' | 'noiseTarget'>

/**
 * Opens a sweep: reads both files and the model once, checks every plan and puzzle, and starts a solver. Rejects as
 * `openEvaluation` does, and with `EvaluationError` where a puzzle has no solution or the test file shares one with the
 * tuning data. The caller closes it.
 */
export async function openSweep(data: string | EvaluationData, options: SweepOptions): Promise<Sweep> {
  const { model, read } = await openInputs(data, options)
  const { recommended } = model.model
  const { rollouts, steps, seed, folder } = options
  checkChoice(options)
  // Before the first setting's run, not after hours of it.
  for (const noise of settingsOf(options)) makePlan({ ...noise, rollouts, steps, seed }, recommended)
  const puzzles = puzzlesOf(read, model)
  checkSolutions(read.path, puzzles)
  const test = options.test === undefined ? undefined : await readTest(options.test, read, options, model)
  keepInputs(read.path, options)
  const lock = folder === undefined ? undefined : takeFolder(folder)
  let solver: Solver | undefined
  try {
    solver = await openSolver(model, options, options)
    const inputs = { model, read, puzzles, test, solver, lock }
    checkFolders(inputs, options)
    return new Sweep(inputs, options)
  } catch (error) {
    await solver?.close()
    lock?.release()
    throw error
  }
}

interface SweepInputs {
  readonly model: ModelFile
  readonly read: EvaluationData
  readonly puzzles: readonly Found[]
  readonly test: EvaluationData | undefined
  readonly solver: Solver
  readonly lock: FolderLock | undefined
}

/** Throws `EvaluationError` where there is nothing to try, or no way to choose. */
function checkChoice({ sigmas, noiseTargets, select = 'best-q', budgetMs = 1 }: SweepOptions): void {
  if (sigmas.length === 0 || noiseTargets?.length === 0)
    throw new EvaluationError('a sweep needs a sigma and a noise target to try')
  if (!JUDGES.includes(select))
    throw new EvaluationError(`select ${JSON.stringify(select)}: wanted one of ${JUDGES.join(', ')}`)
  if (!(budgetMs > 0)) throw new EvaluationError(`budgetMs ${budgetMs}: wanted milliseconds above 0`)
}

/** Every noise setting, in the order that they are run. */
function settingsOf({ noiseTargets = ['zL'], sigmas }: SweepOptions): Noise[] {
  return noiseTargets.flatMap((noiseTarget) => sigmas.map((sigma) => ({ sigma, noiseTarget })))
}

/** Throws `EvaluationError`, with the place, for a puzzle whose solution is not known. */
function checkSolutions(path: string, puzzles: readonly Found[]): void {
  for (const found of puzzles) checkSolution(path, found)
  const without = puzzles.find(({ solution }) => solution === undefined)
  if (without)
    throw new EvaluationError(
      `${path}:${without.where.line}: a puzzle without solution; there is no telling which plan is right`,
    )
}

function takeFolder(folder: string): FolderLock {
  makeFolder(folder)
  const lock = FolderLock.take(folder)
  removeParts(folder, SWEEP_FILES)
  return lock
}

/** What a sweep's folder gets besides its run folders. */
const SWEEP_FILES = ['sweep.json', 'sweep.csv']

/** Throws `EvaluationError` where the sweep would write over one of the files that it reads. */
function keepInputs(data: string, options: SweepOptions): void {
  const { folder, test, model } = options
  if (folder === undefined) return
  const inputs = [data, test, model]
  protectInputs(folder, SWEEP_FILES, inputs)
  for (const noise of settingsOf(options)) checkRunFolder(join(folder, folderOf(noise)), inputs)
}

/** Throws `RunMismatchError` where a setting's folder holds another run. */
function checkFolders(inputs: SweepInputs, options: SweepOptions): void {
  const { folder, rollouts, steps, seed } = options
  if (folder === undefined) return
  for (const noise of settingsOf(options)) {
    const { manifest } = runOf(inputs, inputs.read, inputs.puzzles, { ...noise, rollouts, steps, seed })
    holdsRun(join(folder, folderOf(noise)), manifest)
  }
}

/** What is run of a plan, and what its folder says of it. */
function runOf(
  { model, solver }: SweepInputs,
  data: EvaluationData,
  puzzles: readonly Found[],
  options: EvaluationPlan,
) {
  const plan = makePlan(options, model.model.recommended)
  return { plan, manifest: manifestOf(data, puzzles.length, model, solver, plan) }
}

/** Tuning on what is tested on would flatter the model. Throws `EvaluationError` for the same bytes, and for one common puzzle. */
async function readTest(
  path: string,
  tuning: EvaluationData,
  { size, select, ...options }: SweepOptions,
  model: ModelFile,
): Promise<EvaluationData> {
  const test = await readData(path, { kind: options.kind ?? model.model.kind, size })
  if (test.sha256 === tuning.sha256)
    throw new EvaluationError(
      `${path} has the same content as the tuning data ${tuning.path}; test on other puzzles`,
    )
  const urlOf = ({ kind, puzzle }: Found) => kind.toUrl(puzzle)
  const tuned = new Map(tuning.all.map((found) => [urlOf(found), found.where.line]))
  const shared = test.all.find((found) => tuned.has(urlOf(found)))
  if (shared)
    throw new EvaluationError(
      `${path}:${shared.where.line}: this puzzle is also at ${tuning.path}:${tuned.get(urlOf(shared))}; test on puzzles that nothing was tuned on`,
    )
  const puzzles = puzzlesOf(test, model)
  // Where the rules say what is right, no solution is asked for.
  if (select !== 'verified') checkSolutions(path, puzzles)
  return test
}

/** One model over one tuning file: run once, in one sitting or several. */
export class Sweep {
  readonly #inputs: SweepInputs
  readonly #options: SweepOptions
  #report: SweepReport | undefined

  /** Made by `openSweep`. */
  constructor(inputs: SweepInputs, options: SweepOptions) {
    this.#inputs = inputs
    this.#options = options
  }

  /** What was found; undefined until `run` has come to its end. */
  get report(): SweepReport | undefined {
    return this.#report
  }

  /** The plan that solves most within the budget; undefined where none fits, or `run` has not come to its end. */
  get chosen(): ChosenPlan | undefined {
    const chosen = this.#report?.chosen
    return chosen ? chosenPlan(chosen) : undefined
  }

  /**
   * Runs what is left of every noise setting, once at the largest K and D. Returns the report, or undefined where the
   * signal ended it. Rejects with `RunMismatchError`, `FolderInUseError`, `FileError`, `EvaluationError` where a halt
   * logit is no number, and as `Solver.solve` does.
   */
  async run(): Promise<SweepReport | undefined> {
    const { select = 'best-q', budgetMs, rollouts, steps, folder } = this.#options
    const runs: { noise: Noise; records: readonly PuzzleRecord[] }[] = []
    for (const noise of settingsOf(this.#options)) {
      const records = await this.#runSetting(noise)
      if (!records) return undefined
      runs.push({ noise, records })
    }
    const ms = runs.flatMap(({ records }) => records.map((record) => record.ms))
    const msPerStep = ms.reduce((a, b) => a + b, 0) / (ms.length * rollouts * steps)
    const settings = runs.map(({ noise, records }) => {
      return { noise, points: pointsOf(noise, records, select, msPerStep), depth: depthCollapse(records) }
    })
    const points = settings.flatMap((setting) => setting.points)
    const chosen = bestPoint(points, budgetMs ?? Infinity) ?? null
    this.#report = { data: this.#inputs.read.name, select, budgetMs: budgetMs ?? null, chosen, settings }
    if (folder !== undefined) writeReport(folder, this.#report)
    return this.#report
  }

  /** The model's file with the chosen plan as the recommended one; undefined where none is chosen. */
  tunedModel(): Uint8Array | undefined {
    return this.chosen && withRecommended(this.#inputs.model.bytes, this.chosen)
  }

  /**
   * The share of the test file that the chosen plan solves, from a run folder of its own; undefined without either, or where the signal ended it.
   * Rejects as `run` does.
   */
  async test(): Promise<Estimate | undefined> {
    const { chosen } = this
    const { test, model } = this.#inputs
    if (!chosen || !test) return undefined
    const puzzles = puzzlesOf(test, model)
    const records = await this.#runPlan(test, puzzles, chosen, testFolderOf(test, chosen))
    return records && this.#pointOf(chosen, records)?.solved
  }

  /** Ends the workers and gives up the folder; what is there stays. */
  async close(): Promise<void> {
    this.#inputs.lock?.release()
    await this.#inputs.solver.close()
  }

  #runSetting(noise: Noise): Promise<readonly PuzzleRecord[] | undefined> {
    const { rollouts, steps, onSetting } = this.#options
    const { read, puzzles } = this.#inputs
    onSetting?.(noise)
    return this.#runPlan(read, puzzles, { ...noise, rollouts, steps }, folderOf(noise))
  }

  async #runPlan(
    data: EvaluationData,
    puzzles: readonly Found[],
    chosen: ChosenPlan,
    name: string,
  ): Promise<readonly PuzzleRecord[] | undefined> {
    const { folder } = this.#options
    const { solver } = this.#inputs
    const { plan, manifest } = runOf(this.#inputs, data, puzzles, { ...chosen, seed: this.#options.seed })
    const kept =
      folder === undefined ? inMemory() : RunFolder.open(join(folder, name), manifest, this.#options.onFault)
    try {
      return await runRest({ solver, puzzles, plan }, kept, this.#options)
    } finally {
      kept.close()
    }
  }

  #pointOf(chosen: ChosenPlan, records: readonly PuzzleRecord[]): Point | undefined {
    const points = pointsOf(chosen, records, this.#options.select ?? 'best-q', 0)
    return points.find(({ rollouts, steps }) => rollouts === chosen.rollouts && steps === chosen.steps)
  }
}

function chosenPlan({ rollouts, steps, sigma, noiseTarget }: Point): ChosenPlan {
  return { rollouts, steps, sigma, noiseTarget }
}

function folderOf({ sigma, noiseTarget }: Noise): string {
  return shortened(`${noiseTarget}-sigma-${typeof sigma === 'number' ? sigma : sigma.join('_')}`)
}

/** One for each plan and file, so that a sweep run again that chooses or tests otherwise meets no other run there. */
function testFolderOf({ sha256 }: EvaluationData, { rollouts, steps, ...noise }: ChosenPlan): string {
  return shortened(`test-${sha256.slice(0, 12)}-K${rollouts}-D${steps}-${folderOf(noise)}`)
}

/** A long schedule's name is cut, since file systems bound names, and told from others by a hash. */
function shortened(name: string): string {
  if (name.length <= 120) return name
  return `${name.slice(0, 100)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`
}

function writeReport(folder: string, report: SweepReport): void {
  writeFile(join(folder, 'sweep.json'), `${JSON.stringify(report, null, 2)}\n`)
  writeFile(join(folder, 'sweep.csv'), sweepCsv(report))
}
