/** A third engine, as someone else would add one: the kernel's slow readable path, in this one file and in no list. */
import {
  compileKernel,
  instantiateKernel,
  type Kernel,
  type Model,
  type TokenBoard,
  type TrmModel,
} from '@ptrm/core-wasm'
import type { Engine, StepOutput, StepRequest } from '../src/engines/engine.ts'
import type { EngineSpec } from '../src/engines/spec.ts'

class ScalarEngine implements Engine {
  readonly slots: number
  readonly #model: TrmModel

  constructor(kernel: Kernel, { config, tensors }: Model, slots: number) {
    this.slots = slots
    this.#model = kernel.load(config, tensors, { slots, path: 'scalar' })
  }

  start(slot: number, board: TokenBoard): void {
    this.#model.start(slot, board)
  }

  step(requests: readonly StepRequest[]): StepOutput[] {
    return requests.map((request) => {
      const { tokens, q } = this.#model.step(request.slot, request)
      return { slot: request.slot, tokens: tokens.slice(), q }
    })
  }

  close(): void {
    this.#model.close()
  }
}

export const engine: EngineSpec<'scalar', 'scalar'> = {
  name: 'scalar',
  family: 'scalar',
  title: 'the scalar path',
  needs: 'patience',
  // Faster than it is, so that `auto` is seen to take it.
  cost: { on: 'cores', gflops: 60, loadMs: 20 },
  variants: [{ name: 'scalar', kernel: 'simd128', options: {} }],
  module: import.meta.url,
  missing: () => undefined,
  detail: () => 'for tests',
  setup: () => ({ options: {} }),
  open: async ({ kernel, model, options }) =>
    new ScalarEngine(await instantiateKernel(kernel), model, options.slots ?? 1),
  async inspect({ kernel }, { config, tensors, slots }) {
    const source = await compileKernel({ variant: kernel })
    return (await instantiateKernel(source)).load(config, tensors, { slots, path: 'scalar' })
  },
  remedy: () => ({ for: 'the scalar path', steps: ['wait'] }),
}
