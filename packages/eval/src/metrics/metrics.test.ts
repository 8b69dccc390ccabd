/** Every closed form against plain enumeration or the selectors themselves, every statistic against known values. */

import type { Candidate } from '@ptrm/orchestrator'
import { selectors, sureness } from '@ptrm/orchestrator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  auroc,
  bestQAtK,
  calibration,
  elect,
  mcnemar,
  meanShare,
  passAtK,
  percentile,
  stepsUntilFirst,
  voteAtK,
  wilson95,
} from './index.ts'

interface Rollout {
  readonly q: number
  readonly answer: number
}

// Few distinct values, so that ties are common; NaN is what a network says whose numbers overflow.
const rollouts = fc.array(
  fc.record({ q: fc.constantFrom(-2, -1, 0, 1, 2, Number.NaN), answer: fc.integer({ min: 0, max: 2 }) }),
  {
    minLength: 1,
    maxLength: 7,
  },
)
/** Rollouts, and a K that they allow. */
const cases = rollouts.chain((all) => fc.tuple(fc.constant(all), fc.integer({ min: 1, max: all.length })))

/** Right is answer 0. */
const isRight = ({ answer }: { answer: number }) => answer === 0

function* subsets<T>(items: readonly T[], k: number): Generator<T[]> {
  if (k === 0) yield []
  else
    for (let i = 0; i <= items.length - k; i++)
      for (const rest of subsets(items.slice(i + 1), k - 1)) yield [items[i]!, ...rest]
}

/** The mean of `of` over all subsets: the slow oracle. */
function enumerated(all: readonly Rollout[], k: number, of: (subset: Candidate[]) => number): number {
  const values = [...subsets(candidates(all), k)].map(of)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function candidates(all: readonly Rollout[]): Candidate[] {
  return all.map(({ q, answer }, rollout) => {
    return { rollout, steps: 1, complete: true, tokens: Uint8Array.of(answer), q }
  })
}

function selected(select: 'best-q' | 'mode' | 'q-weighted', subset: Candidate[]): number {
  return selectors[select](subset)!.tokens[0] === 0 ? 1 : 0
}

describe('from n rollouts to K', () => {
  it('pass@K is the mean over all subsets', () => {
    fc.assert(
      fc.property(cases, ([all, k]) => {
        const wanted = enumerated(all, k, (subset) => Number(subset.some(({ tokens }) => tokens[0] === 0)))
        expect(passAtK(all.length, all.filter(isRight).length, k)).toBeCloseTo(wanted, 10)
      }),
    )
  })

  it('best-Q@K is the mean over all subsets of what the selector chooses, ties included', () => {
    fc.assert(
      fc.property(cases, ([all, k]) => {
        const q = all.map((rollout) => rollout.q)
        const values = all.map((rollout) => Number(isRight(rollout)))
        expect(bestQAtK(q, values, k)).toBeCloseTo(
          enumerated(all, k, (s) => selected('best-q', s)),
          10,
        )
      }),
    )
  })

  it('steps until the first success are the mean over all orders', () => {
    const successes = [null, 3, null, 1]
    const orders = permutations(successes)
    for (const k of [1, 2, 3, 4]) {
      const costs = orders.map((order) => {
        const until = order.slice(0, k).findIndex((step) => step !== null)
        return until < 0 ? k * 5 : until * 5 + order[until]!
      })
      const wanted = costs.reduce((a, b) => a + b, 0) / costs.length
      expect(stepsUntilFirst(successes, 5, k)).toBeCloseTo(wanted, 10)
    }
  })

  it('refuses a K that was not run', () => {
    expect(() => passAtK(4, 1, 5)).toThrow('K = 5, wanted 1 to 4')
    expect(() => bestQAtK([1], [1], 0)).toThrow(RangeError)
    expect(() => passAtK(4, 5, 1)).toThrow('5 right of 4')
  })

  it('does not overflow for large n', () => {
    expect(passAtK(10_000, 1, 5_000)).toBeCloseTo(0.5, 9)
    expect(passAtK(10_000, 9_999, 5_000)).toBe(1)
  })
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}

describe('votes', () => {
  it.each(['mode', 'q-weighted'] as const)('%s elects what the selector chooses', (vote) => {
    fc.assert(
      fc.property(rollouts, (all) => {
        const winner = elect(
          vote,
          all.map((rollout) => ({ ...rollout, right: isRight(rollout) })),
        )
        expect(winner.answer).toBe(selectors[vote](candidates(all))!.tokens[0])
      }),
    )
  })

  it.each(['mode', 'q-weighted'] as const)('%s@K by draws comes near the mean over all subsets', (vote) => {
    const all = [0, 1, 1, 0, 2, 0, 1].map((answer, i) => ({ answer, q: [0.5, 1, -1, -2, 3, 0.1, 0][i]! }))
    const ballots = all.map((rollout) => ({ ...rollout, right: isRight(rollout) }))
    for (let k = 1; k <= all.length; k++) {
      const wanted = enumerated(all, k, (subset) => selected(vote, subset))
      const found = voteAtK(vote, ballots, k, { count: 20_000, seed: 7 })
      if (k === 1 || k === all.length) expect(found).toBeCloseTo(wanted, 12)
      // Four standard errors of a share of 20,000 draws.
      else expect(Math.abs(found - wanted)).toBeLessThan(0.015)
    }
  })

  it('draws the same subsets for the same seed, others for another', () => {
    const ballots = Array.from({ length: 30 }, (_, i) => ({ answer: i % 3, q: i, right: i % 3 === 0 }))
    const share = (seed: number) => voteAtK('mode', ballots, 9, { count: 50, seed })
    expect(share(1)).toBe(share(1))
    expect(new Set([1, 2, 3, 4, 5, 6].map(share)).size).toBeGreaterThan(1)
  })
})

describe('intervals and tests', () => {
  it("gives Wilson's interval of known cases", () => {
    expect(wilson95({ right: 81, of: 263 }).map((x) => x.toFixed(4))).toEqual(['0.2553', '0.3662']) // Newcombe 1998, table I
    expect(wilson95({ right: 0, of: 20 }).map((x) => x.toFixed(4))).toEqual(['0.0000', '0.1611'])
    expect(wilson95({ right: 0, of: 0 })).toEqual([0, 1])
    expect(meanShare([1, 0.5, 0])).toMatchObject({ share: 0.5, of: 3 })
  })

  it("gives McNemar's exact p", () => {
    const outcomes = (pairs: readonly (readonly [boolean, boolean, number])[]) => {
      const all = pairs.flatMap(([a, b, n]) => Array.from({ length: n }, () => [a, b] as const))
      return mcnemar(
        all.map(([a]) => a),
        all.map(([, b]) => b),
      )
    }
    // 2 * (C(6,0) + C(6,1)) / 2^6
    expect(
      outcomes([
        [true, false, 1],
        [false, true, 5],
        [true, true, 3],
      ]),
    ).toEqual({
      onlyFirst: 1,
      onlySecond: 5,
      bothRight: 3,
      bothWrong: 0,
      p: expect.closeTo(14 / 64, 12),
    })
    expect(outcomes([[true, true, 9]]).p).toBe(1)
    expect(
      outcomes([
        [true, false, 3000],
        [false, true, 3000],
      ]).p,
    ).toBe(1)
    expect(() => mcnemar([true], [])).toThrow(RangeError)
  })

  it('takes percentiles by nearest rank', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2)
    expect(percentile([4, 1, 3, 2], 0.95)).toBe(4)
    expect(percentile([], 0.5)).toBe(0)
  })
})

describe('the Q head', () => {
  it('has an AUROC that is the share of pairs in order, ties half', () => {
    fc.assert(
      fc.property(rollouts, (all) => {
        const scored = all.map((rollout) => ({ q: rollout.q, right: isRight(rollout) }))
        const pairs = scored.flatMap((a) =>
          scored.filter((b) => a.right && !b.right).map((b) => [a.q, b.q] as const),
        )
        const points = pairs
          .map(([a, b]) => [sureness(a), sureness(b)] as const)
          .reduce((sum, [a, b]) => sum + (a > b ? 1 : a === b ? 0.5 : 0), 0)
        const found = auroc(scored)
        if (pairs.length === 0) expect(found).toBeNull()
        else expect(found).toBeCloseTo(points / pairs.length, 10)
      }),
    )
  })

  it('is calibrated where sigmoid(q) is the share of right ones', () => {
    const logit = Math.log(0.75 / 0.25)
    const { ece, brier, bins } = calibration([true, true, true, false].map((right) => ({ q: logit, right })))
    expect(ece).toBeCloseTo(0, 12)
    expect(brier).toBeCloseTo((3 * 0.0625 + 0.5625) / 4, 12)
    expect(bins[7]).toEqual({
      from: 0.7,
      to: 0.8,
      rollouts: 4,
      predicted: expect.closeTo(0.75, 9),
      observed: 0.75,
    })
    expect(bins[0]).toMatchObject({ rollouts: 0, predicted: null, observed: null })
    expect(calibration([{ q: 50, right: false }]).ece).toBeCloseTo(1, 9)
    expect(calibration([{ q: Number.NaN, right: false }]).bins[0]).toMatchObject({
      rollouts: 1,
      predicted: 0,
    })
  })
})
