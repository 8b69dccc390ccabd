/** `@ptrm/eval/parity`: proves that an engine computes what the PyTorch code did. Node only. */
export { type ParityCase, ParityCaseError, type ParityNoise, readParityCases } from './cases.ts'
export { type ParityEngine, parityEngines, parityEnginesOf } from './engines.ts'
export { PARITY_TOLERANCE, type ParityResult, type ParityVerdict, runParity } from './run.ts'
