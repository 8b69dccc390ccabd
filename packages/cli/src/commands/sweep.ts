/** `ptrm sweep`: finds the plan of a model that solves most within a budget, on puzzles that serve for tuning only. */
import { basename } from 'node:path'
import type { DataOptions, EvaluationEngine, Judge, Sweep } from '@ptrm/eval'
import { writeFile } from '@ptrm/eval/files'
import type { NoiseTarget } from '@ptrm/orchestrator'
import { NOISE_TARGETS } from '@ptrm/orchestrator/choices'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { refuseOverwrite } from '../input.ts'
import {
  engineOptions,
  gridKindOption,
  kernelOption,
  listed,
  modelOption,
  rolloutsOption,
  seedOption,
  stepsOption,
} from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { exitCodeOfAbort, INTERRUPTED } from '../run/exit.ts'
import { tellFault } from '../run/fault.ts'
import { interruptible } from '../run/interrupt.ts'
import { print, tell } from '../run/output.ts'
import { Progress } from '../run/progress.ts'

export interface SweepFlags extends DataOptions, EvaluationEngine {
  readonly output: string
  readonly model?: string
  readonly rollouts: number
  readonly steps: number
  readonly sigmas: (number | number[])[]
  readonly noiseTargets?: NoiseTarget[]
  readonly seed?: bigint
  readonly select: Judge
  readonly budget?: number
  readonly test?: string
  readonly write?: string
  readonly quiet?: boolean
}

const HELP = `
Examples:
  ptrm sweep tune.csv -o runs/sweep --sigmas 0.1 0.2 0.3 0.5 --rollouts 16 --steps 32
  ptrm sweep tune.csv -o runs/sweep --sigmas 0.3 0.5,0.4,0.3 --noise-targets zL zH --budget 2s \\
      --test test.csv --write tuned.safetensors

Every noise setting is run once, at the largest K and D; smaller ones are told from its steps. All settings see the same
random numbers (noise depends on seed, rollout and step alone, and is scaled by sigma), so that they differ by their
noise and not by luck. A list of sigmas with commas is a schedule over steps.

The test file is for the chosen plan alone: it is refused where it shares a puzzle with the tuning file.

FOLDER gets a run folder a setting (see ptrm eval; a killed sweep goes on), sweep.json and sweep.csv.
`

export const command: Command = declare({
  name: 'sweep',
  description: 'find the plan (sigma, noise target, K, D) that solves most within a budget',
  arguments: [new Argument('<tuning data>', 'file of puzzles with solutions; never the test set')],
  options: [
    option('-o, --output <folder>', 'where the runs go').makeOptionMandatory(),
    option(
      '--sigmas <list...>',
      'noise to try; one with commas is a schedule over steps',
      parse.sigmas,
    ).makeOptionMandatory(),
    option('--noise-targets <name...>', `${listed(NOISE_TARGETS)} (default: zL)`, parse.noiseTargets),
    rolloutsOption('the largest K').makeOptionMandatory(),
    stepsOption('the largest D').makeOptionMandatory(),
    option(
      '--select <name>',
      'verified (stops at the first) or best-q, without the rules',
      parse.judge,
    ).default('best-q', 'best-q'),
    option('--budget <time>', 'most time a puzzle: 500ms, 2s (default: any)', parse.duration),
    option(
      '--test <file>',
      'measure the chosen plan on these puzzles, none of which may be in the tuning data',
    ),
    option('--write <file>', 'write the model with the chosen plan as the recommended one'),
    modelOption("that of the data's kind"),
    gridKindOption("the model's, else sudoku"),
    seedOption(),
    option('--per-source <n>', 'only the first n puzzles of each source', parse.count),
    ...engineOptions(),
    kernelOption(),
    option('--quiet', 'no table, no progress'),
  ],
  help: HELP,
  exitCodes: {
    0: 'done',
    1: 'no plan fits the budget',
    2: 'bad input or usage',
    3: 'the backend failed',
    ...INTERRUPTED,
  },
  action: sweep,
})

/** Throws what `openSweep` and `Sweep.run` throw. Exit codes as of `ptrm eval`, and 1 where no plan fits the budget. */
export function sweep(data: string, flags: SweepFlags): Promise<number> {
  // From the start: reading the data may take its time, too.
  return interruptible((signal) => sweepUntil(data, flags, signal))
}

async function sweepUntil(data: string, flags: SweepFlags, signal: AbortSignal): Promise<number> {
  refuseOverwrite('--write', flags.write, data, flags.test, flags.model)
  // Only measuring commands need it.
  const { bestPlanText, openSweep, sweepTable } = await import('@ptrm/eval')
  const { output, budget, quiet = false } = flags
  let progress = new Progress(false)
  const opened = await openSweep(data, {
    ...flags,
    budgetMs: budget,
    folder: output,
    signal,
    onFault: tellFault,
    onSetting: ({ sigma, noiseTarget }) => {
      progress.clear()
      progress = new Progress(!quiet)
      if (!quiet) void tell(`sigma ${sigma}, noise on ${noiseTarget}\n`)
    },
    onProgress: (now) => progress.draw(now, now.total),
  })
  try {
    const report = await opened.run()
    progress.clear()
    if (!report) return await tellInterrupted(signal)
    if (!quiet) await print(`${sweepTable(report)}\n`)
    if (!opened.chosen) {
      // Else the exit code alone says it.
      if (quiet) await tell(`${bestPlanText(report)}\n`)
      return 1
    }
    if (flags.write !== undefined) await writeTuned(flags.write, opened)
    return flags.test === undefined ? 0 : await testChosen(flags.test, opened, signal)
  } finally {
    progress.clear()
    await opened.close()
  }
}

async function writeTuned(file: string, opened: Sweep): Promise<void> {
  writeFile(file, opened.tunedModel()!)
  await tell(`wrote ${file}, which recommends ${JSON.stringify(opened.chosen)}\n`)
}

async function testChosen(file: string, opened: Sweep, signal: AbortSignal): Promise<number> {
  const { percent } = await import('@ptrm/eval')
  const solved = await opened.test()
  if (!solved) return await tellInterrupted(signal)
  await print(`on ${basename(file)}, which nothing was chosen on: ${percent(solved)}\n`)
  return 0
}

async function tellInterrupted(signal: AbortSignal): Promise<number> {
  await tell('interrupted; the same command goes on there\n')
  return exitCodeOfAbort(signal)
}
