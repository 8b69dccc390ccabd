/** `@ptrm/orchestrator/engines`: the engines one by one: what each needs and costs, whether it runs here, and how to open it. Node only. */

export { type StepCost, stepCost, usualCells } from '@ptrm/core-wasm'
export {
  type AutoChoice,
  type AutoThreshold,
  autoRule,
  breakEven,
  chooseBackend,
  type Workload,
} from './engines/auto.ts'
export { type AvailableEngines, availableEngines, type EngineMaker, enginesOf } from './engines/available.ts'
export { type Diagnosis, diagnose, type EngineDiagnosis } from './engines/diagnose.ts'
export type { Engine, StepOutput, StepRequest } from './engines/engine.ts'
export { type Gpu, listGpus } from './engines/gpus.ts'
export {
  absenceOf,
  type Backend,
  backends,
  backendsOf,
  type EngineName,
  type EngineOptions,
  engineNamed,
  engines,
  inOrder,
} from './engines/registry.ts'
export type {
  EngineCost,
  EngineSetup,
  EngineSpec,
  EngineVariant,
  InspectableModel,
  InspectRequest,
  OpenRequest,
  Remedy,
} from './engines/spec.ts'
