/** Figures as text: Markdown tables for people, CSV for programs. */
import type { Plan } from '@ptrm/orchestrator'
import type { Estimate } from './metrics/index.ts'

export type Cell = string | number

/** A Markdown table; the first row is its head. */
export function markdownTable([head, ...rows]: readonly (readonly Cell[])[]): string {
  return [head!, head!.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Lines of CSV, each ended; cells are quoted where they need it, null and undefined are empty. */
export function csv(rows: readonly (readonly (Cell | boolean | null | undefined)[])[]): string {
  return rows.map((cells) => `${cells.map((cell) => quoted(String(cell ?? ''))).join(',')}\n`).join('')
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** In percent: `96.0 (92.3-98.0)`, or a dash where nothing is known. */
export function percent(estimate: Estimate | null): string {
  if (!estimate) return '-'
  const [share, low, high] = [estimate.share, estimate.low, estimate.high].map((x) => (100 * x).toFixed(1))
  return `${share} (${low}-${high})`
}

/** `1.4 (1.1 to 2.1)`. */
export function withInterval(value: number, [low, high]: readonly [number, number]): string {
  return `${value.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`
}

/** `K=64, D=16, sigma 0.3, noise on zL`. */
export function planText({
  rollouts,
  steps,
  sigma,
  noiseTarget,
}: Pick<Plan, 'rollouts' | 'steps' | 'sigma' | 'noiseTarget'>): string {
  return `K=${rollouts}, D=${steps}, sigma ${sigma}, noise on ${noiseTarget}`
}
