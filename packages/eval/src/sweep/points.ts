/**
 * The points of a sweep: what each plan (noise, K, D) finds and costs, told from one run a noise setting at the largest
 * K and D. A rollout's first d steps are those of a plan with D = d, so depth costs no further run.
 */

import type { Manifest } from '../evaluation/manifest.ts'
import type { PuzzleRecord, RolloutRecord } from '../evaluation/record.ts'
import {
  bestQAtK,
  bootstrap95,
  type Estimate,
  mean,
  meanShare,
  passAtK,
  stepsUntilFirst,
} from '../metrics/index.ts'

export const JUDGES = ['best-q', 'verified'] as const

/** Who answers, and by that how a puzzle ends: `verified` at the first answer that the rules accept, else after all K. */
export type Judge = (typeof JUDGES)[number]

/** One noise setting. */
export interface Noise {
  readonly sigma: number | readonly number[]
  readonly noiseTarget: Manifest['plan']['noiseTarget']
}

/** What one plan finds and costs. */
export interface Point extends Noise {
  readonly rollouts: number
  readonly steps: number
  readonly solved: Estimate
  /** Steps a puzzle. */
  readonly cost: number
  /** Milliseconds a puzzle: steps times what a step took in this sweep. */
  readonly ms: number
}

const BOOTSTRAP = { count: 2000, seed: 20260104 }
/** Shares that differ by less are equal: they are sums of fractions. */
const ROUNDING = 1e9

/** Depths and widths to tell: doubling, up to the largest. */
export function doubling(most: number): number[] {
  const all = [1]
  while (all.at(-1)! * 2 < most) all.push(all.at(-1)! * 2)
  return most === 1 ? all : [...all, most]
}

/** The points of one noise setting. */
export function pointsOf(
  noise: Noise,
  records: readonly PuzzleRecord[],
  judge: Judge,
  msPerStep: number,
): Point[] {
  const [first] = records
  const most = { rollouts: first!.rollouts.length, steps: first!.plain.q.length }
  return doubling(most.steps).flatMap((steps) =>
    doubling(most.rollouts).map((rollouts): Point => {
      const each = records.map((record) => onePuzzle(record.rollouts, rollouts, steps, judge))
      const cost = mean(each.map((puzzle) => puzzle.cost))
      const solved = meanShare(each.map((puzzle) => puzzle.solved))
      return { ...noise, rollouts, steps, solved, cost, ms: cost * msPerStep }
    }),
  )
}

/** What K = k, D = d comes to on one puzzle, in the mean over subsets and orders of its rollouts. */
function onePuzzle(rollouts: readonly RolloutRecord[], k: number, d: number, judge: Judge) {
  if (judge === 'best-q') {
    const right = rollouts.map(({ answers }) => Number(answers[d - 1] === 0))
    return {
      solved: bestQAtK(
        rollouts.map(({ q }) => q[d - 1]!),
        right,
        k,
      ),
      cost: k * d,
    }
  }
  const verified = rollouts.map(({ firstVerified }) =>
    firstVerified !== null && firstVerified <= d ? firstVerified : null,
  )
  const accepted = verified.filter((step) => step !== null).length
  return { solved: passAtK(rollouts.length, accepted, k), cost: stepsUntilFirst(verified, d, k) }
}

/** Whether single rollouts get worse with depth. */
export interface DepthCollapse {
  /** The depth at which single rollouts are right most often, and how often; then at the largest depth. */
  readonly best: { readonly steps: number; readonly share: number }
  readonly last: { readonly steps: number; readonly share: number }
  /**
   * Share lost between them, with its 95% bootstrap interval over puzzles, for all depths at once: the best depth is chosen on
   * the puzzles that its loss is measured on.
   */
  readonly loss: number
  readonly interval: readonly [number, number]
  /** True where the interval holds no loss of 0: more steps make the answers worse. */
  readonly collapses: boolean
}

/** Whether single rollouts get worse with depth: right answers that are left again. Needs solutions. */
export function depthCollapse(records: readonly PuzzleRecord[]): DepthCollapse {
  const depth = records[0]!.plain.q.length
  const rate = ({ rollouts }: PuzzleRecord, d: number) =>
    mean(rollouts.map(({ answers }) => Number(answers[d - 1] === 0)))
  const shares = Array.from({ length: depth }, (_, i) => mean(records.map((record) => rate(record, i + 1))))
  const best = shares.indexOf(Math.max(...shares)) + 1
  const losses = shares.map((_, i) => records.map((record) => rate(record, i + 1) - rate(record, depth)))
  const observed = losses.map((each) => mean(each))
  // How far the mean of any depth lies from its own in a resample: the largest distance holds for whichever was chosen.
  const farthest = (sign: 1 | -1) => {
    const far = (indices: readonly number[]) =>
      Math.max(...losses.map((each, d) => sign * (mean(indices.map((i) => each[i]!)) - observed[d]!)))
    return bootstrap95(records.length, far, BOOTSTRAP)[1]
  }
  const loss = observed[best - 1]!
  const interval = [loss - farthest(1), loss + farthest(-1)] as const
  return {
    best: { steps: best, share: shares[best - 1]! },
    last: { steps: depth, share: shares[depth - 1]! },
    loss,
    interval,
    collapses: interval[0] > 0,
  }
}

/** The plan that solves most within the budget; of equals, the one that costs least. Undefined where none fits and solves any. */
export function bestPoint(points: readonly Point[], budgetMs: number): Point | undefined {
  const fitting = points.filter(({ ms, solved }) => ms <= budgetMs && solved.share > 0)
  const rounded = ({ solved }: Point) => Math.round(solved.share * ROUNDING)
  return fitting.toSorted((a, b) => rounded(b) - rounded(a) || a.cost - b.cost)[0]
}
