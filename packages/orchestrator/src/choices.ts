/** `@ptrm/orchestrator/choices`: the words that callers choose with, for lists and help texts. Loads no engine. Node only. */
export { KERNEL_VARIANTS, NOISE_TARGETS, POSITIONS } from '@ptrm/core-wasm/config'
export { MOST_SIGMA, type ValueRule } from '@ptrm/core-wasm/plan-values'
export { backends } from './engines/registry.ts'
export { ONNX_RULES, PLAN_RULES, POOL_RULES, SOLVE_RULES, SOLVER_RULES } from './options.ts'
export { SELECTIONS } from './rollouts/select.ts'
