/** `ptrm eval`: measures what width does over a file of puzzles, into a run folder that a killed run goes on from. */

import { join } from 'node:path'
import { writeFile } from '@ptrm/eval/files'
import type { StopRule } from '@ptrm/orchestrator'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { compareRuns, comparisonTable } from '../eval/compare.ts'
import { RunFolder } from '../eval/folder.ts'
import { resultsOf, widths } from '../eval/results.ts'
import {
  checkRunnable,
  counted,
  type EvalData,
  type EvalOptions,
  evaluate,
  prepare,
  readData,
  solverFor,
} from '../eval/run.ts'
import { toCsv, toTable } from '../eval/tables.ts'
import { timesOf } from '../eval/times.ts'
import { UsageError } from '../input.ts'
import { engineOptions, gridKindOption, kernelOption, modelOption, planOptions } from '../options/groups.ts'
import * as parse from '../options/parse.ts'

export interface EvalFlags extends EvalOptions {
  readonly output: string
  readonly at?: number[]
  readonly stop?: StopRule[]
  readonly against?: string
  readonly quiet?: boolean
}

const HELP = `
Examples:
  ptrm eval examples/sudoku-dev-200.csv -o runs/dev --rollouts 16
  ptrm eval puzzles.csv -o runs/a --rollouts 100 --steps 64 --sigma 0.3 --seed 1
  ptrm eval puzzles.csv -o runs/a --stop first-verified adaptive:0.01 adaptive,prune:10:-8
  ptrm eval puzzles.csv -o runs/b --sigma 0.5 --against runs/a     (compares two runs, McNemar)
  ptrm eval golden_300.jsonl --size 10x10 -o runs/golden           (each kind by its own model)
  ptrm report runs/a

All K rollouts of a puzzle run to their end, and plain TRM (no noise) beside them. From the one run of the largest K
come the figures of every smaller one: pass@K and best-Q@K as means over all subsets, mode@K and q-weighted@K over
seeded draws. These are judged by the solutions that the file gives, never by the rules; verified@K is the rules' alone.

Where the data holds several kinds and no --model says which, each is run by the model of its kind, into a folder of its name
in FOLDER. Kinds that are not ours are left out and counted.

FOLDER gets run.json (plan, hashes of model and data), puzzles.jsonl (every rollout), results.json and results.csv,
which depend on these alone, and times.json. The same command again goes on where a killed run stopped; with another
plan, model or data it is refused.

Exit codes: 0 done, 2 bad input or usage, 3 the backend failed, 130 interrupted.
`

export const command: Command = declare({
  name: 'eval',
  description: 'measure pass@K, best-Q@K, mode@K, verified@K and the Q head over a file of puzzles',
  arguments: [new Argument('<data>', 'file of puzzles, with solutions where accuracy is wanted')],
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
    option('--size <RxC>', 'only boards of this size, such as 10x10', parse.size),
    option('--per-source <n>', 'only the first n puzzles of each source', parse.count),
    option(
      '--stop <rule...>',
      'what these stop rules would have saved: first-verified, adaptive:0.01, ... (see ptrm solve)',
      parse.stops,
    ),
    option('--against <folder>', 'compare with another finished run over the same puzzles'),
    ...engineOptions(),
    kernelOption(),
    option('--quiet', 'no table, no progress'),
  ],
  help: HELP,
  action: evalCommand,
})

/** Throws `UsageError`, `RunMismatchError`, or what loading and running the model throws. */
export async function evalCommand(data: string, flags: EvalFlags): Promise<number> {
  const read = await readData(data, flags)
  if (!flags.quiet) tellLeftOut(read.leftOut)
  const models = flags.model === undefined ? [...read.puzzles.keys()] : [flags.model]
  if (models.length === 1) return evaluateWith(models[0]!, data, read, flags)
  // Before the first kind's run, not after hours of it.
  for (const puzzles of read.puzzles.values()) checkRunnable(data, puzzles)
  for (const kind of models) {
    if (!flags.quiet) process.stdout.write(`## ${kind}\n\n`)
    const inside = (folder: string) => join(folder, kind)
    const { output, against } = flags
    const code = await evaluateWith(kind, data, read, {
      ...flags,
      output: inside(output),
      ...(against !== undefined && { against: inside(against) }),
    })
    if (code !== 0) return code
  }
  return 0
}

async function evaluateWith(model: string, data: string, read: EvalData, flags: EvalFlags): Promise<number> {
  const solver = await solverFor(model, flags)
  try {
    const job = await prepare(data, read, model, solver, flags)
    if (!flags.quiet && flags.model !== undefined) tellLeftOut(othersThan(solver.kind.name, read))
    const ks = wantedKs(flags.at, job.manifest.plan.rollouts)
    const records = await evaluate(job, flags.output, { progress: !flags.quiet })
    if (!records) return 130
    const results = resultsOf(job.manifest, records, ks, flags.stop)
    const write = (name: string, text: string) => writeFile(join(flags.output, name), text)
    write('results.json', `${JSON.stringify(results, null, 2)}\n`)
    write('results.csv', toCsv(results))
    write('times.json', `${JSON.stringify(timesOf(records, solver.workers), null, 2)}\n`)
    if (!flags.quiet) process.stdout.write(`${toTable(results)}\n`)
    if (flags.against !== undefined) compare(flags.output, flags.against, write)
    return 0
  } finally {
    await solver.close()
  }
}

/** The puzzles that are not of this kind, by theirs. */
function othersThan(kind: string, { puzzles }: EvalData): Map<string, number> {
  const others = [...puzzles].filter(([name]) => name !== kind)
  return new Map(others.map(([name, { length }]) => [name, length]))
}

function tellLeftOut(leftOut: ReadonlyMap<string, number>): void {
  if (leftOut.size > 0) process.stderr.write(`left out: ${counted(leftOut)}\n`)
}

/** The K to report, rising. Throws `UsageError` for one that is not run. */
function wantedKs(at: readonly number[] | undefined, rollouts: number): number[] {
  const ks = [...new Set(at ?? widths(rollouts))].sort((a, b) => a - b)
  if (ks.at(-1)! > rollouts)
    throw new UsageError(`--at ${ks.at(-1)}: only K = ${rollouts} rollouts are run; raise --rollouts`)
  return ks
}

function compare(path: string, other: string, write: (name: string, text: string) => void): void {
  const comparison = compareRuns(RunFolder.read(path), RunFolder.read(other))
  write('comparison.json', `${JSON.stringify({ first: path, second: other, ...comparison }, null, 2)}\n`)
  process.stdout.write(`${comparisonTable(comparison, [path, other])}\n`)
}
