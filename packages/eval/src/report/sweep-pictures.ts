/** The pictures of a sweep folder: accuracy against noise, depth and cost. */
import type { Noise, Point } from '../sweep/points.ts'
import type { SweepReport } from '../sweep/report.ts'
import { quantity, share } from './encodings.ts'
import type { Picture } from './picture.ts'

/** All of a sweep's pictures. */
export function sweepPictures(sweep: SweepReport): Picture[] {
  const rows = sweep.settings.flatMap(({ points }) =>
    points.map(({ sigma, solved, ...rest }) => {
      return {
        setting: nameOf({ sigma, noiseTarget: rest.noiseTarget }),
        sigma: sigmaText(sigma),
        ...rest,
        ...solved,
      }
    }),
  )
  const most = {
    k: Math.max(...rows.map((row) => row.rollouts)),
    d: Math.max(...rows.map((row) => row.steps)),
  }
  return [sigmas(sweep, rows, most), depths(sweep, rows, most), costs(sweep, rows)]
}

type PointRow = Omit<Point, 'sigma' | 'solved'> &
  Point['solved'] & { readonly setting: string; readonly sigma: string }

function sigmas({ select }: SweepReport, rows: readonly PointRow[], most: { k: number; d: number }): Picture {
  const shown = rows.filter(
    ({ steps, rollouts }) => steps === most.d && (rollouts === 1 || rollouts === most.k),
  )
  return {
    name: 'sigma',
    title: 'Solved puzzles against noise',
    caption: `Chosen by ${select}, D = ${most.d}, one rollout and K = ${most.k}; 95% Wilson intervals. All settings see the same random numbers. Values with commas are schedules over steps.`,
    rows: shown.map((row) => ({ ...row, series: `K=${row.rollouts}, ${row.noiseTarget}` })),
    chart: {
      encoding: {
        x: { field: 'sigma', type: 'ordinal', title: 'sigma', sort: null, axis: { labelAngle: 0 } },
        color: { field: 'series', type: 'nominal', title: null },
      },
      layer: [
        { mark: 'line', encoding: { y: share('share', 'solved') } },
        { mark: 'rule', encoding: { y: share('low', 'solved'), y2: { field: 'high' } } },
        { mark: { type: 'point', filled: true, size: 50 }, encoding: { y: share('share', 'solved') } },
      ],
    } as Picture['chart'],
  }
}

function depths({ select, settings }: SweepReport, rows: readonly PointRow[], most: { k: number }): Picture {
  const collapsing = settings.filter(({ depth }) => depth.collapses).map(({ noise }) => nameOf(noise))
  const told =
    collapsing.length === 0 ? 'No setting shows depth collapse.' : `Depth collapse: ${collapsing.join('; ')}.`
  return {
    name: 'sweep-depth',
    title: 'Solved puzzles against D, by noise',
    caption: `Chosen by ${select} from K = ${most.k}. ${told}`,
    rows: rows.filter(({ rollouts }) => rollouts === most.k).map((row) => ({ ...row })),
    chart: {
      mark: { type: 'line', point: true },
      encoding: {
        x: quantity('steps', 'D steps (log scale)', { scale: { type: 'log', base: 2 } }),
        y: share('share', 'solved'),
        color: { field: 'setting', type: 'nominal', title: null },
      },
    } as Picture['chart'],
  }
}

function costs({ select, chosen }: SweepReport, rows: readonly PointRow[]): Picture {
  const isChosen = (row: PointRow) =>
    chosen !== null &&
    row.rollouts === chosen.rollouts &&
    row.steps === chosen.steps &&
    row.setting === nameOf(chosen)
  return {
    name: 'sweep-cost',
    title: 'Every plan: solved puzzles against time',
    caption: `Chosen by ${select}; milliseconds a puzzle, from the mean time of a step in this sweep. The chosen plan is ringed.`,
    rows: rows.map((row) => ({ ...row, chosen: isChosen(row) })),
    chart: {
      encoding: {
        x: quantity('ms', 'ms a puzzle (log scale)', { scale: { type: 'log' } }),
        y: share('share', 'solved'),
      },
      layer: [
        {
          mark: { type: 'point', filled: true, size: 40, opacity: 0.7 },
          encoding: { color: { field: 'setting', type: 'nominal', title: null } },
        },
        {
          transform: [{ filter: 'datum.chosen' }],
          mark: { type: 'point', size: 250, color: 'black', strokeWidth: 2 },
        },
      ],
    } as Picture['chart'],
  }
}

function nameOf({ sigma, noiseTarget }: Noise): string {
  return `${sigmaText(sigma)} on ${noiseTarget}`
}

function sigmaText(sigma: Noise['sigma']): string {
  return typeof sigma === 'number' ? String(sigma) : sigma.join(',')
}
