/** mode@K and q-weighted@K of one puzzle: votes among K of n rollouts, by seeded draws of subsets where n is larger. */

import { heaviest, sigmoid } from '@ptrm/orchestrator'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { checkK } from './check-k.ts'

/** What a vote sees of a rollout, and whether its answer is right. */
export interface Ballot {
  /** Equal numbers, equal answers. */
  readonly answer: number
  /** Halt logit after the last step. */
  readonly q: number
  readonly right: boolean
}

export type Vote = 'mode' | 'q-weighted'

export interface Draws {
  /** Subsets drawn where 1 < K < n; the standard error of one puzzle's figure is at most 0.5 / sqrt(count). */
  readonly count: number
  /** Unsigned 32-bit; the same seed draws the same subsets. */
  readonly seed: number
}

/**
 * The share of subsets of size K (drawn without replacement) whose vote is right. Exact for K = 1 and K = n, where no
 * draw is needed. Throws RangeError unless 1 <= K <= n.
 */
export function voteAtK(vote: Vote, ballots: readonly Ballot[], k: number, { count, seed }: Draws): number {
  const n = ballots.length
  checkK(n, k)
  if (k === 1) return ballots.filter(({ right }) => right).length / n
  if (k === n) return elect(vote, ballots).right ? 1 : 0
  const random = xoroshiro128plus(seed)
  const urn = [...ballots]
  let right = 0
  for (let draw = 0; draw < count; draw++) {
    // The first k places of a Fisher-Yates shuffle, from whatever order the last draw left.
    for (let i = 0; i < k; i++) {
      const j = uniformInt(random, i, n - 1)
      ;[urn[i], urn[j]] = [urn[j]!, urn[i]!]
    }
    if (elect(vote, urn.slice(0, k)).right) right++
  }
  return right / count
}

/** The winner as `selectors` choose it. Throws RangeError for no ballots. */
export function elect(vote: Vote, ballots: readonly Ballot[]): Ballot {
  const weigh = vote === 'mode' ? () => 1 : ({ q }: Ballot) => sigmoid(q)
  const winner = heaviest(ballots, { keyOf: ({ answer }) => answer, weigh })
  if (!winner) throw new RangeError('no ballots')
  return winner
}
