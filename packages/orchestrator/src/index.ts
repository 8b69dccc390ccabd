/** `@ptrm/orchestrator`: rollouts, noise, selection and puzzle kinds; the solver behind `ptrm`. In Node. */
export * from './common.ts'
export { type Backend, backends, type CreateSolverOptions, createSolver, loadModelBytes } from './node.ts'
export { nodeAdapter } from './pool/node.ts'
