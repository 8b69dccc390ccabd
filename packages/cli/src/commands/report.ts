/** `ptrm report`: a run folder or a sweep folder as one HTML page, with every picture as SVG and CSV beside it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModel } from '@ptrm/core-wasm'
import { readBytes, writeFile } from '@ptrm/eval/files'
import { loadModelBytes } from '@ptrm/orchestrator'
import { kindNamed } from '@ptrm/puzzles'
import { type Found, nameOf, readAllPuzzles } from '@ptrm/puzzles/node'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { type Manifest, RunFolder, RunMismatchError } from '../eval/folder.ts'
import type { PuzzleRecord } from '../eval/record.ts'
import { type Results, SELECTIONS } from '../eval/results.ts'
import { isRight } from '../eval/rollout.ts'
import { sha256 } from '../eval/run.ts'
import { percent } from '../eval/tables.ts'
import { UsageError } from '../input.ts'
import { endBoards, latentPicture, tracePaths } from '../report/latents.ts'
import { boards, figure, list, page, type Section, table } from '../report/page.ts'
import { draw, type Picture } from '../report/picture.ts'
import { runPictures } from '../report/run-pictures.ts'
import { type SweepReport, sweepPictures } from '../report/sweep-pictures.ts'

export interface ReportFlags {
  readonly puzzles?: string
  readonly puzzle?: string
  readonly model?: string
}

const HELP = `
Examples:
  ptrm report runs/dev
  ptrm report runs/dev --puzzles examples/sudoku-dev-200.csv     (with the latents of one puzzle)
  ptrm report runs/sweep

Writes FOLDER/report.html, which loads nothing from anywhere, and FOLDER/report/NAME.svg and NAME.csv.
`

export const command: Command = declare({
  name: 'report',
  description: 'draw a finished run of ptrm eval, or a sweep, as one HTML page',
  arguments: [new Argument('<folder>', 'run folder or sweep folder')],
  options: [
    option(
      '--puzzles <data>',
      "the run's data file: adds the latents of one puzzle's rollouts, and their boards",
    ),
    option('--puzzle <id>', 'which puzzle (default: the first that plain TRM fails and some rollouts solve)'),
    option('--model <name|file>', "the run's model, where it is no bundled one"),
  ],
  help: HELP,
  action: report,
})

/** Throws `UsageError` where the folder holds neither, or the data or model are not the run's. */
export async function report(folder: string, flags: ReportFlags): Promise<number> {
  const sections = existsSync(join(folder, 'sweep.json'))
    ? await sweepSections(folder)
    : await runSections(folder, flags)
  writeFile(join(folder, 'report.html'), page(`ptrm: ${folder}`, sections))
  process.stderr.write(`wrote ${join(folder, 'report.html')} and its pictures in ${join(folder, 'report')}\n`)
  return 0
}

async function sweepSections(folder: string): Promise<Section[]> {
  const sweep = readJson<SweepReport>(join(folder, 'sweep.json'))
  const { chosen, data, select, budgetMs } = sweep
  const rows: (readonly [string, string])[] = [
    ['tuned on', data],
    ['chosen by', select],
    ['budget a puzzle', budgetMs === null ? 'none' : `${budgetMs} ms`],
    ...(chosen
      ? ([
          [
            'best plan',
            `K=${chosen.rollouts}, D=${chosen.steps}, sigma ${chosen.sigma}, noise on ${chosen.noiseTarget}`,
          ],
          ['solved on the tuning data', `${percent(chosen.solved)}, the best of many plans, so it flatters`],
        ] as const)
      : ([['best plan', 'none fits']] as const)),
  ]
  return [{ title: 'Sweep', body: list(rows) }, ...(await drawAll(folder, sweepPictures(sweep)))]
}

async function runSections(folder: string, flags: ReportFlags): Promise<Section[]> {
  const { manifest, records } = RunFolder.read(folder)
  const results = readJson<Results>(join(folder, 'results.json'))
  const pictures = await drawAll(folder, runPictures(results, records))
  const latents = flags.puzzles === undefined ? [] : await latentSections(folder, manifest, records, flags)
  return [{ title: 'Run', body: runTable(manifest) }, ...resultTables(results), ...pictures, ...latents]
}

function runTable({ model, data, plan, engine, netCallsPerStep }: Manifest): string {
  const part = data.perSource === null ? '' : `, the first ${data.perSource} of each source`
  return list([
    ['model', `${model.name} (${model.kind}), SHA-256 ${model.sha256}`],
    ['data', `${data.name}, ${data.puzzles} puzzles${part}, SHA-256 ${data.sha256}`],
    [
      'plan',
      `K=${plan.rollouts}, D=${plan.steps}, sigma ${plan.sigma}, noise on ${plan.noiseTarget}, seed ${plan.seed}`,
    ],
    ['engine', `${engine.backend}, kernel ${engine.kernel}; ${netCallsPerStep} net calls a step`],
  ])
}

function resultTables({ groups, stops }: Results): Section[] {
  const head = ['K', ...SELECTIONS.map((name) => `${name}@K`), 'net calls', 'until verified']
  const sections = groups.map(({ group, puzzles, plain, atK }) => {
    const rows = atK.map(({ k, solved, netCalls }) => [
      k,
      ...SELECTIONS.map((name) => percent(solved[name])),
      Math.round(netCalls.fixed),
      Math.round(netCalls.untilVerified),
    ])
    return {
      title: `${group}: ${puzzles} puzzles, plain TRM ${percent(plain)}`,
      body: table([head, ...rows]),
    }
  })
  if (stops.length === 0) return sections
  const rows = stops.map(({ stop, select, solved, fixed, netCalls, saving }) => {
    const times = `${saving.times.toFixed(1)} (${saving.interval.map((x) => x.toFixed(1)).join('-')})`
    return [stop, select, percent(solved), percent(fixed), Math.round(netCalls), times]
  })
  const stopHead = ['stop', 'chosen by', 'solved %', 'all K: solved %', 'net calls', 'times fewer than all K']
  return [...sections, { title: 'Stop rules', body: table([stopHead, ...rows]) }]
}

async function latentSections(
  folder: string,
  manifest: Manifest,
  records: readonly PuzzleRecord[],
  flags: ReportFlags,
): Promise<Section[]> {
  const bytes = await loadModelBytes(flags.model ?? manifest.model.name)
  checkHash(sha256(bytes), manifest.model.sha256, `the model of ${folder}`)
  checkHash(sha256(readBytes(flags.puzzles!)), manifest.data.sha256, `the data of ${folder}`)
  const kind = kindNamed(manifest.model.kind)
  const found = await puzzleToTrace(records, flags)
  const paths = await tracePaths(readModel(bytes), kind, found.puzzle, found.solution, manifest)
  const [latents] = await drawAll(folder, [await latentPicture(paths, nameOf(found))])
  const ends = { title: 'Boards at the ends', body: boards(endBoards(paths, kind, found.puzzle)) }
  return [latents!, ends]
}

/** The puzzle asked for, or the first that shows most: plain TRM fails, some rollouts end right and some wrong. */
async function puzzleToTrace(
  records: readonly PuzzleRecord[],
  { puzzles, puzzle }: ReportFlags,
): Promise<Found> {
  const mixed = ({ plain, rollouts }: PuzzleRecord) =>
    !isRight(plain) && rollouts.some(isRight) && !rollouts.every(isRight)
  const id = puzzle ?? (records.find(mixed) ?? records[0]!).id
  const { items } = await readAllPuzzles(puzzles!)
  const found = items.find((item): item is Found => !('error' in item) && nameOf(item) === id)
  if (found?.solution === undefined) throw new UsageError(`${puzzles} has no puzzle ${id} with a solution`)
  return found
}

function checkHash(found: string, wanted: string, what: string): void {
  if (found !== wanted)
    throw new RunMismatchError(
      `${what} has SHA-256 ${wanted}, what is given now has ${found}; give the run's own`,
    )
}

/** Draws pictures and writes each as SVG and CSV into the folder. */
async function drawAll(folder: string, pictures: readonly Picture[]): Promise<Section[]> {
  mkdirSync(join(folder, 'report'), { recursive: true })
  const sections: Section[] = []
  for (const picture of pictures) {
    const drawn = await draw(picture)
    writeFile(join(folder, 'report', `${picture.name}.svg`), drawn.svg)
    writeFile(join(folder, 'report', `${picture.name}.csv`), drawn.csv)
    sections.push(figure(drawn))
  }
  return sections
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch (cause) {
    throw new UsageError(`can't read ${path}: ${(cause as Error).message}`, { cause })
  }
}
