/** `ptrm eval`: measures what width does over a file of puzzles, into a run folder that a killed run goes on from. */
import { join } from 'node:path'
import type {
  AnswerJudge,
  DataOptions,
  Evaluation,
  EvaluationData,
  EvaluationEngine,
  EvaluationPlan,
  Manifest,
  Shard,
} from '@ptrm/eval'
import type { StopRule } from '@ptrm/orchestrator'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { UsageError } from '../input.ts'
import {
  engineOptions,
  gridKindOption,
  kernelOption,
  modelOption,
  planOptions,
  shardOption,
} from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { exitCodeOfAbort, INTERRUPTED } from '../run/exit.ts'
import { tellFault } from '../run/fault.ts'
import { interruptible } from '../run/interrupt.ts'
import { print, tell } from '../run/output.ts'
import { Progress } from '../run/progress.ts'

export interface EvalFlags extends DataOptions, EvaluationEngine, EvaluationPlan {
  readonly output: string
  readonly model?: string
  readonly at?: number[]
  readonly stop?: StopRule[]
  readonly judge?: AnswerJudge
  readonly against?: string
  readonly shard?: Shard
  readonly quiet?: boolean
}

const HELP = `
Examples:
  ptrm eval puzzles.csv -o runs/dev --rollouts 16
  ptrm eval puzzles.csv -o runs/a --rollouts 100 --steps 64 --sigma 0.3 --seed 1
  ptrm eval puzzles.csv -o runs/a --stop first-verified adaptive:0.01 adaptive,prune:10:-8
  ptrm eval puzzles.csv -o runs/b --sigma 0.5 --against runs/a     (compares two runs, McNemar)
  ptrm eval golden_300.jsonl --size 10x10 --judge rules -o runs/golden     (no solutions; each kind by its own model)
  ptrm eval mine.jsonl --size 1-10 --rollouts 16 -o runs/mine      (people's boards of several kinds, with solutions)
  ptrm eval puzzles.csv -o runs/a.0 --shard 0/4     (then ptrm merge runs/a.* -o runs/a)
  ptrm report runs/a

All K rollouts of a puzzle run to their end, and plain TRM (no noise) beside them. From the one run of the largest K
come the figures of every smaller one: pass@K and best-Q@K as means over all subsets, mode@K and q-weighted@K over
seeded draws. These are judged by the solutions that the file gives; verified@K is the rules' alone. Where the file
has no solutions, --judge rules takes what the rules accept for right, which is the solution of puzzles that have one;
all figures that rest on it are called 'by rules'.

Where the data holds several kinds and no --model says which, each is run by the model of its kind, into a folder of its name
in FOLDER. Kinds that are not ours are left out and counted.

FOLDER gets run.json (plan, hashes of model and data), puzzles.jsonl (every rollout), results.json and results.csv,
which depend on these alone, and times.json. The same command again goes on where a killed run stopped, and runs puzzles
again whose lines are damaged; with another plan, model or data it is refused, and so is a second run at the same time.
`

export const command: Command = declare({
  name: 'eval',
  description: 'measure pass@K, best-Q@K, mode@K, verified@K and the Q head over a file of puzzles',
  arguments: [new Argument('<data>', 'file of puzzles, with solutions unless the rules judge')],
  options: [
    option('-o, --output <folder>', 'the run folder').makeOptionMandatory(),
    modelOption('that of each kind in the data'),
    gridKindOption("the model's, else sudoku"),
    ...planOptions(),
    option(
      '--at <list>',
      'the K to report, such as 1,5,25 (default: 1, 2, 5, 10, 25, ... and K)',
      parse.counts,
    ),
    option(
      '--size <RxC|A-B>',
      'only boards of this size, such as 10x10, or whose longer side is in this range, such as 11-17',
      parse.sizes,
    ),
    option('--per-source <n>', 'only the first n puzzles of each source', parse.count),
    option(
      '--stop <rule...>',
      'what these stop rules would have saved: first-verified, adaptive:0.01, ... (see ptrm solve)',
      parse.stops,
    ),
    option(
      '--judge <who>',
      'who says which answers are right: solutions, or rules where the file gives none (default: solutions)',
      parse.answerJudge,
    ),
    option('--against <folder>', 'compare with another finished run over the same puzzles'),
    shardOption(),
    ...engineOptions(),
    kernelOption(),
    option('--quiet', 'no table, no progress'),
  ],
  help: HELP,
  exitCodes: { 0: 'done', 2: 'bad input or usage', 3: 'the backend failed', ...INTERRUPTED },
  action: evalCommand,
})

// Only measuring commands need `@ptrm/eval`, so it is loaded here.

/** Throws what `openEvaluation` and `Evaluation.run` throw. */
export function evalCommand(data: string, flags: EvalFlags): Promise<number> {
  // From the start: reading the data may take its time, too.
  return interruptible((signal) => evaluate(data, flags, signal))
}

async function evaluate(data: string, flags: EvalFlags, signal: AbortSignal): Promise<number> {
  if (flags.shard && flags.against !== undefined)
    throw new UsageError(
      '--against compares whole runs: merge the shards, then ptrm eval DATA -o ... --against ...',
    )
  const { checkAllRunnable, checkRunFolder, readData } = await import('@ptrm/eval')
  // A model that can't be loaded is reported before any puzzle is read.
  const own = flags.model === undefined ? undefined : await kindOf(flags.model)
  const read = await readData(data, { ...flags, kind: flags.kind ?? own })
  if (!flags.quiet) await tellLeftOut(read, own)
  const kinds = own === undefined ? [...read.puzzles.keys()] : [own]
  const isOne = kinds.length === 1
  // Before the first kind's run, not after hours of it.
  if (!isOne) await checkAllRunnable(read, flags.judge)
  const folderOf = (path: string, kind: string) => (isOne ? path : join(path, kind))
  for (const kind of kinds) checkRunFolder(folderOf(flags.output, kind), [data, flags.model])
  if (flags.against !== undefined)
    for (const kind of kinds) await checkAgainst(folderOf(flags.against, kind), read, kind, flags.judge)
  for (const kind of kinds) {
    if (!flags.quiet && !isOne) await print(`## ${kind}\n\n`)
    const { output, against, model = kind } = flags
    const folders = {
      output: folderOf(output, kind),
      ...(against !== undefined && { against: folderOf(against, kind) }),
    }
    const code = await evaluateWith(model, read, { ...flags, ...folders }, signal)
    if (code !== 0) return code
  }
  return 0
}

async function kindOf(model: string): Promise<string> {
  const { loadModel } = await import('@ptrm/orchestrator')
  return (await loadModel(model)).model.kind
}

async function evaluateWith(
  model: string,
  data: EvaluationData,
  flags: EvalFlags,
  signal: AbortSignal,
): Promise<number> {
  const { openEvaluation, resultsTable } = await import('@ptrm/eval')
  const { rollouts, steps, sigma, noiseTarget, seed, output, stop, shard, quiet = false } = flags
  // The same bits on every machine, unless it is told otherwise.
  const kernel = flags.kernel ?? (shard && flags.backend === undefined ? 'simd128' : undefined)
  const progress = new Progress(!quiet)
  const evaluation = await openEvaluation(data, {
    ...flags,
    kernel,
    model,
    plan: { rollouts, steps, sigma, noiseTarget, seed },
    stops: stop,
    folder: output,
    signal,
    onFault: tellFault,
    onProgress: (now) => progress.draw(now, now.total),
  })
  try {
    const results = await evaluation.run()
    progress.clear()
    if (signal.aborted) return await tellInterrupted(evaluation, signal)
    if (!results) return await tellShard(evaluation)
    if (!quiet) await print(`${resultsTable(results)}\n`)
    if (flags.against !== undefined) await compare(output, flags.against, results.run, quiet)
    return 0
  } finally {
    progress.clear()
    await evaluation.close()
  }
}

/** Where a model is given, puzzles of other kinds than its own are left out too. */
async function tellLeftOut({ leftOut, puzzles }: EvaluationData, own: string | undefined): Promise<void> {
  const { counted } = await import('@ptrm/eval')
  const others = own === undefined ? [] : [...puzzles].filter(([kind]) => kind !== own)
  for (const counts of [leftOut, new Map(others.map(([kind, { length }]) => [kind, length]))])
    if (counts.size > 0) await tell(`left out: ${counted(counts)}\n`)
}

async function tellInterrupted({ records, manifest }: Evaluation, signal: AbortSignal): Promise<number> {
  await tell(
    `interrupted after ${records.length} of ${manifest.data.puzzles} puzzles; the same command goes on there\n`,
  )
  return exitCodeOfAbort(signal)
}

async function tellShard({ records, manifest }: Evaluation): Promise<number> {
  const { index, of } = manifest.shard!
  await tell(
    `shard ${index}/${of} is done: ${records.length} of ${manifest.data.puzzles} puzzles; when all are, ptrm merge\n`,
  )
  return 0
}

/** Throws `RunMismatchError` where a run over these puzzles, as it is to come, could not be compared with that of the folder. */
async function checkAgainst(
  folder: string,
  { name, sha256, size, perSource, puzzles }: EvaluationData,
  kind: string,
  judge: AnswerJudge | undefined,
): Promise<void> {
  const { compareRuns, readRun, RunMismatchError, sizeText } = await import('@ptrm/eval')
  const other = readRun(folder)
  const count = puzzles.get(kind)?.length
  // Where there is none, opening the evaluation says so.
  if (count === undefined) return
  const { judge: _, ...manifest } = other.manifest
  const { size: _size, ...others } = manifest.data
  const sized = size === undefined ? {} : { size: sizeText(size) }
  const data = { ...others, ...sized, name, sha256, perSource: perSource ?? null, puzzles: count }
  const own = { ...manifest, model: { ...manifest.model, kind }, data, ...(judge === 'rules' && { judge }) }
  try {
    compareRuns({ manifest: own, records: [] }, other)
  } catch (cause) {
    throw new RunMismatchError(`--against ${folder}: ${(cause as Error).message}`, { cause })
  }
}

/** Writes `comparison.json`, and prints its table. */
async function compare(path: string, other: string, run: Manifest, quiet: boolean): Promise<void> {
  const { compareFolders, comparisonTable } = await import('@ptrm/eval')
  const comparison = compareFolders(path, other)
  if (!quiet) await print(`${comparisonTable(comparison, [path, other], run)}\n`)
}
