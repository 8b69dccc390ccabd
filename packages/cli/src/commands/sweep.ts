/** `ptrm sweep`: finds the plan of a model that solves most within a budget, on puzzles that serve for tuning only. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { withRecommended } from '@ptrm/core-wasm'
import { writeFile } from '@ptrm/eval/files'
import { loadModelBytes, type NoiseTarget, type Solver } from '@ptrm/orchestrator'
import type { AnyKind } from '@ptrm/puzzles'
import { type Found, readAllPuzzles } from '@ptrm/puzzles/node'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import type { PuzzleRecord } from '../eval/record.ts'
import {
  type EvalData,
  type EvalOptions,
  evaluate,
  modelFor,
  prepare,
  readData,
  sha256,
  solverFor,
} from '../eval/run.ts'
import { percent } from '../eval/tables.ts'
import { UsageError } from '../input.ts'
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
import {
  bestPoint,
  type DepthCollapse,
  depthCollapse,
  type Judge,
  type Noise,
  type Point,
  pointsOf,
} from '../sweep/points.ts'

export interface SweepFlags extends EvalOptions {
  readonly output: string
  readonly rollouts: number
  readonly steps: number
  readonly sigmas: (number | number[])[]
  readonly noiseTargets?: NoiseTarget[]
  readonly select: Judge
  readonly budget?: number
  readonly test?: string
  readonly write?: string
  readonly quiet?: boolean
}

const HELP = `
Examples:
  ptrm sweep examples/sudoku-dev-200.csv -o runs/sweep --sigmas 0.1 0.2 0.3 0.5 --rollouts 16 --steps 32
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
    option('--noise-targets <name...>', `${listed(parse.NOISE_TARGETS)} (default: zL)`, parse.noiseTargets),
    rolloutsOption('the largest K').makeOptionMandatory(),
    stepsOption('the largest D').makeOptionMandatory(),
    option(
      '--select <name>',
      'verified (stops at the first) or best-q, without the rules',
      parse.judge,
    ).default('best-q'),
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
  action: sweep,
})

interface Setting {
  readonly noise: Noise
  readonly points: readonly Point[]
  readonly depth: DepthCollapse
}

/** Throws `UsageError` and what `ptrm eval` throws. Exit codes as there, and 1 where no plan fits the budget. */
export async function sweep(data: string, flags: SweepFlags): Promise<number> {
  const read = await readData(data, flags)
  const model = modelFor(data, read, flags)
  const solver = await solverFor(model, flags)
  try {
    if (flags.test !== undefined) await refuseShared(data, flags.test, solver.kind)
    const settings = await runSettings(data, read, model, solver, flags)
    if (!settings) return 130
    const points = settings.flatMap((setting) => setting.points)
    const best = bestPoint(points, flags.budget ?? Infinity)
    const chosen = best && planOf(best)
    const report = {
      data: basename(data),
      select: flags.select,
      budgetMs: flags.budget ?? null,
      chosen: best ?? null,
      settings,
    }
    writeFile(join(flags.output, 'sweep.json'), `${JSON.stringify(report, null, 2)}\n`)
    writeFile(join(flags.output, 'sweep.csv'), toCsv(points))
    if (!flags.quiet) process.stdout.write(`${describe(settings, best, flags)}\n`)
    if (!chosen) return 1
    if (flags.write !== undefined) await writeModel(flags.write, model, chosen)
    return flags.test === undefined ? 0 : await testChosen(flags.test, chosen, model, solver, flags)
  } finally {
    await solver.close()
  }
}

/** Runs what is left of each setting; undefined where it was interrupted. */
async function runSettings(
  data: string,
  read: EvalData,
  model: string,
  solver: Solver,
  flags: SweepFlags,
): Promise<Setting[] | undefined> {
  const runs: { noise: Noise; records: readonly PuzzleRecord[] }[] = []
  for (const noiseTarget of flags.noiseTargets ?? ['zL' as const])
    for (const sigma of flags.sigmas) {
      const noise = { sigma, noiseTarget }
      const job = await prepare(data, read, model, solver, { ...flags, ...noise })
      if (!flags.quiet) process.stderr.write(`sigma ${sigma}, noise on ${noiseTarget}\n`)
      const records = await evaluate(job, join(flags.output, folderOf(noise)), { progress: !flags.quiet })
      if (!records) return undefined
      if (records.some(({ plain }) => plain.right === null))
        throw new UsageError(`${data} has puzzles without solution; there is no telling which plan is right`)
      runs.push({ noise, records })
    }
  const ms = runs.flatMap(({ records }) => records.map((record) => record.ms))
  const msPerStep = ms.reduce((a, b) => a + b, 0) / (ms.length * flags.rollouts * flags.steps)
  return runs.map(({ noise, records }) => {
    return { noise, points: pointsOf(noise, records, flags.select, msPerStep), depth: depthCollapse(records) }
  })
}

function folderOf({ sigma, noiseTarget }: Noise): string {
  return `${noiseTarget}-sigma-${typeof sigma === 'number' ? sigma : sigma.join('_')}`
}

function planOf({ rollouts, steps, sigma, noiseTarget }: Point) {
  return { rollouts, steps, sigma, noiseTarget }
}

/** Tuning on what is tested on would flatter the model. Throws `UsageError` for the same bytes, and for one common puzzle. */
async function refuseShared(tuning: string, test: string, kind: AnyKind): Promise<void> {
  if (sha256(readFileSync(tuning)) === sha256(readFileSync(test)))
    throw new UsageError(`${test} has the same content as the tuning data ${tuning}; test on other puzzles`)
  const boards = async (file: string) => {
    const { items } = await readAllPuzzles(file, { fallback: kind.name })
    return items
      .filter((item): item is Found => !('error' in item))
      .map((item) => [item.kind.toUrl(item.puzzle), item] as const)
  }
  const tuned = new Map(await boards(tuning))
  const shared = (await boards(test)).find(([url]) => tuned.has(url))
  if (!shared) return
  const [url, { where }] = shared
  throw new UsageError(
    `${test}:${where.line}: this puzzle is also at ${tuning}:${tuned.get(url)!.where.line}; test on puzzles that nothing was tuned on`,
  )
}

async function writeModel(write: string, model: string, chosen: ReturnType<typeof planOf>): Promise<void> {
  writeFile(write, withRecommended(await loadModelBytes(model), chosen))
  process.stderr.write(`wrote ${write}, which recommends ${JSON.stringify(chosen)}\n`)
}

async function testChosen(
  test: string,
  chosen: ReturnType<typeof planOf>,
  model: string,
  solver: Solver,
  flags: SweepFlags,
): Promise<number> {
  const options = { ...flags, ...chosen, perSource: undefined }
  const job = await prepare(test, await readData(test, options), model, solver, options)
  const records = await evaluate(job, join(flags.output, 'test'), { progress: !flags.quiet })
  if (!records) return 130
  const [point] = pointsOf(chosen, records, flags.select, 0).filter(
    ({ rollouts, steps }) => rollouts === chosen.rollouts && steps === chosen.steps,
  )
  process.stdout.write(`on ${basename(test)}, which nothing was chosen on: ${percent(point!.solved)}\n`)
  return 0
}

function toCsv(points: readonly Point[]): string {
  const lines = points.map(({ sigma, noiseTarget, rollouts, steps, solved, cost, ms }) => {
    const name = typeof sigma === 'number' ? sigma : sigma.join(' ')
    const figures = [solved.share, solved.low, solved.high].map((x) => x.toFixed(6))
    return [name, noiseTarget, rollouts, steps, ...figures, cost.toFixed(2), ms.toFixed(1)].join(',')
  })
  return ['sigma,noise_target,rollouts,steps,share,low,high,steps_a_puzzle,ms_a_puzzle', ...lines, ''].join(
    '\n',
  )
}

function describe(settings: readonly Setting[], best: Point | undefined, flags: SweepFlags): string {
  const whole = settings.map(({ noise, points, depth }) => {
    const { solved, cost, ms } = points.at(-1)!
    const fall = depth.collapses
      ? `DEPTH COLLAPSE: single rollouts ${(100 * depth.best.share).toFixed(1)}% at D=${depth.best.steps}, ${(100 * depth.last.share).toFixed(1)}% at D=${depth.last.steps}`
      : 'none'
    return [noise.sigma, noise.noiseTarget, percent(solved), Math.round(cost), Math.round(ms), fall]
  })
  const head = [
    'sigma',
    'noise on',
    `${flags.select}, K=${flags.rollouts}, D=${flags.steps}`,
    'steps',
    'ms',
    'depth collapse',
  ]
  const table = [head, head.map(() => '---'), ...whole].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  if (!best)
    return `${table}\n\nno plan solves any puzzle${flags.budget === undefined ? '' : ` within ${flags.budget} ms`}`
  const { rollouts, steps, sigma, noiseTarget, solved, ms } = best
  const within = flags.budget === undefined ? '' : ` within ${flags.budget} ms a puzzle`
  return `${table}\n\nbest plan${within}: K=${rollouts}, D=${steps}, sigma ${sigma}, noise on ${noiseTarget}: ${percent(solved)}, ${Math.round(ms)} ms a puzzle`
}
