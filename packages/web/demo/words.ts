/** How the page says things: each in one way. Knows no element. */
import type { SolveResult } from '@ptrm/orchestrator/browser'
import type { Rollouts } from './rollouts.ts'

/** What `right` means, wherever the page says it: a try is right when its latest answer breaks no rule. */
export function tallyText(rollouts: Rollouts): string {
  const { right, done } = rollouts.tally()
  if (rollouts.started.length === 0) return `${counted(rollouts.planned, 'try', 'tries')} to run`
  return `${right} of ${rollouts.planned} right, ${done} done`
}

/** How a run ended; `right` tries, as the tally beside it counts them. */
export function verdictText(
  { status, stats, rollout }: Pick<SolveResult, 'status' | 'stats' | 'rollout'>,
  right: number,
): string {
  const seconds = `${(stats.ms / 1000).toFixed(1)}\u00a0s`
  const were = `${right} of ${counted(stats.rollouts, 'try', 'tries')} right (${seconds})`
  if (status === 'verified') return `Solved by try ${rollout}; ${were}`
  if (right > 0) return `The network chose try ${rollout}, which is wrong; ${were}`
  return `None of ${counted(stats.rollouts, 'try', 'tries')} is right (${seconds}). More tries, more steps, other noise?`
}

export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** What is wrong about an answer: nothing, or how many cells break a rule. */
export function faultText(cells: number): string {
  return `${counted(cells, 'cell')} ${cells === 1 ? 'breaks' : 'break'} a rule`
}

/** A halt logit with a true minus sign. */
export function qText(q: number): string {
  return q.toFixed(1).replace('-', '−')
}

/** A halt logit as the chance, in the network's own view, that its answer is right. */
export function confidenceText(q: number): string {
  const percent = 100 / (1 + Math.exp(-q))
  if (percent < 1) return 'under 1\u00a0%'
  return percent > 99 ? 'over 99\u00a0%' : `${Math.round(percent)}\u00a0%`
}
