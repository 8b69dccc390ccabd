/** What the element says of itself, in words: to people a rollout is a try. */
import type { SelectorName, SolveResult } from '@ptrm/orchestrator/browser'

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
    select = 'verified',
    progress,
    error,
    note,
  }: {
    result?: SolveResult | undefined
    /** How the result's answer was chosen. */
    select?: SelectorName | undefined
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
      return unsolvedText(result, select)
    case 'stopped':
      return 'Stopped'
    case 'error':
      return error ?? 'Something went wrong'
  }
}

/** What is shown, by the selection that chose it. */
const SHOWN: Readonly<Record<SelectorName, string>> = {
  verified: 'the best by q',
  'best-q': 'the best by q',
  mode: 'what most tries say',
  'q-weighted': 'what most tries say, weighted by q',
}

/** The network may choose a wrong answer though other tries came to a right one. */
function unsolvedText(result: SolveResult | undefined, select: SelectorName): string {
  const { candidates = [], answer, rollout } = result ?? {}
  if (answer === undefined) return 'The time was up before the first step of a try; nothing is shown'
  const right = candidates.filter(({ firstVerified }) => firstVerified).length
  const all = tries(candidates.length)
  return right === 0
    ? `None of ${all} is right; shown is ${SHOWN[select]}`
    : `Try ${rollout} was chosen, as ${SHOWN[select]}, and is wrong; ${right} of ${all} came to a right answer`
}

function tries(count: number): string {
  return `${count} ${count === 1 ? 'try' : 'tries'}`
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
