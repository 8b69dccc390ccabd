/** Which engines load on this machine, with what keeps the others from it. Node only. */
import { compileKernel, instantiateKernel, type KernelVariant } from '@ptrm/core-wasm'
import { BackendUnavailableError } from '../errors.ts'
import type { Model } from '../models/model.ts'
import type { Engine } from './engine.ts'
import { OnnxEngine, type OnnxEngineOptions } from './onnx/engine.ts'
import { loadRuntime } from './onnx/runtime.ts'
import { WasmEngine } from './wasm/engine.ts'

export interface EngineMaker {
  readonly name: string
  /** The caller closes the engine. */
  make(model: Model, slots: number): Promise<Engine>
}

export interface AvailableEngines {
  readonly engines: readonly EngineMaker[]
  /** Why the others are not among them. */
  readonly missing: readonly BackendUnavailableError[]
}

/** Both kernels, and onnxruntime's CPU provider where it is installed. */
export async function availableEngines(): Promise<AvailableEngines> {
  const engines: EngineMaker[] = [wasm('simd128'), wasm('relaxed')]
  try {
    await loadRuntime()
  } catch (error) {
    if (error instanceof BackendUnavailableError) return { engines, missing: [error] }
    throw error
  }
  return {
    engines: [...engines, onnx('onnx cpu', {}), onnx('onnx cpu, 4 steps a run', { stepsPerRun: 4 })],
    missing: [],
  }
}

function wasm(variant: KernelVariant): EngineMaker {
  return {
    name: `wasm ${variant}`,
    make: async (model, slots) =>
      new WasmEngine(await instantiateKernel(await compileKernel({ variant })), model, slots),
  }
}

function onnx(name: string, options: OnnxEngineOptions): EngineMaker {
  return {
    name,
    async make(model, slots) {
      const source = await compileKernel({ variant: 'simd128' })
      return OnnxEngine.create(await instantiateKernel(source), model, { ...options, slots }, source)
    },
  }
}
