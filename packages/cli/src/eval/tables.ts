/** The figures of a run as CSV for programs and as a table for people. */
import type { Estimate } from '@ptrm/eval'
import type { Replay } from './replay.ts'
import { type Results, SELECTIONS } from './results.ts'

/** One line a group, selection and K: `group,selection,k,share,low,high,puzzles`; plain TRM is `plain` at K = 1. */
export function toCsv({ groups }: Results): string {
  const lines = groups.flatMap(({ group, plain, atK }) => [
    csvLine(group, 'plain', 1, plain),
    ...atK.flatMap(({ k, solved }) => SELECTIONS.map((name) => csvLine(group, name, k, solved[name]))),
  ])
  return ['group,selection,k,share,low,high,puzzles', ...lines.filter((line) => line !== undefined), ''].join(
    '\n',
  )
}

function csvLine(group: string, selection: string, k: number, estimate: Estimate | null): string | undefined {
  if (!estimate) return undefined
  const { share, low, high, of } = estimate
  return [quoted(group), selection, k, ...[share, low, high].map((x) => x.toFixed(6)), of].join(',')
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A Markdown table a group: solved percent by selection and K, with Wilson's 95% intervals, and net calls a puzzle. */
export function toTable({ groups, stops }: Results): string {
  const widths = groups.map(({ group, puzzles, plain, atK }) => {
    const rows = atK.map(({ k, solved, netCalls }) => [
      String(k),
      ...SELECTIONS.map((name) => percent(solved[name])),
      String(Math.round(netCalls.fixed)),
      String(Math.round(netCalls.untilVerified)),
    ])
    const head = ['K', ...SELECTIONS.map((name) => `${name}@K`), 'net calls', 'until verified']
    const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
    return `${group}, ${puzzles} puzzles; plain TRM ${percent(plain)}\n\n${lines.join('\n')}\n`
  })
  return [...widths, ...(stops.length > 0 ? [stopsTable(stops)] : [])].join('\n')
}

/** A Markdown table of what stop rules save against all K rollouts to their end. */
export function stopsTable(stops: readonly Replay[]): string {
  const head = [
    'stop',
    'chosen by',
    'solved %',
    'all K: solved %',
    'difference',
    'net calls',
    'all K',
    'times fewer',
  ]
  const rows = stops.map(({ stop, select, solved, fixed, difference, netCalls, fixedNetCalls, saving }) => [
    stop,
    select,
    percent(solved),
    percent(fixed),
    interval(
      100 * difference.mean,
      difference.interval.map((x) => 100 * x),
    ),
    String(Math.round(netCalls)),
    String(fixedNetCalls),
    interval(saving.times, saving.interval),
  ])
  return `${[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

function interval(value: number, [low, high]: readonly number[]): string {
  return `${value.toFixed(1)} (${low!.toFixed(1)} to ${high!.toFixed(1)})`
}

/** `96.0 (92.3-98.0)`, or a dash. */
export function percent(estimate: Estimate | null): string {
  if (!estimate) return '-'
  const [share, low, high] = [estimate.share, estimate.low, estimate.high].map((x) => (100 * x).toFixed(1))
  return `${share} (${low}-${high})`
}
