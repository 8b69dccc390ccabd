/** Which engines load on this machine, with what keeps the others from it. Node only. */

import type { Model } from '@ptrm/core-wasm'
import { compileKernel, instantiateKernel, type KernelVariant } from '@ptrm/core-wasm'
import { BackendUnavailableError } from '../errors.ts'
import type { EngineName } from './auto.ts'
import type { Engine } from './engine.ts'
import { OnnxEngine, type OnnxEngineOptions } from './onnx/engine.ts'
import { type FoundRuntime, findRuntime } from './onnx/find.ts'
import { loadRuntime } from './onnx/runtime.ts'
import { WasmEngine } from './wasm/engine.ts'

export interface EngineMaker {
  readonly backend: EngineName
  readonly name: string
  /** Rejects with `BackendUnavailableError`. The caller closes the engine. */
  make(model: Model, slots: number): Promise<Engine>
}

export interface AvailableEngines {
  readonly engines: readonly EngineMaker[]
  /** Why the others are not among them. */
  readonly missing: readonly BackendUnavailableError[]
}

/** Every engine of this build, whether it loads here or not: both kernels, and onnxruntime's CPU and CUDA providers. */
export function engineMakers(runtime: FoundRuntime = findRuntime()): EngineMaker[] {
  return [wasm('simd128'), wasm('relaxed'), onnx('onnx cpu', {}), cuda(runtime)]
}

/** Those that this machine has all files for: both kernels, and onnxruntime's providers where they are installed. */
export async function availableEngines(): Promise<AvailableEngines> {
  const runtime = findRuntime()
  const [simd, relaxed, cpu, gpu] = engineMakers(runtime) as [
    EngineMaker,
    EngineMaker,
    EngineMaker,
    EngineMaker,
  ]
  const engines = [simd, relaxed]
  try {
    await loadRuntime()
  } catch (error) {
    if (error instanceof BackendUnavailableError) return { engines, missing: [error] }
    throw error
  }
  engines.push(cpu, onnx('onnx cpu, 4 steps a run', { stepsPerRun: 4 }))
  return { engines: runtime.cuda ? [...engines, gpu] : engines, missing: [] }
}

function wasm(variant: KernelVariant): EngineMaker {
  return {
    backend: 'wasm',
    name: `wasm ${variant}`,
    make: async (model, slots) =>
      new WasmEngine(await instantiateKernel(await compileKernel({ variant })), model, slots),
  }
}

function onnx(name: string, options: OnnxEngineOptions): EngineMaker {
  return {
    backend: 'onnx-cpu',
    name,
    async make(model, slots) {
      const source = await compileKernel({ variant: 'simd128' })
      return OnnxEngine.create(await instantiateKernel(source), model, { ...options, slots }, source)
    },
  }
}

function cuda({ package: installed, cuda: library, cudaWanted }: FoundRuntime): EngineMaker {
  const maker = onnx('onnx cuda', { provider: 'cuda' })
  return {
    ...maker,
    backend: 'onnx-cuda',
    async make(model, slots) {
      // Without its library onnxruntime would print an error of its own before it throws.
      if (installed && !library)
        throw new BackendUnavailableError(
          'onnx-cuda',
          cudaWanted ? `${cudaWanted} is not there` : 'onnxruntime-node has CUDA for Linux on x64 alone',
        )
      return maker.make(model, slots)
    },
  }
}
