/**
 * `@ptrm/queue`: puzzles over many machines. `submit` puts a run into Redis or Valkey, `work` solves it on any number of
 * machines, `collect` reads its records in the input's order. Node only.
 *
 * @module main
 */
export type { DeadLetter, JobCounts } from './bull.ts'
export {
  type CollectedRecord,
  type CollectOptions,
  collect,
  progressOf,
  type RunProgress,
} from './collect.ts'
export { type Engine, type EngineChoice, type Engines, Solvers } from './engines.ts'
export { QueueError, RedisError, RunVersionError } from './errors.ts'
export { connect } from './redis.ts'
export { removeRun } from './removal.ts'
export type { WorkerSign } from './roster.ts'
export { type Layout, type ModelName, type PlanJson, type Run, type RunSpec, readRun } from './spec.ts'
export { type RunStatus, runNames, statusOf } from './status.ts'
export { type SubmitOptions, type Submitted, submit } from './submit.ts'
export { type WorkerOptions, type WorkerReport, work } from './worker.ts'
