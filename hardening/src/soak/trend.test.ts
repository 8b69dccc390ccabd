/** A leak is told from noise. */
import { describe, expect, it } from 'vitest'
import { trendOf } from './trend.ts'

/** Sixty samples of a megabyte with a fixed noise of up to 1,000 each way, and a leak of so much a call. */
function series(leak: number, outlier = 0) {
  return Array.from({ length: 60 }, (_, i) => {
    const noise = ((i * 7919) % 2001) - 1000
    return { calls: i * 100, value: 1e6 + leak * i * 100 + noise + (i === 40 ? outlier : 0) }
  })
}

describe('a trend', () => {
  it.each([-3, 3, 50])('of %d a call is found, through an outlier too', (leak) => {
    for (const outlier of [0, 1e9]) {
      const { slope, low, high } = trendOf(series(leak, outlier))
      expect(Math.abs(slope - leak)).toBeLessThan(0.1)
      expect(low).toBeLessThanOrEqual(slope)
      expect(high).toBeGreaterThanOrEqual(slope)
      expect(Math.sign(low)).toBe(Math.sign(leak))
      expect(Math.sign(high)).toBe(Math.sign(leak))
    }
  })

  it('of noise alone has zero inside its spread', () => {
    const { low, high } = trendOf(series(0))
    expect(low).toBeLessThan(0)
    expect(high).toBeGreaterThan(0)
  })

  it('is refused of too few samples', () => {
    expect(() => trendOf([])).toThrow(RangeError)
    expect(() => trendOf(series(1).slice(0, 2))).toThrow(RangeError)
    expect(() => trendOf([1, 2, 3].map((value) => ({ calls: 5, value })))).toThrow(RangeError)
  })
})
