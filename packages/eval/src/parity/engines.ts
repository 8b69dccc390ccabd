/** The one list of engines that parity is proved on. An engine joins by an entry here. */
import { compileKernel, instantiateKernel, type KernelVariant } from '@ptrm/core-wasm'
import { BackendUnavailableError } from '@ptrm/orchestrator'
import { findRuntime } from '@ptrm/orchestrator/onnx'
import type { ParityEngine } from './engine.ts'
import { openOnnx } from './onnx-model.ts'

/** Every engine of this build, whether it loads on this machine or not; CUDA only where its library is installed. */
export const parityEngines: readonly ParityEngine[] = [
  wasm('simd128'),
  wasm('relaxed'),
  { name: 'onnx cpu', open: openOnnx('cpu') },
  ...(findRuntime().cuda ? [{ name: 'onnx cuda', open: openOnnx('cuda') }] : []),
]

function wasm(variant: KernelVariant): ParityEngine {
  return {
    name: `wasm ${variant}`,
    async open(config, weights, slots) {
      const kernel = await instantiateKernel(await compile(variant))
      return kernel.load(config, weights, { slots })
    },
  }
}

async function compile(variant: KernelVariant): ReturnType<typeof compileKernel> {
  try {
    return await compileKernel({ variant })
  } catch (cause) {
    throw new BackendUnavailableError(`wasm ${variant}`, (cause as Error).message, cause)
  }
}
