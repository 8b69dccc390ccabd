/** Whether something measured over and over grows: a line through the samples, and how sure its slope is. */

/** A figure at a count of calls. */
export interface Sample {
  readonly calls: number
  readonly value: number
}

export interface Trend {
  /** Growth a call: the median of the slopes between all pairs of samples (Theil and Sen), which no outlier moves. */
  readonly slope: number
  /** The middle 95% of what the slope is, when each tenth of the run is left out or counted more than once. */
  readonly low: number
  readonly high: number
}

/** Blocks that the samples are cut into: neighbours are alike, so they are drawn together. */
const BLOCKS = 10
const DRAWS = 400

/** Needs three samples at two counts of calls or more. Throws `RangeError` where it has fewer. */
export function trendOf(samples: readonly Sample[]): Trend {
  const slope = theilSen(samples)
  if (samples.length < 3 || Number.isNaN(slope)) throw new RangeError('a trend takes three samples or more')
  const size = Math.ceil(samples.length / BLOCKS)
  const blocks = Array.from({ length: Math.ceil(samples.length / size) }, (_, i) =>
    samples.slice(i * size, (i + 1) * size),
  )
  let state = 1
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return blocks[Math.floor((state / 2 ** 32) * blocks.length)]!
  }
  const slopes = Array.from({ length: DRAWS }, () => theilSen(blocks.flatMap(draw)))
    .filter((one) => !Number.isNaN(one))
    .sort((a, b) => a - b)
  const at = (share: number) => slopes[Math.round(share * (slopes.length - 1))] ?? slope
  return { slope, low: Math.min(slope, at(0.025)), high: Math.max(slope, at(0.975)) }
}

/** NaN where all samples are of one count of calls. */
function theilSen(samples: readonly Sample[]): number {
  const slopes: number[] = []
  for (const [i, a] of samples.entries())
    for (const b of samples.slice(i + 1))
      if (a.calls !== b.calls) slopes.push((b.value - a.value) / (b.calls - a.calls))
  slopes.sort((a, b) => a - b)
  return (slopes[slopes.length >> 1]! + slopes[(slopes.length - 1) >> 1]!) / 2
}
