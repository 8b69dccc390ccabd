/**
 * `@ptrm/checkpoints`: checkpoints from PyTorch as ptrm models, and models as safetensors for PyTorch or as ONNX graphs.
 * Reads bytes, opens no file, runs nothing of theirs.
 */

export { sizedModel } from '@ptrm/core-wasm'
export { type GivenConfig, readConfigFile, readFields } from './import/config-file.ts'
export type { FoundTrm, Weights } from './import/entries.ts'
export {
  type CheckpointCode,
  CheckpointError,
  ConfigConflictError,
  MissingConfigError,
  type MissingField,
} from './import/errors.ts'
export {
  checkpointTensors,
  type Imported,
  type ImportOptions,
  importCheckpoint,
  readCheckpoint,
} from './import/import.ts'
export { inferConfig } from './import/infer.ts'
export { exportOnnx, type OnnxExportOptions } from './onnx/export.ts'
export { encodeModel, Graph } from './onnx/graph.ts'
export { exportNoise } from './onnx/noise.ts'
export { exportRollout, type RolloutExportOptions } from './onnx/rollout.ts'
export { OFFICIAL_PREFIX, type ToPyTorchOptions, toPyTorch } from './to-pytorch.ts'
