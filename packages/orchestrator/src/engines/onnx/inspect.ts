/** A model in onnxruntime with its state open, one board a run: for parity, where seeing every number matters more than speed. */
import { exportOnnx } from '@ptrm/checkpoints'
import {
  initialLatent,
  type Latent,
  rowsOf,
  type Tensors,
  type TokenBoard,
  type TrmConfig,
} from '@ptrm/core-wasm'
import type { InspectableModel, InspectRequest } from '../spec.ts'
import type { Provider } from './options.ts'
import { loadRuntime, type Onnxruntime, type OnnxSession, type OnnxTensor, openSession } from './runtime.ts'

interface Slot {
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
  const { config, tensors } = request
  const runtime = await loadRuntime()
  // Parity cases know no kind of puzzle; the graph does not depend on it.
  const graph = exportOnnx({ kind: 'parity', config, tensors, recommended: {} }, { noise: 'none' })
  const session = await openSession(runtime, graph, { provider, threads: 1 })
  return new OnnxModel(runtime, session, request)
}

class OnnxModel implements InspectableModel {
  readonly #runtime: Onnxruntime
  readonly #session: OnnxSession
  readonly #config: TrmConfig
  readonly #tensors: Tensors
  readonly #slots: (Slot | undefined)[]

  constructor(runtime: Onnxruntime, session: OnnxSession, { config, tensors, slots }: InspectRequest) {
    this.#runtime = runtime
    this.#session = session
    this.#config = config
    this.#tensors = tensors
    this.#slots = Array.from({ length: slots })
  }

  start(slot: number, { tokens }: TokenBoard, puzzleId: number): void {
    const int64 = (values: BigInt64Array, dims: number[]) => new this.#runtime.Tensor('int64', values, dims)
    const feeds: Record<string, OnnxTensor> = {
      tokens: int64(BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
    }
    if (this.#session.inputNames.includes('puzzle_id'))
      feeds['puzzle_id'] = int64(BigInt64Array.of(BigInt(puzzleId)), [1])
    const model = { config: this.#config, tensors: this.#tensors }
    this.#slots[slot] = {
      feeds,
      latents: { zH: initialLatent(model, 'H_init'), zL: initialLatent(model, 'L_init') },
    }
  }

  async step(slot: number): Promise<void> {
    const state = this.#slot(slot)
    const latent = (data: Float32Array) =>
      new this.#runtime.Tensor('float32', data, [1, rowsOf(this.#config), this.#config.hiddenSize])
    const outputs = await this.#session.run({
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

  close(): Promise<void> {
    return this.#session.release()
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
