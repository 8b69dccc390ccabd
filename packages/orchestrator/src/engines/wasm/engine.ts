/** The engine on the WASM SIMD kernel: one thread, one call into wasm a rollout-step. */
import type { Kernel, Model, TokenBoard, TrmModel } from '@ptrm/core-wasm'
import type { Engine, StepOutput, StepRequest } from '../engine.ts'

/** The engine; one per thread, as the kernel is. */
export class WasmEngine implements Engine {
  readonly slots: number
  readonly #model: TrmModel

  /** Throws `ModelFormatError` for weights that do not fit the model's config. */
  constructor(kernel: Kernel, model: Model, slots = 1) {
    this.slots = slots
    this.#model = kernel.load(model.config, model.tensors, { slots })
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

  latent(slot: number): Float32Array {
    return this.#model.latentView(slot, 'zH')
  }

  close(): void {
    this.#model.close()
  }
}
