/** An evaluation: what width does for one model over a file of puzzles. */
import { makePlan } from '@ptrm/orchestrator'
import { EvaluationError } from '../errors.ts'
import { checkJudged, type DataOptions, type EvaluationData, puzzlesOf } from './data.ts'
import { checkReport, type ReportOptions, writeResults, writeTimes } from './finish.ts'
import { checkRunFolder, inMemory, RunFolder, type RunRecords } from './folder.ts'
import { openInputs } from './inputs.ts'
import { ANSWER_JUDGES, type AnswerJudge } from './judge.ts'
import { type Manifest, manifestOf } from './manifest.ts'
import { type EvaluationEngine, type EvaluationPlan, openSolver } from './model.ts'
import type { PuzzleRecord } from './record.ts'
import { type Results, resultsOf } from './results.ts'
import { type RunHooks, type RunJob, runRest } from './run.ts'
import { checkShard, type Shard } from './shard.ts'
import { type Times, timesOf } from './times.ts'

export interface EvaluationOptions extends DataOptions, EvaluationEngine, ReportOptions, RunHooks {
  /** A bundled model's name, a kind's name, or the path of a safetensors file. Default: that of the data's only kind. */
  readonly model?: string | undefined
  /** Default: what the model recommends, seed 0. */
  readonly plan?: EvaluationPlan | undefined
  /**
   * Who says which answers are right; default `solutions`, and then every puzzle must have one. Runs by `rules` say so in
   * their manifest, and in every figure that rests on it.
   */
  readonly judge?: AnswerJudge | undefined
  /** Only this part of the puzzles is run; `mergeShards` makes one run of all parts. Default: all. */
  readonly shard?: Shard | undefined
  /**
   * The run folder: it gets `run.json`, `puzzles.jsonl`, `results.json`, `results.csv` and `times.json`, and a run that
   * was ended goes on from it. Nobody else writes into it until the evaluation is closed. Without one, records are in
   * memory alone.
   */
  readonly folder?: string | undefined
}

/**
 * Opens an evaluation: reads the data and the model once, checks every puzzle, starts a solver, and takes up what the
 * folder has of this run. `data` is a file's path, or what `readData` made of one. Rejects with `EvaluationError`,
 * `RunMismatchError`, `FolderInUseError`, `FileError`, `InputError`, `PuzzleParseError`, `PlanError`, and what
 * `createSolver` rejects with. The caller closes it.
 */
export async function openEvaluation(
  data: string | EvaluationData,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  if (options.shard) checkShard(options.shard)
  const { model, read } = await openInputs(data, options)
  if (options.folder !== undefined) checkRunFolder(options.folder, [read.path, options.model])
  const plan = makePlan(options.plan, model.model.recommended)
  const puzzles = puzzlesOf(read, model)
  const { judge = 'solutions' } = options
  if (!ANSWER_JUDGES.includes(judge))
    throw new EvaluationError(`judge ${JSON.stringify(judge)}: wanted one of ${ANSWER_JUDGES.join(', ')}`)
  checkJudged(read.path, puzzles, judge)
  const report = checkReport(options, plan.rollouts)
  const solver = await openSolver(model, plan, options)
  try {
    const manifest = manifestOf(read, puzzles.length, model, solver, plan, judge, options.shard)
    const kept =
      options.folder === undefined ? inMemory() : RunFolder.open(options.folder, manifest, options.onFault)
    const job = { solver, puzzles, plan, judge, shard: options.shard }
    return new Evaluation(read, manifest, job, kept, { ...options, ...report })
  } catch (error) {
    await solver.close()
    throw error
  }
}

/** One model, one plan, the puzzles of one kind: run once, in one sitting or several. */
export class Evaluation {
  readonly data: EvaluationData
  /** What is run on what: equal manifests, equal results. */
  readonly manifest: Manifest
  readonly #job: RunJob
  readonly #kept: RunRecords
  readonly #options: EvaluationOptions & { readonly at: readonly number[] }
  #results: Results | undefined

  /** Made by `openEvaluation`. */
  constructor(
    data: EvaluationData,
    manifest: Manifest,
    job: RunJob,
    kept: RunRecords,
    options: EvaluationOptions & { readonly at: readonly number[] },
  ) {
    this.data = data
    this.manifest = manifest
    this.#job = job
    this.#kept = kept
    this.#options = options
  }

  /** A record a puzzle that has been run, now or in an earlier sitting, in the data's order. */
  get records(): readonly PuzzleRecord[] {
    return this.#kept.records
  }

  /** The figures; undefined until `run` has come to its end. They depend on manifest and records alone. */
  get results(): Results | undefined {
    return this.#results
  }

  /** Wall times of the puzzles run so far. */
  get times(): Times {
    // Without threads it is the calling one that computes.
    return timesOf(this.records, Math.max(1, this.#job.solver.workers))
  }

  /**
   * Runs what is left: all rollouts of every puzzle to their end, and plain TRM beside them. Returns the results, also
   * written into the folder where there is one; or undefined where the signal ended it, and for a shard, which has no
   * figures of its own. Rejects as `Solver.solve` does.
   */
  async run(): Promise<Results | undefined> {
    const { at, stops, folder } = this.#options
    const records = await runRest(this.#job, this.#kept, this.#options)
    if (!records) return undefined
    if (!this.manifest.shard) {
      this.#results = resultsOf(this.manifest, records, at, stops)
      if (folder !== undefined) writeResults(folder, this.#results)
    }
    if (folder !== undefined && records.length > 0) writeTimes(folder, this.times)
    return this.#results
  }

  /** Ends the workers and closes the folder; what is there stays. */
  async close(): Promise<void> {
    this.#kept.close()
    await this.#job.solver.close()
  }
}
