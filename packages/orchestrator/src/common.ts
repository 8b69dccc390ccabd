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
  BoardTooLargeError,
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
export * from './errors.ts'
export type { AnswerFor, KindFor, KindOfModel, PuzzleFor } from './kind-types.ts'
export { Pool } from './pool/pool.ts'
export type { WorkerAdapter, WorkerHandle } from './pool/protocol.ts'
export * from './rollouts/candidate.ts'
export * from './rollouts/chance.ts'
export * from './rollouts/plan.ts'
export * from './rollouts/run.ts'
export * from './rollouts/select.ts'
export * from './rollouts/stop.ts'
export * from './solver.ts'
