/** Runs what is left of a run: as many puzzles in flight as workers have slots, their records in the data's order. */
import type { Plan, Solver } from '@ptrm/orchestrator'
import type { Found } from '@ptrm/puzzles/node'
import { pMapIterable } from 'p-map'
import type { RunRecords } from './folder.ts'
import type { AnswerJudge } from './judge.ts'
import { evaluatePuzzle, type PuzzleRecord } from './record.ts'
import { isOfShard, type Shard } from './shard.ts'

/** How far a run is, in this sitting. */
export interface EvaluationProgress {
  /** Puzzles run. */
  readonly done: number
  /** Puzzles that were left to run when it began. */
  readonly total: number
  /** Of those done: some rollout had an answer that the rules accept. */
  readonly solved: number
}

/** Who hears of a run, and who may end it. */
export interface RunHooks {
  /** Called after every puzzle. */
  readonly onProgress?: ((progress: EvaluationProgress) => void) | undefined
  /**
   * Called for every line of the folder's records that can't be used, with its place and what is wrong; its puzzle is run
   * again. Kills, full disks and edits leave such lines.
   */
  readonly onFault?: ((fault: string) => void) | undefined
  /** Ends the run; what is done stays done. */
  readonly signal?: AbortSignal | undefined
}

/** Puzzles, and what is run on each of them. */
export interface RunJob {
  readonly solver: Solver
  readonly puzzles: readonly Found[]
  readonly plan: Plan
  /** Default: `solutions`. */
  readonly judge?: AnswerJudge | undefined
  /** Only these are run; default: all. */
  readonly shard?: Shard | undefined
}

/**
 * Runs the puzzles that there is no record of yet. Returns all records, or undefined where the signal ended it.
 * Rejects with what running a puzzle throws, and with `FileError`.
 */
export async function runRest(
  { solver, puzzles, plan, judge, shard }: RunJob,
  kept: RunRecords,
  { onProgress, signal }: RunHooks,
): Promise<readonly PuzzleRecord[] | undefined> {
  const there = new Set(kept.records.map(({ index }) => index))
  const left = [...puzzles.entries()].filter(([index]) => isOfShard(index, shard) && !there.has(index))
  const run = ([index, found]: [number, Found]) =>
    evaluatePuzzle(solver, found, index, { plan, judge }, signal)
  let [done, solved] = [0, 0]
  try {
    for await (const record of pMapIterable(left, run, { concurrency: solver.slots })) {
      kept.append(record)
      done += 1
      if (record.rollouts.some(({ firstVerified }) => firstVerified !== null)) solved += 1
      onProgress?.({ done, total: left.length, solved })
    }
    kept.flush()
    return kept.records
  } catch (error) {
    if (signal?.aborted) return undefined
    throw error
  }
}
