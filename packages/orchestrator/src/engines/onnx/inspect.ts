/** A model in onnxruntime with its state open, one board a run: for parity, where seeing every number matters more than speed. */
import { type BoardSize, initialLatent, type Latent, type TokenBoard, usualBoard } from '@ptrm/core-wasm'
import type { InspectableModel, InspectRequest } from '../spec.ts'
import type { Provider } from './options.ts'
import { loadRuntime, type Onnxruntime, type OnnxTensor, openSession } from './runtime.ts'
import { SizedModels } from './sized.ts'

interface Slot {
  /** Of its board. */
  readonly size: BoardSize
  readonly feeds: Readonly<Record<string, OnnxTensor>>
  readonly latents: Record<Latent, Float32Array>
  logits?: Float32Array
  q?: Float32Array
}

/** The one-step graph on a provider. Rejects with `BackendUnavailableError` where it can't be had. */
export async function openInspectable(
  provider: Provider,
  request: InspectRequest,
): Promise<InspectableModel> {
  const { config, tensors, slots } = request
  const runtime = await loadRuntime()
  // Parity cases know no kind of puzzle; the graph does not depend on it.
  const model = { kind: 'parity', config, tensors, recommended: {} }
  const sizes = new SizedModels(model, (graph) => openSession(runtime, graph, { provider, threads: 1 }), {
    cuda: provider === 'cuda',
  })
  await sizes.of(usualBoard(config)).session('one')
  return new OnnxModel(runtime, sizes, slots)
}

class OnnxModel implements InspectableModel {
  readonly #runtime: Onnxruntime
  readonly #sizes: SizedModels
  readonly #slots: (Slot | undefined)[]

  constructor(runtime: Onnxruntime, sizes: SizedModels, slots: number) {
    this.#runtime = runtime
    this.#sizes = sizes
    this.#slots = Array.from({ length: slots })
  }

  start(slot: number, { tokens, ...size }: TokenBoard, puzzleId: number): void {
    const { model, takesPuzzleId } = this.#sizes.of(size)
    const int64 = (values: BigInt64Array, dims: number[]) => new this.#runtime.Tensor('int64', values, dims)
    const feeds: Record<string, OnnxTensor> = {
      tokens: int64(BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
    }
    if (takesPuzzleId) feeds['puzzle_id'] = int64(BigInt64Array.of(BigInt(puzzleId)), [1])
    this.#slots[slot] = {
      size,
      feeds,
      latents: { zH: initialLatent(model, 'H_init'), zL: initialLatent(model, 'L_init') },
    }
  }

  async step(slot: number): Promise<void> {
    const state = this.#slot(slot)
    const sized = this.#sizes.of(state.size)
    const shape = [1, sized.rows, sized.model.config.hiddenSize]
    const latent = (data: Float32Array) => new this.#runtime.Tensor('float32', data, shape)
    const session = await sized.session('one')
    const outputs = await session.run({
      ...state.feeds,
      z_H: latent(state.latents.zH),
      z_L: latent(state.latents.zL),
    })
    const floats = (name: string) => outputs[name]!.data as Float32Array
    state.latents.zH = floats('z_H_out')
    state.latents.zL = floats('z_L_out')
    state.logits = floats('logits')
    state.q = floats('q')
  }

  readLatent(slot: number, latent: Latent): Float32Array {
    return this.#slot(slot).latents[latent].slice()
  }

  writeLatent(slot: number, latent: Latent, values: Float32Array): void {
    this.#slot(slot).latents[latent] = values.slice()
  }

  logits(slot: number): Float32Array {
    return this.#stepped(slot).logits!
  }

  q(slot: number): Float32Array {
    return this.#stepped(slot).q!
  }

  async close(): Promise<void> {
    await this.#sizes.close()
  }

  #slot(slot: number): Slot {
    const state = this.#slots[slot]
    if (!state) throw new RangeError(`slot ${slot} of ${this.#slots.length} was not started`)
    return state
  }

  #stepped(slot: number): Slot {
    const state = this.#slot(slot)
    if (!state.logits) throw new RangeError(`slot ${slot} has made no step`)
    return state
  }
}
