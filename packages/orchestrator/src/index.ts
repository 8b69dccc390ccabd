/** `@ptrm/orchestrator`: rollouts, noise, selection and puzzle kinds; the solver behind `ptrm`. In Node. */
export * from './common.ts'
export type { AutoChoice, EngineName } from './engines/auto.ts'
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
