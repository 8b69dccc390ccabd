/** The bootstrap against the normal interval where that holds, and its seeds. */
import { describe, expect, it } from 'vitest'
import { bootstrap95, mean, shuffles } from './index.ts'

describe('bootstrap95', () => {
  const values = Array.from({ length: 400 }, (_, i) => i % 2)
  const draws = { count: 2000, seed: 1 }
  const statistic = (indices: readonly number[]) => mean(indices.map((i) => values[i]!))

  it('is near the normal interval for a mean of many, 1.96 standard errors either side', () => {
    const [low, high] = bootstrap95(values.length, statistic, draws)
    const spread = 1.96 * Math.sqrt(0.25 / values.length)
    expect(low).toBeCloseTo(0.5 - spread, 2)
    expect(high).toBeCloseTo(0.5 + spread, 2)
  })

  it('is the same for the same seed, and refuses to draw from nothing', () => {
    expect(bootstrap95(400, statistic, draws)).toEqual(bootstrap95(400, statistic, draws))
    expect(bootstrap95(400, statistic, { ...draws, seed: 2 })).not.toEqual(bootstrap95(400, statistic, draws))
    expect(() => bootstrap95(0, statistic, draws)).toThrow(RangeError)
  })
})

describe('shuffles', () => {
  it('gives every order about equally often', () => {
    const counts = new Map<string, number>()
    for (const order of shuffles(3, { count: 6000, seed: 5 }))
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1)
    expect(counts.size).toBe(6)
    // Five standard deviations of Bin(6000, 1/6).
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145)
  })
})
