/** What the element says of itself, in words: to people a rollout is a try. */
import type { SolveResult } from '@ptrm/orchestrator/browser'

export type State = 'idle' | 'loading' | 'solving' | 'solved' | 'unsolved' | 'stopped' | 'error'

/** Live figures of a run. */
export interface Progress {
  /** K. */
  readonly rollouts: number
  /** Rollouts that have come to their end. */
  readonly done: number
  /** Halt logit of the answer on the board. */
  readonly q: number | undefined
}

/** One short line. Of `solving` the figures change too often to be spoken; those are for the eye. */
export function statusText(
  state: State,
  {
    result,
    progress,
    error,
    note,
  }: {
    result?: SolveResult | undefined
    progress: Progress
    error?: string | undefined
    /** What the reader of the puzzle had to decide. */
    note?: string | undefined
  },
): string {
  switch (state) {
    case 'idle':
      return note ?? ''
    case 'loading':
      return 'Loading the model'
    case 'solving': {
      const q = progress.q === undefined ? '' : `, best q ${progress.q.toFixed(2).replace('-', '−')}`
      return `${progress.done} of ${tries(progress.rollouts)}${q}`
    }
    case 'solved':
      return `Solved by try ${result?.rollout} of ${result?.plan.rollouts} in ${duration(result?.stats.ms ?? 0)}`
    case 'unsolved':
      return `None of ${tries(result?.stats.rollouts ?? 0)} is right; shown is the best by q`
    case 'stopped':
      return 'Stopped'
    case 'error':
      return error ?? 'Something went wrong'
  }
}

function tries(count: number): string {
  return `${count} ${count === 1 ? 'try' : 'tries'}`
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
