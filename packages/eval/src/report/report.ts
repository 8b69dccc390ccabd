/** The report of a folder: one HTML page that loads nothing, with every picture as SVG and CSV beside it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { shown } from '@ptrm/puzzles'
import { EvaluationError } from '../errors.ts'
import { type Run, readRun } from '../evaluation/folder.ts'
import { byJudge, judgeNote } from '../evaluation/judge.ts'
import type { Manifest } from '../evaluation/manifest.ts'
import type { Results } from '../evaluation/results.ts'
import { wrongInResults } from '../evaluation/results-file.ts'
import { judgedRecords } from '../evaluation/rollout.ts'
import { widthNames, widthRows } from '../evaluation/tables.ts'
import { FileError, makeFolder, readJson, writeFile } from '../files.ts'
import { protectInputs } from '../overwrite.ts'
import { type SweepReport, wrongInSweep } from '../sweep/report.ts'
import { percent, planText } from '../text.ts'
import { figure, list, page, type Section, table } from './page.ts'
import { type Drawn, draw, type Picture } from './picture.ts'
import { runPictures } from './run-pictures.ts'
import { sweepPictures } from './sweep-pictures.ts'
import { trace } from './trace.ts'

export interface ReportOptions {
  /** The run's data file: adds the latents of one puzzle's rollouts, and the boards that they end at. */
  readonly puzzles?: string | undefined
  /**
   * Which puzzle, by its id in the run or in the data as it is given now; of several, and by default, the first that plain
   * TRM fails and some rollouts solve.
   */
  readonly puzzle?: string | undefined
  /** The run's model, where it is no bundled one. */
  readonly model?: string | undefined
}

/** A picture, as the page shows it and as what it shows. */
export interface ReportPicture {
  /** Its file name, without ending. */
  readonly name: string
  readonly svg: string
  /** Its data, with a header. */
  readonly csv: string
}

export interface Report {
  /** One page that loads nothing from anywhere. */
  readonly html: string
  readonly pictures: readonly ReportPicture[]
}

/** Draws the report of a finished run's folder, or of a sweep's. Throws as `writeReport` does. */
export async function reportOf(folder: string, options: ReportOptions = {}): Promise<Report> {
  const drawn: Drawn[] = []
  const show = async (pictures: readonly Picture[]) => {
    const sections: Section[] = []
    for (const picture of pictures) {
      const one = await draw(picture)
      drawn.push(one)
      sections.push(figure(one))
    }
    return sections
  }
  const isSweep = existsSync(join(folder, 'sweep.json'))
  refuseIdleOptions(folder, isSweep, options)
  const sections = isSweep ? await sweepSections(folder, show) : await runSections(folder, options, show)
  const pictures = drawn.map(({ picture: { name }, svg, csv }) => ({ name, svg, csv }))
  return { html: page(`ptrm: ${folder}`, sections), pictures }
}

/**
 * Writes a folder's report into it: `report.html`, `report/NAME.svg` and `report/NAME.csv`. Throws `RunMismatchError`
 * where the folder is no finished run and no sweep, or the data or model are not the run's; `EvaluationError` where an
 * option changes nothing, the data has no such puzzle, or the data or model would be written over; `FileError`.
 */
export async function writeReport(folder: string, options?: ReportOptions): Promise<Report> {
  const report = await reportOf(folder, options)
  const names = report.pictures.flatMap(({ name }) => [`${name}.svg`, `${name}.csv`])
  const files = ['report.html', ...names.map((name) => join('report', name))]
  protectInputs(folder, files, [options?.puzzles, options?.model])
  makeFolder(join(folder, 'report'))
  for (const { name, svg, csv } of report.pictures) {
    writeFile(join(folder, 'report', `${name}.svg`), svg)
    writeFile(join(folder, 'report', `${name}.csv`), csv)
  }
  writeFile(join(folder, 'report.html'), report.html)
  return report
}

/** Throws `EvaluationError` for an option that would change nothing. */
function refuseIdleOptions(
  folder: string,
  isSweep: boolean,
  { puzzles, puzzle, model }: ReportOptions,
): void {
  const given = puzzles ?? puzzle ?? model
  if (isSweep && given !== undefined)
    throw new EvaluationError(`${folder} is a sweep: --puzzles, --puzzle and --model are for run folders`)
  if (puzzles === undefined && given !== undefined)
    throw new EvaluationError("--puzzle and --model go with --puzzles, the run's data file")
}

/** Draws pictures, and gives each its section. */
type Show = (pictures: readonly Picture[]) => Promise<Section[]>

async function sweepSections(folder: string, show: Show): Promise<Section[]> {
  const sweep = readSweep(join(folder, 'sweep.json'))
  const { chosen, data, select, budgetMs } = sweep
  const rows: (readonly [string, string])[] = [
    ['tuned on', data],
    ['chosen by', select],
    ['budget a puzzle', budgetMs === null ? 'none' : `${budgetMs} ms`],
    ['best plan', chosen ? planText(chosen) : 'none fits'],
  ]
  if (chosen)
    rows.push([
      'solved on the tuning data',
      `${percent(chosen.solved)}, the best of many plans, so it flatters`,
    ])
  return [{ title: 'Sweep', body: list(rows) }, ...(await show(sweepPictures(sweep)))]
}

function readSweep(file: string): SweepReport {
  const sweep = readJson(file)
  const wrong = wrongInSweep(sweep)
  if (wrong === undefined) return sweep as SweepReport
  throw new FileError(`can't read ${file}: ${wrong}; the same ptrm sweep makes it anew`)
}

function readResults(file: string, { records }: Run): Results {
  const results = readJson(file)
  const judged = judgedRecords(records).length > 0
  const wrong = wrongInResults(results, judged)
  if (wrong === undefined) return results as Results
  throw new FileError(`can't read ${file}: ${wrong}; the same ptrm eval makes it anew`)
}

async function runSections(folder: string, options: ReportOptions, show: Show): Promise<Section[]> {
  const run = readRun(folder)
  const results = readResults(join(folder, 'results.json'), run)
  const several = results.groups[0].severalSolutions
  const sections = [
    { title: 'Run', body: runTable(run.manifest, several) },
    ...resultTables(results, run.manifest),
  ]
  sections.push(...(await show(runPictures(results, run.records))))
  if (options.puzzles === undefined) return sections
  const { picture, boards } = await trace(folder, run, { ...options, puzzles: options.puzzles })
  return [...sections, ...(await show([picture])), boards]
}

function runTable(run: Manifest, several: number | undefined): string {
  const { model, data, plan, engine, netCallsPerStep } = run
  const note = judgeNote(run, several)
  const part = data.perSource === null ? '' : `, the first ${data.perSource} of each source`
  return list([
    ['model', `${model.name} (${model.kind}), SHA-256 ${model.sha256}`],
    ['data', `${data.name}, ${data.puzzles} puzzles${part}, SHA-256 ${data.sha256}`],
    ['plan', `${planText(plan)}, seed ${plan.seed}`],
    ['engine', `${engine.backend}, kernel ${engine.kernel}; ${netCallsPerStep} net calls a step`],
    ...(note === undefined ? [] : [['judge', note] as const]),
  ])
}

function resultTables({ groups, stops }: Results, run: Manifest): Section[] {
  const sections = groups.map(({ group, puzzles, plain, atK }) => ({
    title: `${shown(group)}: ${puzzles} puzzles, ${byJudge(run, 'plain TRM')} ${percent(plain)}`,
    body: table(widthRows(atK, widthNames(run))),
  }))
  if (stops.length === 0) return sections
  const rows = stops.map(({ stop, select, solved, fixed, netCalls, saving }) => {
    const times = `${saving.times.toFixed(1)} (${saving.interval.map((x) => x.toFixed(1)).join('-')})`
    return [stop, select, percent(solved), percent(fixed), Math.round(netCalls), times]
  })
  const [solved, all] = ['solved %', 'all K: solved %'].map((name) => byJudge(run, name))
  const head = ['stop', 'chosen by', solved!, all!, 'net calls', 'times fewer than all K']
  return [...sections, { title: 'Stop rules', body: table([head, ...rows]) }]
}
