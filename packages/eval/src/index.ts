/**
 * `@ptrm/eval`: how well a model solves puzzles. `openEvaluation` measures what width does over a file, `openSweep` finds
 * the plan that solves most; both leave folders that `readRun`, `compareFolders` and `@ptrm/eval/report` read. Node only;
 * the figures themselves, pure functions on numbers that rollouts left, are `@ptrm/eval/metrics` too.
 *
 * @module main
 */
export * from './errors.ts'
export { type Comparison, compareFolders, compareRuns, comparisonTable } from './evaluation/compare.ts'
export {
  counted,
  type DataOptions,
  type EvaluationData,
  readData,
  type Size,
  sizeText,
} from './evaluation/data.ts'
export type { ReportOptions } from './evaluation/finish.ts'
export { checkRunFolder, firstDifference, type Run, readRun } from './evaluation/folder.ts'
export { checkAllRunnable } from './evaluation/inputs.ts'
export { ANSWER_JUDGES, type AnswerJudge, type Judged } from './evaluation/judge.ts'
export type { Manifest } from './evaluation/manifest.ts'
export { mergeShards } from './evaluation/merge.ts'
export type { EvaluationEngine, EvaluationPlan } from './evaluation/model.ts'
export { Evaluation, type EvaluationOptions, openEvaluation } from './evaluation/open.ts'
export type { PuzzleRecord, RolloutRecord } from './evaluation/record.ts'
export type { Replay } from './evaluation/replay.ts'
export {
  type AtK,
  type Escapes,
  type Figures,
  type Group,
  type Results,
  SELECTION_TITLES,
  SELECTIONS,
  type Selection,
  selectionTitles,
} from './evaluation/results.ts'
export type { EvaluationProgress, RunHooks } from './evaluation/run.ts'
export { allShards, isOfShard, type Shard, type ShardAt, shardText, sizeOfShard } from './evaluation/shard.ts'
export { differenceText, resultsCsv, resultsTable, widthNames, widthRows } from './evaluation/tables.ts'
export type { Times } from './evaluation/times.ts'
export * from './metrics/index.ts'
export { type ChosenPlan, openSweep, Sweep, type SweepOptions } from './sweep/open.ts'
export type { DepthCollapse, Judge, Noise, Point } from './sweep/points.ts'
export { bestPlanText, type Setting, type SweepReport, sweepCsv, sweepTable } from './sweep/report.ts'
export { type Cell, markdownTable, percent, planText, withInterval } from './text.ts'
