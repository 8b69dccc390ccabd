/** `@ptrm/orchestrator/onnx`: running TRMs on onnxruntime-node, and what that takes. Node only. */
export { OnnxEngine } from './engines/onnx/engine.ts'
export { type FoundRuntime, findRuntime } from './engines/onnx/find.ts'
export { DRIVER_LIBRARY, installCommand, missingLibraries, sourceOf } from './engines/onnx/install.ts'
export { measureNoiseMs } from './engines/onnx/noise-speed.ts'
export {
  CUDA_STEPS_PER_RUN,
  noiseMaker,
  type OnnxEngineOptions,
  type OnnxOptions,
  type Provider,
} from './engines/onnx/options.ts'
export { loadRuntime, type Onnxruntime, openSession } from './engines/onnx/runtime.ts'
export {
  ARENA,
  NOISE_AHEAD_BYTES,
  type SlotCost,
  type SlotCostOptions,
  slotCost,
} from './engines/onnx/slot-cost.ts'
