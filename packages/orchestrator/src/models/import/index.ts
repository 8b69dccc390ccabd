/** `@ptrm/orchestrator/import`: checkpoints from PyTorch as ptrm models, and models as checkpoints. Reads bytes, opens no file, runs nothing of theirs. */

export { OFFICIAL_PREFIX, type ToPyTorchOptions, toPyTorch } from '../to-pytorch.ts'
export { type GivenConfig, readConfigFile, readFields } from './config-file.ts'
export type { FoundTrm, Weights } from './entries.ts'
export * from './errors.ts'
export {
  checkpointTensors,
  type Imported,
  type ImportOptions,
  importCheckpoint,
  readCheckpoint,
} from './import.ts'
export { inferConfig } from './infer.ts'
