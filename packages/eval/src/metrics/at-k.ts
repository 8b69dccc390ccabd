/**
 * What K rollouts come to, told from n >= K that were run: the mean over all subsets of size K, in closed form.
 *
 * One run of the largest K so serves every smaller K, without bias and with less variance than its first K rollouts
 * alone; at K = n it is that run's own outcome.
 */
import { sureness } from '@ptrm/orchestrator'
import { checkK } from './check-k.ts'

/**
 * pass@K of one puzzle: the chance that K of n rollouts, drawn without replacement, hold one of the c right ones,
 * 1 - C(n-c, K) / C(n, K); the unbiased estimator of Chen et al. 2021 (arXiv 2107.03374, eq. 1). Throws RangeError
 * unless 0 <= c <= n and 1 <= K <= n.
 */
export function passAtK(n: number, c: number, k: number): number {
  checkK(n, k)
  if (!Number.isInteger(c) || c < 0 || c > n) throw new RangeError(`found ${c} right of ${n} rollouts`)
  return 1 - noneOf(n, c, k)
}

/**
 * The expected value, over subsets of size K, of the rollout with the largest q in the subset (of equals the first).
 * With 0/1 values, right or not, it is best-Q@K of one puzzle. Sorted by falling q, the rollout of rank i (from 0) is
 * the best of the subset in C(n-1-i, K-1) of C(n, K) subsets. `q` and `values` have shape [n]. Throws RangeError.
 */
export function bestQAtK(q: readonly number[], values: readonly number[], k: number): number {
  const n = q.length
  checkK(n, k)
  if (values.length !== n) throw new RangeError(`found ${values.length} values for ${n} rollouts`)
  const sure = q.map(sureness)
  const ranked = sure.map((_, i) => i).sort((a, b) => sure[b]! - sure[a]! || a - b)
  let chance = k / n // of rank 0; the next is this times (n-K-i) / (n-1-i)
  let sum = 0
  for (const [rank, i] of ranked.entries()) {
    sum += chance * values[i]!
    if (rank === n - 1) break
    chance *= (n - k - rank) / (n - 1 - rank)
  }
  return sum
}

/**
 * The expected number of steps until a first success when the n rollouts run one after the other in random order, at
 * most K of them, each for D steps or until its own success. `successes` holds the step (from 1) of each rollout that
 * succeeds, null for the others. Before the j-th rollout all j-1 earlier ones failed with chance C(n-c, j-1) / C(n, j-1).
 */
export function stepsUntilFirst(successes: readonly (number | null)[], depth: number, k: number): number {
  const n = successes.length
  checkK(n, k)
  const c = successes.filter((step) => step !== null).length
  const spent = successes.map((step) => step ?? depth)
  const failing = (n - c) * depth
  const total = spent.reduce((sum, steps) => sum + steps, 0)
  let sum = 0
  for (let before = 0; before < k; before++) {
    // The rollouts left are all c successes and n-c-before failures.
    const open = noneOf(n, c, before)
    if (open === 0) break
    sum += (open * (total - failing + (n - c - before) * depth)) / (n - before)
  }
  return sum
}

/** C(n-c, k) / C(n, k): none of c is among k of n. */
function noneOf(n: number, c: number, k: number): number {
  if (n - c < k) return 0
  let none = 1
  for (let i = 0; i < k; i++) none *= (n - c - i) / (n - i)
  return none
}
