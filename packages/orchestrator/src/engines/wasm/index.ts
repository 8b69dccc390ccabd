/** The kernel as an engine of the registry: always there, one thread a core. Loaded when it is opened. */
import type { KernelVariant } from '@ptrm/core-wasm'
import { BackendUnavailableError, messageOf } from '../../errors.ts'
import type { EngineSpec, EngineVariant } from '../spec.ts'

const variant = (kernel: KernelVariant): EngineVariant => ({ name: `wasm ${kernel}`, kernel, options: {} })

/** The WASM SIMD kernel, plain or relaxed. */
export const wasm: EngineSpec<'wasm', 'wasm'> = {
  name: 'wasm',
  family: 'wasm',
  title: 'the WASM kernel',
  needs: 'nothing besides this package',
  everywhere: true,
  // Relaxed SIMD.
  cost: { on: 'cores', gflops: 38, loadMs: 0 },
  variants: [variant('simd128'), variant('relaxed')],
  missing: () => undefined,
  detail: ({ kernel }) => kernel,
  setup: () => ({ options: {} }),
  async open({ kernel, model, options }) {
    const [{ instantiateKernel }, { WasmEngine }] = await Promise.all([
      import('@ptrm/core-wasm'),
      import('./engine.ts'),
    ])
    return new WasmEngine(await instantiateKernel(kernel), model, options.slots)
  },
  async inspect({ name, kernel }, { config, tensors, slots }) {
    const { compileKernel, instantiateKernel } = await import('@ptrm/core-wasm')
    const source = await compileKernel({ variant: kernel }).catch((cause: unknown) => {
      throw new BackendUnavailableError(name, messageOf(cause), cause)
    })
    return (await instantiateKernel(source)).load(config, tensors, { slots })
  },
}
