/**
 * `@ptrm/orchestrator`: rollouts, noise and selection; the solver behind `ptrm`. In Node.
 *
 * @module main
 */
export * from './common.ts'
export type { AutoChoice } from './engines/auto.ts'
export type { OnnxOptions } from './engines/onnx/options.ts'
export { type Backend, backends, type EngineName, type EngineOptions, engines } from './engines/registry.ts'
export type { EngineSpec } from './engines/spec.ts'
export { kernelSha256 } from './kernel-file.ts'
export type { ModelOutline } from './model.ts'
export { modelFault } from './model-fault.ts'
export {
  autoBackend,
  type CreatePoolOptions,
  type CreateSolverOptions,
  createPool,
  createSolver,
  type ExpectedWork,
  loadModel,
  loadModelBytes,
} from './node.ts'
export { type NodeAdapterOptions, nodeAdapter } from './pool/node.ts'
export type { WorkerEngine } from './pool/worker-engine.ts'
export {
  type NamedPuzzle,
  type RefusalRecord,
  recordOf,
  refusalRecordOf,
  type SolveRecord,
} from './record.ts'
