/** Shares with intervals, means and percentiles. */

export interface Share {
  /** Successes; a sum of probabilities where each trial is known only by its chance. */
  readonly right: number
  readonly of: number
}

/** A share as it is reported: all three are fractions. */
export interface Estimate {
  readonly share: number
  /** Wilson's 95% interval. */
  readonly low: number
  readonly high: number
  /** Puzzles it is of. */
  readonly of: number
}

const Z_95 = 1.959963984540054

/** Wilson's 95% score interval for a share (Wilson 1927), as fractions; [0, 1] for no trials. */
export function wilson95({ right, of }: Share): [number, number] {
  if (of === 0) return [0, 1]
  const z = Z_95
  const p = right / of
  const centre = p + (z * z) / (2 * of)
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)]
}

/**
 * The mean of per-puzzle chances in [0, 1] with Wilson's interval over puzzles. The interval is that of 0/1 outcomes with
 * the same mean, so it is too wide rather than too narrow: chances vary less than outcomes drawn by them.
 */
export function meanShare(chances: readonly number[]): Estimate {
  const right = chances.reduce((sum, chance) => sum + chance, 0)
  const of = chances.length
  const [low, high] = wilson95({ right, of })
  return { share: of === 0 ? 0 : right / of, low, high, of }
}

/** The smallest of `values` that at least a share `p` of them does not exceed (nearest rank); 0 for none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0
}

/** The arithmetic mean; 0 for none. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
