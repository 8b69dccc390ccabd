/** What a sweep found: `sweep.json` and `sweep.csv`, and as a table for people. */
import { NOISE_TARGETS } from '@ptrm/orchestrator'
import {
  type Check,
  either,
  has,
  isBoolean,
  isListOf,
  isNull,
  isNumber,
  isOneOf,
  isSomeOf,
  isText,
  isWhole,
  wrongField,
} from '../checks.ts'
import { csv, markdownTable, percent, planText } from '../text.ts'
import { type DepthCollapse, JUDGES, type Judge, type Noise, type Point } from './points.ts'

/** One noise setting: its points, the last at the largest K and D, and whether it suffers from depth. */
export interface Setting {
  readonly noise: Noise
  readonly points: readonly Point[]
  readonly depth: DepthCollapse
}

/** `sweep.json`. */
export interface SweepReport {
  /** The tuning file's name. */
  readonly data: string
  readonly select: Judge
  /** Most milliseconds a puzzle; null for any. */
  readonly budgetMs: number | null
  /** The point that solves most within the budget; null where none fits and solves any puzzle. */
  readonly chosen: Point | null
  readonly settings: readonly Setting[]
}

/** What keeps a value from being a sweep's report: the first field that is wrong. Undefined where it is one. */
export function wrongInSweep(value: unknown): string | undefined {
  const sigma = either(isNumber, isSomeOf(isNumber))
  const noiseTarget: Check = isOneOf(NOISE_TARGETS)
  const end = has<DepthCollapse['last']>({ steps: isWhole(1), share: isNumber })
  const point = has<Point>({
    sigma,
    noiseTarget,
    rollouts: isWhole(1),
    steps: isWhole(1),
    solved: has<Point['solved']>({ share: isNumber, low: isNumber, high: isNumber, of: isWhole(1) }),
    cost: isNumber,
    ms: isNumber,
  })
  const depth = has<DepthCollapse>({
    best: end,
    last: end,
    loss: isNumber,
    interval: isListOf(isNumber, 2),
    collapses: isBoolean,
  })
  return wrongField<SweepReport>(value, {
    data: isText,
    select: isOneOf(JUDGES),
    budgetMs: either(isNull, isNumber),
    chosen: either(isNull, point),
    settings: isSomeOf(
      has<Setting>({ noise: has<Noise>({ sigma, noiseTarget }), points: isSomeOf(point), depth }),
    ),
  })
}

/** One line a point. */
export function sweepCsv({ settings }: SweepReport): string {
  const head = [
    'sigma',
    'noise_target',
    'rollouts',
    'steps',
    'share',
    'low',
    'high',
    'steps_a_puzzle',
    'ms_a_puzzle',
  ]
  const rows = settings.flatMap(({ points }) =>
    points.map(({ sigma, noiseTarget, rollouts, steps, solved, cost, ms }) => {
      const name = typeof sigma === 'number' ? sigma : sigma.join(' ')
      const figures = [solved.share, solved.low, solved.high].map((x) => x.toFixed(6))
      return [name, noiseTarget, rollouts, steps, ...figures, cost.toFixed(2), ms.toFixed(1)]
    }),
  )
  return csv([head, ...rows])
}

/** A Markdown table, a row a setting at the largest K and D, and the chosen plan below it. */
export function sweepTable(report: SweepReport): string {
  const { settings, select } = report
  const { rollouts, steps } = settings[0]!.points.at(-1)!
  const head = ['sigma', 'noise on', `${select}, K=${rollouts}, D=${steps}`, 'steps', 'ms', 'depth collapse']
  const rows = settings.map(({ noise, points, depth }) => {
    const { solved, cost, ms } = points.at(-1)!
    const sigma = String(noise.sigma)
    return [sigma, noise.noiseTarget, percent(solved), Math.round(cost), Math.round(ms), collapseText(depth)]
  })
  return `${markdownTable([head, ...rows])}\n\n${bestPlanText(report)}`
}

/** The chosen plan and its figures, or that there is none, for people. */
export function bestPlanText({ chosen, budgetMs }: SweepReport): string {
  if (!chosen) return `no plan solves any puzzle${budgetMs === null ? '' : ` within ${budgetMs} ms`}`
  const within = budgetMs === null ? '' : ` within ${budgetMs} ms a puzzle`
  const { solved, ms } = chosen
  return `best plan${within}: ${planText(chosen)}: ${percent(solved)}, ${Math.round(ms)} ms a puzzle`
}

function collapseText({ collapses, best, last }: DepthCollapse): string {
  if (!collapses) return 'none'
  const [before, after] = [best, last].map(({ share, steps }) => `${(100 * share).toFixed(1)}% at D=${steps}`)
  return `DEPTH COLLAPSE: single rollouts ${before}, ${after}`
}
