/** The paper's figures over many puzzles: pass@K, best-Q@K, mode@K, with intervals; and what times are told by. */
import type { Candidate } from './run.ts'
import { type SelectorName, selectors } from './select.ts'

/** One puzzle's rollouts and the judge of their answers. */
export interface Judged {
  readonly candidates: readonly Candidate[]
  readonly isRight: (answer: Uint8Array) => boolean
}

export interface Share {
  readonly right: number
  readonly of: number
}

/** Puzzles on which any of the first K rollouts ends right: the oracle's choice. */
export function passAtK(puzzles: readonly Judged[], k: number): Share {
  return share(puzzles, ({ candidates, isRight }) =>
    firstK(candidates, k).some(({ answer }) => isRight(answer)),
  )
}

/** Puzzles on which the rollout with the largest halt logit among the first K ends right. */
export function bestQAtK(puzzles: readonly Judged[], k: number): Share {
  return selectedAtK(puzzles, k, 'best-q')
}

/** Puzzles on which the most frequent answer among the first K is right. */
export function modeAtK(puzzles: readonly Judged[], k: number): Share {
  return selectedAtK(puzzles, k, 'mode')
}

function selectedAtK(puzzles: readonly Judged[], k: number, select: SelectorName): Share {
  return share(puzzles, ({ candidates, isRight }) => {
    const choice = selectors[select](firstK(candidates, k))
    return choice !== undefined && isRight(choice.answer)
  })
}

function firstK(candidates: readonly Candidate[], k: number): Candidate[] {
  return candidates.filter(({ rollout }) => rollout < k)
}

function share(puzzles: readonly Judged[], isSolved: (puzzle: Judged) => boolean): Share {
  return { right: puzzles.filter(isSolved).length, of: puzzles.length }
}

/** Wilson's 95% score interval for a share (Wilson 1927), as fractions; [0, 1] for no trials. */
export function wilson95({ right, of }: Share): [number, number] {
  if (of === 0) return [0, 1]
  const z = 1.959963984540054
  const p = right / of
  const centre = p + (z * z) / (2 * of)
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)]
}

/** The smallest of `values` that at least a share `p` of them does not exceed (nearest rank); 0 for none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0
}
