/** `@ptrm/core-wasm`: the TRM kernel. Tensors and rollout numbers only; it knows no puzzle. */
export {
  KERNEL_VARIANTS,
  type KernelVariant,
  LATENTS,
  type Latent,
  latentsOf,
  NOISE_TARGETS,
  type NoiseRequest,
  type NoiseTarget,
  POSITIONS,
  type Tensor,
  type Tensors,
  type TrmConfig,
} from './config.ts'
export { KernelUnavailableError, type ModelFormatCode, ModelFormatError } from './errors.ts'
export {
  bestVariant,
  type CompileOptions,
  compileKernel,
  instantiateKernel,
  Kernel,
  type KernelSource,
  type LoadOptions,
  loadKernel,
} from './kernel.ts'
export { type StepView, TrmModel } from './model.ts'
export { configToJson, initialLatent, type Model, type RecommendedPlan, readModel } from './model-file.ts'
export { withRecommended } from './recommend.ts'
export {
  listSafetensors,
  readSafetensors,
  type SafetensorsEntry,
  type SafetensorsFile,
  widenToF32,
} from './safetensors.ts'
