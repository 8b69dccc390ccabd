/** Solved share against the board's size: its records, and their table and picture in docs/results.md. */
import { type Estimate, markdownTable, percent, type Results } from '@ptrm/eval'
import { colors, type Picture, share } from '@ptrm/eval/report'
import { kindNamed } from '@ptrm/puzzles'
import type { Machine } from './machine.ts'

/** Rows and columns of the boards that are measured, where there is a test set of them. */
export const SIDES = [6, 8, 10, 12, 15, 18] as const
/** The kinds of which boards may be of any size. */
export const SIZED_KINDS = ['lightup', 'tapa', 'shakashaka', 'heyawake', 'nurikabe'] as const
/** K of best-Q and verified. */
export const WIDTH = 16

/** A line of docs/results/sizes.jsonl: one kind's model on boards of one size. */
export interface SizeRecord {
  readonly kind: string
  /** Rows, and columns. */
  readonly side: number
  readonly run: Results['run']
  readonly plain: Estimate
  readonly bestQ: Estimate
  readonly verified: Estimate
  readonly machine: Pick<Machine, 'cpu' | 'cores' | 'node'>
}

/** What `ptrm eval` found, as a record. Throws where it judged by no solutions, or ran no 16 rollouts. */
export function sizeRecord(
  { run, groups: [{ plain, atK }] }: Results,
  side: number,
  { cpu, cores, node }: SizeRecord['machine'],
): SizeRecord {
  const wide = atK.find(({ k }) => k === WIDTH)?.solved
  if (!plain || !wide?.['best-q'] || !wide.verified)
    throw new Error(`${run.data.name}: no figures of plain TRM and of K=${WIDTH}`)
  const figures = { plain, bestQ: wide['best-q'], verified: wide.verified }
  return { kind: run.model.kind, side, run, ...figures, machine: { cpu, cores, node } }
}

/** The name of a test set in training/testsets: those of 10x10 came first, and don't say so. */
export function testSet(kind: string, side: number): string {
  return side === 10 ? `${kind}-test.jsonl.gz` : `${kind}-${side}-test.jsonl.gz`
}

/** The lines of docs/results/sizes.jsonl. */
export function readSizes(text: string): SizeRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SizeRecord)
}

/** The file of these records, by kind and size; of two of one kind and size, the later one counts. */
export function writtenSizes(records: readonly SizeRecord[]): string {
  const latest = new Map(records.map((record) => [`${record.kind} ${record.side}`, record]))
  const rank = ({ kind, side }: SizeRecord) => (SIZED_KINDS as readonly string[]).indexOf(kind) * 1000 + side
  const sorted = [...latest.values()].sort((a, b) => rank(a) - rank(b))
  return sorted.map((record) => `${JSON.stringify(record)}\n`).join('')
}

const titleOf = (kind: string) => kindNamed(kind)!.title

/** A row a kind and size. */
export function sizeTable(records: readonly SizeRecord[]): string {
  const head = [
    'puzzles',
    'board',
    'n',
    'model',
    'sigma',
    'plain TRM',
    `best-Q@${WIDTH}`,
    `verified@${WIDTH}`,
  ]
  const rows = records.map(({ kind, side, run, plain, bestQ, verified }) => [
    titleOf(kind),
    `${side}x${side}`,
    run.data.puzzles,
    run.model.name,
    String(run.plan.sigma),
    ...[plain, bestQ, verified].map(percent),
  ])
  return markdownTable([head, ...rows])
}

const SERIES = { 'plain TRM': 'plain', 'best-Q@K': 'bestQ', 'verified@K': 'verified' } as const

/** The same as a picture: a chart a kind, solved share against rows and columns. */
export function sizePicture(records: readonly SizeRecord[]): Picture {
  const names = Object.keys(SERIES) as (keyof typeof SERIES)[]
  const rows = records.flatMap((record) =>
    names.map((series) => {
      const { share, low, high, of } = record[SERIES[series]]
      return { puzzles: titleOf(record.kind), side: record.side, series, share, low, high, of }
    }),
  )
  const kinds = [...new Set(rows.map(({ puzzles }) => puzzles))]
  const side = { field: 'side', type: 'ordinal', title: 'rows and columns', axis: { labelAngle: 0 } }
  return {
    name: 'sizes',
    title: 'Solved puzzles against the size of the board',
    caption: `Shares of puzzles with 95% Wilson intervals; K=${WIDTH}.`,
    rows,
    chart: {
      width: undefined,
      height: undefined,
      columns: 3,
      facet: { field: 'puzzles', type: 'nominal', title: null, sort: kinds },
      resolve: { axis: { x: 'independent' } },
      spec: {
        width: 200,
        height: 170,
        encoding: {
          x: side,
          xOffset: { field: 'series', sort: names },
          color: { field: 'series', type: 'nominal', title: null, scale: colors(names) },
        },
        layer: [
          { mark: { type: 'line', opacity: 0.5 }, encoding: { y: share('share', 'solved') } },
          { mark: 'rule', encoding: { y: share('low', 'solved'), y2: { field: 'high' } } },
          { mark: { type: 'point', filled: true, size: 30 }, encoding: { y: share('share', 'solved') } },
        ],
      },
    } as unknown as Picture['chart'],
  }
}

/** D as most have it, and of the models that recommend another: `16 (heyawake-3: 32)`. */
export function depths(records: readonly { readonly run: Results['run'] }[]): string {
  const { steps } = records[0]!.run.plan
  const others = records.filter(({ run }) => run.plan.steps !== steps)
  const told = new Set(others.map(({ run }) => `${run.model.name}: ${run.plan.steps}`))
  return told.size === 0 ? String(steps) : `${steps} (${[...told].join(', ')})`
}

/** The section of docs/results.md. */
export function sizesText(records: readonly SizeRecord[]): string {
  const { plan, engine } = records[0]!.run
  const machines = [...new Set(records.map(({ machine }) => `${machine.cpu}, Node ${machine.node}`))]
  return `## Against the size of the board

Generated test sets of other sizes ([how](../training/DATA.md)), on models that were trained on boards of up to 12x12 (Tapa and heyawake-3 15x15, heyawake-2 10x10). What they solve beyond that is measured here, not promised. "Plain TRM" is one rollout without noise. best-Q and verified are of K=${plan.rollouts} with the noise that the model recommends. D=${depths(records)}, noise on ${plan.noiseTarget}, seed ${plan.seed}, engine ${engine.backend} (${engine.kernel}), ${machines.join('; ')}.

![Solved share against rows and columns, a chart a kind: plain TRM, best-Q and verified](results/sizes.svg)

${sizeTable(records)}

\`\`\`sh
npm run results -- --sizes            # all; or tapa-15 ... for some
\`\`\``
}
