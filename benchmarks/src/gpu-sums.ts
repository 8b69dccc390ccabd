/** Sums of the bench on a GPU: what a card could do at most, and what a puzzle costs. */
import type { PuzzlePlan } from './gpu-models.ts'

/** What products are computed in; fp16 and bf16 are equally fast on these cards. */
export type Precision = 'f32' | 'tf32' | 'fp16' | 'bf16'

/** Operations a second, dense. */
interface Peak {
  readonly f32: number
  readonly tf32: number
  readonly half: number
}

/**
 * From NVIDIA's data sheets of H100 and H200, where figures of Tensor Cores are given with sparsity and halved here: f32 is
 * that of the ordinary cores. By the names that the driver gives; the first that fits.
 */
const PEAKS: readonly (readonly [name: RegExp, peak: Peak])[] = [
  [/H200 NVL/, { f32: 60e12, tf32: 417.5e12, half: 835.5e12 }],
  [/H100 NVL/, { f32: 60e12, tf32: 417.5e12, half: 835.5e12 }],
  [/H100 PCIe/, { f32: 51e12, tf32: 378e12, half: 756e12 }],
  [/H[12]00/, { f32: 67e12, tf32: 494.5e12, half: 989.5e12 }],
]

/** Floating point operations a second at most; undefined for a card that is not in the table. */
export function peakFlops(card: string, precision: Precision): number | undefined {
  const peak = PEAKS.find(([name]) => name.test(card))?.[1]
  if (!peak) return undefined
  return precision === 'f32' || precision === 'tf32' ? peak[precision] : peak.half
}

/** Puzzles at so many rollout-steps a second, all rollouts run to their ends. */
export function puzzlesPerSecond(rolloutStepsPerSecond: number, { rollouts, steps }: PuzzlePlan): number {
  return rolloutStepsPerSecond / (rollouts * steps)
}

/** Dollars that a puzzle costs on a card that is busy all the time. */
export function dollarsPerPuzzle(puzzlesASecond: number, dollarsPerHour: number): number {
  return dollarsPerHour / 3600 / puzzlesASecond
}

/** A run of some steps, and how long it took. */
export interface RunTime {
  readonly steps: number
  readonly ms: number
}

/**
 * Share of the longer run that would also pass without any step, copies and start, if each step takes as long as any other:
 * from two runs of different lengths.
 */
export function fixedShare(one: RunTime, other: RunTime): number {
  const [short, long] = one.steps < other.steps ? [one, other] : [other, one]
  const msPerStep = (long.ms - short.ms) / (long.steps - short.steps)
  return 1 - (msPerStep * long.steps) / long.ms
}

/** PTRM (arXiv 2605.19943) on an H100 at K = 100, D = 48. */
export const PAPER = { secondsPerPuzzle: 1.44, dollarsPerPuzzle: 0.001 } as const
