/** Intervals for figures that have no closed form, such as ratios of means: the percentile bootstrap over puzzles. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Draws } from './vote.ts'

/**
 * The 95% percentile interval (Efron 1979) of a statistic of n items: `statistic` gets n indices, drawn with
 * replacement, `count` times. The same seed gives the same interval. Throws RangeError for no items.
 */
export function bootstrap95(
  n: number,
  statistic: (indices: readonly number[]) => number,
  { count, seed }: Draws,
): [number, number] {
  if (n < 1) throw new RangeError('nothing to draw from')
  const random = xoroshiro128plus(seed)
  const values = Array.from({ length: count }, () => {
    return statistic(Array.from({ length: n }, () => uniformInt(random, 0, n - 1)))
  }).sort((a, b) => a - b)
  const at = (p: number) => values[Math.min(count - 1, Math.floor(p * count))]!
  return [at(0.025), at(0.975)]
}

/** A random order of 0..n-1, by Fisher and Yates; the same seed gives the same orders. */
export function* shuffles(n: number, { count, seed }: Draws): Generator<readonly number[]> {
  const random = xoroshiro128plus(seed)
  for (let draw = 0; draw < count; draw++) {
    const order = Array.from({ length: n }, (_, i) => i)
    for (let i = 0; i < n - 1; i++) {
      const j = uniformInt(random, i, n - 1)
      ;[order[i], order[j]] = [order[j]!, order[i]!]
    }
    yield order
  }
}
