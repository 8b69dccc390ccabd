/** `@ptrm/orchestrator/import`: checkpoints from PyTorch as ptrm models. Reads bytes, opens no file, runs nothing of theirs. */
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
