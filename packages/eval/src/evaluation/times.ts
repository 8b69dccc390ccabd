/** Wall times of a run: told apart from its figures, since no two runs have the same. */
import { mean, percentile } from '../metrics/index.ts'
import type { PuzzleRecord } from './record.ts'

/** `times.json`. */
export interface Times {
  readonly puzzles: number
  /** Worker threads of the last sitting; with several, as many puzzles ran at once. */
  readonly workers: number
  /** Milliseconds a puzzle, K rollouts to their end. */
  readonly mean: number
  readonly median: number
  readonly p95: number
}

/** Times of the puzzles run so far, the last sitting with `workers` threads. */
export function timesOf(records: readonly PuzzleRecord[], workers: number): Times {
  const ms = records.map((record) => record.ms)
  return {
    puzzles: ms.length,
    workers,
    mean: Math.round(mean(ms)),
    median: percentile(ms, 0.5),
    p95: percentile(ms, 0.95),
  }
}
