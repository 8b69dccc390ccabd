/** How far the halt logit q can be trusted: does it rank right rollouts above wrong ones, and is sigmoid(q) a chance? */
import { sigmoid, sureness } from '@ptrm/orchestrator'

/** One rollout's halt logit, and whether its answer is right. */
export interface Scored {
  readonly q: number
  readonly right: boolean
}

/**
 * Area under the ROC curve: the chance that a right rollout has the larger q than a wrong one, ties counting half
 * (the Mann-Whitney U by mid-ranks). Null where all are right or all wrong.
 */
export function auroc(scored: readonly Scored[]): number | null {
  const positives = scored.filter(({ right }) => right).length
  const negatives = scored.length - positives
  if (positives === 0 || negatives === 0) return null
  const sorted = scored.map(({ q, right }) => ({ q: sureness(q), right })).sort((a, b) => a.q - b.q)
  let rankSum = 0
  for (let from = 0; from < sorted.length; ) {
    let to = from
    while (to < sorted.length && sorted[to]!.q === sorted[from]!.q) to++
    const midRank = (from + 1 + to) / 2
    rankSum += midRank * sorted.slice(from, to).filter(({ right }) => right).length
    from = to
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

export interface CalibrationBin {
  /** Bounds of sigmoid(q), from inclusive; to exclusive but for 1. */
  readonly from: number
  readonly to: number
  readonly rollouts: number
  /** Mean of sigmoid(q); null for no rollouts. */
  readonly predicted: number | null
  /** Share of right rollouts; null for no rollouts. */
  readonly observed: number | null
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[]
  /** Expected calibration error: the mean of |predicted - observed| over bins, weighed by rollouts (Naeini 2015). */
  readonly ece: number
  /** Mean of (sigmoid(q) - right)^2 (Brier 1950). */
  readonly brier: number
}

/** Calibration of sigmoid(q) in bins of equal width. */
export function calibration(scored: readonly Scored[], bins = 10): Calibration {
  const inBins = Array.from({ length: bins }, () => ({ rollouts: 0, chance: 0, right: 0 }))
  let squares = 0
  for (const { q, right } of scored) {
    const chance = sigmoid(sureness(q))
    const bin = inBins[Math.min(bins - 1, Math.floor(chance * bins))]!
    bin.rollouts++
    bin.chance += chance
    bin.right += Number(right)
    squares += (chance - Number(right)) ** 2
  }
  const n = Math.max(1, scored.length)
  return {
    bins: inBins.map(({ rollouts, chance, right }, i) => ({
      from: i / bins,
      to: (i + 1) / bins,
      rollouts,
      predicted: rollouts === 0 ? null : chance / rollouts,
      observed: rollouts === 0 ? null : right / rollouts,
    })),
    ece: inBins.reduce((sum, { chance, right }) => sum + Math.abs(chance - right), 0) / n,
    brier: squares / n,
  }
}
