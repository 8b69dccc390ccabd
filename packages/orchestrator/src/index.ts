/** `@ptrm/orchestrator`: rollouts, noise, selection and puzzle kinds; the solver behind `ptrm`. */
export { KernelUnavailableError, type KernelVariant, ModelFormatError } from '@ptrm/core-wasm'
export type { AutoChoice, EngineName } from './engines/auto.ts'
export type { Engine, StepOutput, StepRequest } from './engines/engine.ts'
export { WasmEngine } from './engines/wasm/engine.ts'
export * from './errors.ts'
export { type AnyItem, AnyReader } from './kinds/any.ts'
export type * from './kinds/kind.ts'
export { type Place, placeIn, placeText } from './kinds/place.ts'
export { kindNamed, kinds } from './kinds/registry.ts'
export { type Model, type RecommendedPlan, readModel } from './models/model.ts'
export { withRecommended } from './models/recommend.ts'
export {
  autoBackend,
  type Backend,
  backends,
  type CreateSolverOptions,
  createSolver,
  type ExpectedWork,
  loadModelBytes,
  type OnnxOptions,
} from './node.ts'
export { nodeAdapter } from './pool/node.ts'
export { Pool } from './pool/pool.ts'
export type { WorkerAdapter, WorkerHandle } from './pool/protocol.ts'
export * from './rollouts/metrics/index.ts'
export * from './rollouts/plan.ts'
export * from './rollouts/run.ts'
export * from './rollouts/select.ts'
export * from './rollouts/stop.ts'
export * from './solver.ts'
