/** The end of a run: the K that are reported of it, its figures, and the files that they go to. */
import { join } from 'node:path'
import { makePlan, type StopRule } from '@ptrm/orchestrator'
import { EvaluationError } from '../errors.ts'
import { writeFile } from '../files.ts'
import { type Results, widths } from './results.ts'
import { resultsCsv } from './tables.ts'
import type { Times } from './times.ts'

/** What is reported of a run. */
export interface ReportOptions {
  /** The K to report, none above the plan's. Default: 1, 2, 5, 10, 25, ... and K. */
  readonly at?: readonly number[] | undefined
  /** Stop rules to replay, for what they would have saved. */
  readonly stops?: readonly StopRule[] | undefined
}

/**
 * What is to be reported of a run of `rollouts` rollouts, with the K rising. Throws `EvaluationError` for a K that is not
 * run, and `PlanError` for a stop rule that is none, which would end a run after all its puzzles.
 */
export function checkReport(
  { at, stops = [] }: ReportOptions,
  rollouts: number,
): { at: number[]; stops: readonly StopRule[] } {
  const ks = [...new Set(at ?? widths(rollouts))].sort((a, b) => a - b)
  if (ks.length === 0 || !ks.every((k) => Number.isInteger(k) && k >= 1))
    throw new EvaluationError(`--at ${ks.join(',')}: wanted whole numbers of at least 1`)
  if (ks.at(-1)! > rollouts)
    throw new EvaluationError(`--at ${ks.at(-1)}: only K = ${rollouts} rollouts are run; raise --rollouts`)
  for (const stop of stops) makePlan({ stop })
  return { at: ks, stops }
}

/** Writes a run's figures into its folder. Throws `FileError`. */
export function writeResults(folder: string, results: Results): void {
  writeFile(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFile(join(folder, 'results.csv'), resultsCsv(results))
}

/** Throws `FileError`. */
export function writeTimes(folder: string, times: Times): void {
  writeFile(join(folder, 'times.json'), `${JSON.stringify(times, null, 2)}\n`)
}
