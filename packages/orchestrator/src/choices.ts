/** `@ptrm/orchestrator/choices`: the words that callers choose with, for lists and help texts. Loads no engine. Node only. */
export { KERNEL_VARIANTS, NOISE_TARGETS, POSITIONS } from '@ptrm/core-wasm/config'
export { backends } from './engines/registry.ts'
export { SELECTIONS } from './rollouts/select.ts'
