/** What `@ptrm/orchestrator` is on every platform: all but how models are found and workers are started. */
export {
  KernelUnavailableError,
  type KernelVariant,
  type Model,
  ModelFormatError,
  NOISE_TARGETS,
  type NoiseTarget,
  type RecommendedPlan,
  readModel,
} from '@ptrm/core-wasm'
export {
  type AnyKind,
  ClueWithoutTokenError,
  ContradictionError,
  type Kind,
  type Position,
  PuzzleParseError,
  UnknownKindError,
  type Violation,
} from '@ptrm/puzzles'
export type { Engine, StepOutput, StepRequest } from './engines/engine.ts'
export { WasmEngine } from './engines/wasm/engine.ts'
export {
  BackendUnavailableError,
  BoardTooLargeError,
  ModelKindError,
  ModelUnavailableError,
  PlanError,
  WorkerCrashedError,
} from './errors.ts'
export type { AnswerFor, KindFor, KindOfModel, PuzzleFor } from './kind-types.ts'
export { modelFor } from './model-fault.ts'
export { checkOptions, PLAN_RULES, SOLVE_RULES, SOLVER_RULES } from './options.ts'
export { cutToPuzzle, type Placed, placeOnModel } from './placing.ts'
export type { Clock } from './pool/clock.ts'
export type { PoolJob, PoolOutcome, PoolRunOptions, StoppedBy } from './pool/open-job.ts'
export { Pool, type PooledModel, type PoolOptions } from './pool/pool.ts'
export type { PoolStats } from './pool/pool-stats.ts'
export type { FromWorker, ToWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from './pool/protocol.ts'
export type { Candidate } from './rollouts/candidate.ts'
export { halfBinomialTail, sigmoid, sureness, surest } from './rollouts/chance.ts'
export {
  type AdaptiveRule,
  makePlan,
  type Plan,
  type PlanOptions,
  type StopRule,
  sigmaAt,
} from './rollouts/plan.ts'
export {
  type Found,
  type Job,
  type RunHooks,
  type RunOutcome,
  runRollouts,
  type StepEvent,
} from './rollouts/run.ts'
export { type Choice, heaviest, type Selector, type SelectorName, selectors } from './rollouts/select.ts'
export { afterStep, disagreement, enoughAgree, qOfError, type StepVerdict } from './rollouts/stop.ts'
export {
  createSolverFrom,
  type Rollouts,
  type SharingOptions,
  type SolveEvent,
  type SolveOptions,
  type SolveResult,
  Solver,
  type SolverOptions,
  type SolveStats,
} from './solver.ts'
export { createPoolFrom, SolverPool, type SolverPoolOptions } from './solver-pool.ts'
