/** What samples of a standard normal distribution should look like, and by how many standard errors these do not. */

/** P(from < x < to) by Simpson's rule. */
export function probability(from: number, to: number): number {
  const [a, b] = [Math.max(from, -40), Math.min(to, 40)]
  const parts = 2 * Math.ceil((b - a) * 100 + 20)
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  let sum = density(a) + density(b)
  for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * density(a + ((b - a) * i) / parts)
  return (sum * (b - a)) / parts / 3
}

/** The seven bounds of eight equally likely ranges. */
const EIGHTHS = [-1.15034938, -0.67448975, -0.31863936, 0, 0.31863936, 0.67448975, 1.15034938]
const CELLS = [-Infinity, ...EIGHTHS, Infinity]
const EIGHTH = CELLS.slice(1).map((bound, i) => probability(CELLS[i]!, bound))

/** Each value's range of the eight. */
export function eighthsOf(values: Float32Array, out: Uint8Array): void {
  const [a, b, c, , e, f, g] = EIGHTHS as [number, number, number, number, number, number, number]
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    out[i] = +(x > a) + +(x > b) + +(x > c) + +(x > 0) + +(x > e) + +(x > f) + +(x > g)
  }
}

/** Counts in cells against what is expected, as standard errors of chi-square from its mean. */
export function chiSquareError(counts: ArrayLike<number>, probabilities: readonly number[]): number {
  const total = Array.from(counts).reduce((a, b) => a + b, 0)
  const chi2 = probabilities.reduce((sum, p, i) => sum + (counts[i]! - total * p) ** 2 / (total * p), 0)
  const freedom = probabilities.length - 1
  return (chi2 - freedom) / Math.sqrt(2 * freedom)
}

/** Pairs that should be independent, each standard normal: 8 x 8 equally likely cells. */
export class Pairs {
  readonly #counts = new Float64Array(64)

  /** Value i of one with value i + lag of the other. */
  add(one: Uint8Array, other: Uint8Array, lag = 0): void {
    for (let i = 0; i < one.length - lag; i++) this.#counts[8 * one[i]! + other[i + lag]!]!++
  }

  /** Values with the one `distance` on, of those whose place in a block of 8 is below `distance`. */
  addPartners(values: Uint8Array, distance = 4): void {
    for (let i = 0; i + distance < values.length; i++)
      if (i % 8 < distance) this.#counts[8 * values[i]! + values[i + distance]!]!++
  }

  error(): number {
    return chiSquareError(
      this.#counts,
      EIGHTH.flatMap((p) => EIGHTH.map((q) => p * q)),
    )
  }
}

const TAILS = [3, 4, 4.5, 5]
const BINS = { from: -5, width: 1 / 16, count: 160 }

/** One distribution: moments, tails and a histogram. */
export class Single {
  #total = 0
  readonly #powers = new Float64Array(5)
  readonly #tails = new Float64Array(2 * TAILS.length)
  readonly #bins = new Float64Array(BINS.count + 2)

  add(values: Float32Array): void {
    this.#total += values.length
    const sums = new Float64Array(5)
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!
      const x2 = x * x
      sums[1]! += x
      sums[2]! += x2
      sums[3]! += x2 * x
      sums[4]! += x2 * x2
      const bin = Math.floor((x - BINS.from) / BINS.width) + 1
      this.#bins[Math.min(Math.max(bin, 0), BINS.count + 1)]!++
      if (x2 > 9) this.#addTail(x)
    }
    for (let power = 1; power < 5; power++) this.#powers[power]! += sums[power]!
  }

  #addTail(x: number): void {
    for (const [i, bound] of TAILS.entries()) if (Math.abs(x) > bound) this.#tails[2 * i + (x > 0 ? 1 : 0)]!++
  }

  /** By name, in standard errors. */
  errors(): Record<string, number> {
    const [n, errors] = [this.#total, {} as Record<string, number>]
    const moments = [0, 0, 1, 0, 3]
    const variances = [0, 1, 2, 15, 96]
    for (let power = 1; power < 5; power++)
      errors[`moment ${power}`] =
        (this.#powers[power]! / n - moments[power]!) / Math.sqrt(variances[power]! / n)
    for (const [i, bound] of TAILS.entries()) {
      const expected = n * probability(bound, Infinity)
      for (const [side, sign] of ['below -', 'above '].entries())
        errors[`${sign}${bound}: ${this.#tails[2 * i + side]!} of ${expected.toFixed(1)}`] =
          (this.#tails[2 * i + side]! - expected) / Math.sqrt(Math.max(1, expected))
    }
    const bounds = Array.from({ length: BINS.count + 1 }, (_, i) => BINS.from + i * BINS.width)
    const ends = [-Infinity, ...bounds, Infinity]
    errors['chi-square of 162 ranges'] = chiSquareError(
      this.#bins,
      ends.slice(1).map((end, i) => probability(ends[i]!, end)),
    )
    return errors
  }
}
