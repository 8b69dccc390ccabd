/** `@ptrm/core-wasm`: the TRM kernel. Tensors and rollout numbers only; it knows no puzzle. */
export {
  type BoardSize,
  type DenseConfig,
  fixedLength,
  flatBoard,
  KERNEL_VARIANTS,
  type KernelVariant,
  LATENTS,
  type Latent,
  latentsOf,
  NOISE_TARGETS,
  type NoiseDraw,
  type NoiseRequest,
  type NoiseTarget,
  POSITIONS,
  type Tensor,
  type Tensors,
  type Tie,
  type TokenBoard,
  type TrmConfig,
} from './config.ts'
export { innerWidths, rowsOf, type Sizes, type StepCost, stepCost, usualBoard, usualCells } from './cost.ts'
export { denseModel, sizedModel, writtenOut } from './dense.ts'
export { KernelUnavailableError, type ModelFormatCode, ModelFormatError, NoPlainTrmError } from './errors.ts'
export {
  bestVariant,
  type CompileOptions,
  compileKernel,
  instantiateKernel,
  Kernel,
  type KernelSource,
  kernelUrl,
  type LoadOptions,
  loadKernel,
} from './kernel.ts'
export { type StepView, TrmModel } from './model.ts'
export {
  configToJson,
  initialLatent,
  listModel,
  type Model,
  type ModelListing,
  readConfig,
  readModel,
} from './model-file.ts'
export {
  integerRule,
  PLAN_VALUES,
  type RecommendedPlan,
  shown,
  type ValueRule,
  wordRule,
} from './plan-values.ts'
export { withRecommended } from './recommend.ts'
export {
  listSafetensors,
  readSafetensors,
  type SafetensorsEntry,
  type SafetensorsFile,
  widenToF32,
} from './safetensors.ts'
export { BORDERS, knowsRooms, tapsOf } from './tie.ts'
export { trimModel } from './trim.ts'
export { kernelFrom, type WasmSource } from './wasm-module.ts'
