/** The figures of a run as CSV for programs and as tables for people. */
import { shown } from '@ptrm/puzzles'
import type { Estimate } from '../metrics/index.ts'
import { type Cell, csv, markdownTable, percent, withInterval } from '../text.ts'
import { byJudge, type Judged, judgeNote } from './judge.ts'
import type { Replay } from './replay.ts'
import { type AtK, type Results, SELECTIONS } from './results.ts'

/**
 * One line a group, selection and K: `group,selection,k,share,low,high,puzzles`; plain TRM is `plain` at K = 1. Names of
 * selections that the rules judged end with ` by rules`.
 */
export function resultsCsv({ run, groups }: Results): string {
  const lines = groups.flatMap(({ group, plain, atK }) => [
    csvLine(group, byJudge(run, 'plain'), 1, plain),
    ...atK.flatMap(({ k, solved }) =>
      SELECTIONS.map((name) => csvLine(group, byJudge(run, name), k, solved[name])),
    ),
  ])
  const head = ['group', 'selection', 'k', 'share', 'low', 'high', 'puzzles']
  return csv([head, ...lines.filter((line) => line !== undefined)])
}

function csvLine(group: string, selection: string, k: number, estimate: Estimate | null): Cell[] | undefined {
  if (!estimate) return undefined
  const { share, low, high, of } = estimate
  return [group, selection, k, ...[share, low, high].map((x) => x.toFixed(6)), of]
}

/** Rows of a width curve, below their head: solved percent by selection at each K, and net calls a puzzle. */
export function widthRows(atK: readonly AtK[], names: readonly string[] = widthNames({})): Cell[][] {
  const rows = atK.map(({ k, solved, netCalls }) => [
    k,
    ...SELECTIONS.map((name) => percent(solved[name])),
    Math.round(netCalls.fixed),
    Math.round(netCalls.untilVerified),
  ])
  return [['K', ...names, 'net calls', 'until verified'], ...rows]
}

/** What the columns of a run's width curve are called. */
export function widthNames(run: Judged): string[] {
  return SELECTIONS.map((name) => byJudge(run, `${name}@K`))
}

/** A Markdown table a group: solved percent by selection and K, with Wilson's 95% intervals, and net calls a puzzle. */
export function resultsTable({ run, groups, stops }: Results): string {
  const note = judgeNote(run, groups[0].severalSolutions)
  const tables = groups.map(({ group, puzzles, plain, atK }) => {
    const head = `${shown(group)}, ${puzzles} puzzles; ${byJudge(run, 'plain TRM')} ${percent(plain)}`
    return `${head}\n\n${markdownTable(widthRows(atK, widthNames(run)))}\n`
  })
  const notes = note === undefined ? [] : [`${note}\n`]
  return [...notes, ...tables, ...(stops.length > 0 ? [stopsTable(run, stops)] : [])].join('\n')
}

/** A Markdown table of what stop rules save against all K rollouts to their end. */
function stopsTable(run: Judged, stops: readonly Replay[]): string {
  const head = [
    'stop',
    'chosen by',
    byJudge(run, 'solved %'),
    byJudge(run, 'all K: solved %'),
    'difference',
    'net calls',
    'all K',
    'times fewer',
  ]
  const rows = stops.map((replay) => [
    replay.stop,
    replay.select,
    percent(replay.solved),
    percent(replay.fixed),
    differenceText(replay),
    Math.round(replay.netCalls),
    replay.fixedNetCalls,
    withInterval(replay.saving.times, replay.saving.interval),
  ])
  return `${markdownTable([head, ...rows])}\n`
}

/** solved - fixed, in percent points. */
export function differenceText({ difference: { mean, interval } }: Replay): string {
  const [low, high] = interval
  return withInterval(100 * mean, [100 * low, 100 * high])
}
