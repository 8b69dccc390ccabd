/** The engine on onnxruntime: many slots in one session, on a GPU where CUDA loads, else on the CPU. Node only. */

import {
  type BoardSize,
  initialLatent,
  type Kernel,
  type Latent,
  latentsOf,
  type Model,
  type NoiseTarget,
  type TokenBoard,
  usualBoard,
} from '@ptrm/core-wasm'
import type { Engine, StepOutput, StepRequest } from '../engine.ts'
import type { OnnxEngineOptions } from './options.ts'
import { loadRuntime, type Onnxruntime, type OnnxTensor, openSession } from './runtime.ts'
import { type SizedModel, SizedModels } from './sized.ts'

interface Slot {
  /** Of its board. */
  readonly size: BoardSize
  readonly tokens: BigInt64Array
  zH: Float32Array
  zL: Float32Array
  /** Steps that a run has computed and nobody has asked for yet, first the next. */
  ahead: { readonly of: StepRequest; readonly tokens: Uint8Array; readonly q: number }[]
}

/** Requests that go into one run: boards of one size, the same number of steps, for several steps one noise target. */
interface Group {
  readonly size: BoardSize
  readonly target: NoiseTarget
  readonly steps: number
  readonly requests: StepRequest[]
}

/** The engine; `create` opens it. Its noise is the kernel's, so that rollouts are those of every other engine. */
export class OnnxEngine implements Engine {
  readonly slots: number
  readonly lookahead: number
  readonly #kernel: Kernel
  readonly #model: Model
  readonly #runtime: Onnxruntime
  readonly #stepsPerRun: number
  readonly #state: (Slot | undefined)[]
  readonly #sizes: SizedModels
  #closed = false

  /**
   * Loads onnxruntime-node and opens the model. Rejects with `BackendUnavailableError` or `ModelFormatError`; the caller
   * closes the engine.
   */
  static async create(kernel: Kernel, model: Model, options: OnnxEngineOptions = {}): Promise<OnnxEngine> {
    kernel.load(model.config, model.tensors).close() // The one place that checks every tensor.
    const engine = new OnnxEngine(await loadRuntime(), kernel, model, options)
    const open = engine.#sizes.of(usualBoard(model.config)).session('one')
    await open.catch((error: unknown) => {
      engine.close()
      throw error
    })
    return engine
  }

  private constructor(runtime: Onnxruntime, kernel: Kernel, model: Model, options: OnnxEngineOptions) {
    const { slots = 1, stepsPerRun = 1 } = options
    for (const [name, value] of Object.entries({ slots, stepsPerRun })) {
      if (!Number.isInteger(value) || value < 1)
        throw new RangeError(`${name}: found ${value}, wanted a positive integer`)
    }
    const { provider = 'cpu', deviceId, threads = 1, fp16 } = options
    this.slots = slots
    this.lookahead = stepsPerRun - 1
    this.#kernel = kernel
    this.#model = model
    this.#runtime = runtime
    this.#stepsPerRun = stepsPerRun
    this.#sizes = new SizedModels(
      model,
      (graph) => openSession(runtime, graph, { provider, deviceId, threads }),
      { fp16 },
    )
    this.#state = Array.from({ length: slots })
  }

  start(slot: number, { rows, columns, tokens }: TokenBoard): void {
    const { vocabSize } = this.#model.config
    if (tokens.length !== rows * columns)
      throw new RangeError(
        `found ${tokens.length} tokens, a board of ${rows}x${columns} has ${rows * columns}`,
      )
    const size = { rows, columns }
    const { model } = this.#sizes.of(size)
    const bad = tokens.findIndex((token) => token >= vocabSize)
    if (bad >= 0) throw new RangeError(`token ${tokens[bad]} of cell ${bad}: the model knows ${vocabSize}`)
    this.#checkSlot(slot)
    this.#state[slot] = {
      size,
      tokens: BigInt64Array.from(tokens, BigInt),
      zH: initialLatent(model, 'H_init'),
      zL: initialLatent(model, 'L_init'),
      ahead: [],
    }
  }

  async step(requests: readonly StepRequest[]): Promise<StepOutput[]> {
    for (const { slot } of requests) this.#slot(slot)
    const idle = requests.filter(({ slot }) => this.#slot(slot).ahead.length === 0)
    for (const group of this.#groups(idle)) await this.#run(group)
    return requests.map((request) => this.#next(request))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    void this.#sizes.close()
  }

  #groups(requests: readonly StepRequest[]): Group[] {
    const groups = new Map<string, Group>()
    for (const request of requests) {
      const { size } = this.#slot(request.slot)
      const steps = Math.min(this.#stepsPerRun, 1 + (request.ahead?.length ?? 0))
      const key = `${size.rows}x${size.columns} ${steps === 1 ? 'one' : `${request.target} ${steps}`}`
      const group = groups.get(key) ?? { size, target: request.target, steps, requests: [] }
      group.requests.push(request)
      groups.set(key, group)
    }
    return [...groups.values()]
  }

  async #run(group: Group): Promise<void> {
    const sized = this.#sizes.of(group.size)
    const feeds = this.#feeds(group, sized)
    const session = await sized.session(group.steps === 1 ? 'one' : group.target)
    const outputs = await session.run(feeds, ['z_H_out', 'z_L_out', 'answer', 'q'])
    this.#keep(group, sized, outputs)
  }

  #feeds(group: Group, sized: SizedModel): Record<string, OnnxTensor> {
    const { model, cells, rows, latentSize, takesPuzzleId } = sized
    const slots = group.requests.map(({ slot }) => this.#slot(slot))
    const batch = slots.length
    const shape = [batch, rows, model.config.hiddenSize]
    const [zH, zL] = [new Float32Array(batch * latentSize), new Float32Array(batch * latentSize)]
    const tokens = new BigInt64Array(batch * cells)
    for (const [i, slot] of slots.entries()) {
      zH.set(slot.zH, i * latentSize)
      zL.set(slot.zL, i * latentSize)
      tokens.set(slot.tokens, i * cells)
    }
    const float = (data: Float32Array, dims: number[]) => new this.#runtime.Tensor('float32', data, dims)
    const feeds: Record<string, OnnxTensor> = {
      tokens: new this.#runtime.Tensor('int64', tokens, [batch, cells]),
      z_H: float(zH, shape),
      z_L: float(zL, shape),
    }
    if (takesPuzzleId)
      feeds['puzzle_id'] = new this.#runtime.Tensor('int64', new BigInt64Array(batch), [batch])
    if (group.steps === 1) this.#addNoise(group, latentSize, zH, zL)
    else
      for (const [name, target] of noiseInputs(group.target))
        feeds[name] = float(this.#noiseOf(group, latentSize, target), [group.steps, ...shape])
    return feeds
  }

  /** Noise of a single step goes into the latents here: it then costs no copy to the device of its own. */
  #addNoise({ requests }: Group, latentSize: number, zH: Float32Array, zL: Float32Array): void {
    const noise = new Float32Array(latentSize)
    for (const [i, request] of requests.entries()) {
      for (const target of request.sigma > 0 ? latentsOf(request.target) : []) {
        this.#kernel.fillNoise(noise, { ...request, target })
        const z = (target === 'zH' ? zH : zL).subarray(i * latentSize)
        for (let j = 0; j < noise.length; j++) z[j]! += noise[j]!
      }
    }
  }

  /** `[steps, batch, T, d]` */
  #noiseOf({ requests, steps }: Group, size: number, target: Latent): Float32Array {
    const all = new Float32Array(steps * requests.length * size)
    for (let step = 0; step < steps; step++) {
      for (const [i, request] of requests.entries()) {
        const of = step === 0 ? request : request.ahead![step - 1]!
        const at = (step * requests.length + i) * size
        if (of.sigma > 0) this.#kernel.fillNoise(all.subarray(at, at + size), { ...of, target })
      }
    }
    return all
  }

  #keep(
    { requests, steps }: Group,
    { cells, latentSize }: SizedModel,
    outputs: Readonly<Record<string, OnnxTensor>>,
  ): void {
    const data = <T>(name: string) => outputs[name]!.data as unknown as T
    const [zH, zL] = [data<Float32Array>('z_H_out'), data<Float32Array>('z_L_out')]
    const [boards, qs] = [data<Uint8Array>('answer'), data<Float32Array>('q')]
    for (const [i, request] of requests.entries()) {
      const slot = this.#slot(request.slot)
      slot.zH = zH.subarray(i * latentSize, (i + 1) * latentSize)
      slot.zL = zL.subarray(i * latentSize, (i + 1) * latentSize)
      for (let step = 0; step < steps; step++) {
        const row = step * requests.length + i
        const tokens = boards.slice(row * cells, (row + 1) * cells)
        const of = step === 0 ? request : { slot: request.slot, ...request.ahead![step - 1]! }
        slot.ahead.push({ of, tokens, q: qs[2 * row]! })
      }
    }
  }

  #next(request: StepRequest): StepOutput {
    const { of, tokens, q } = this.#slot(request.slot).ahead.shift()!
    const same = (['seed', 'rollout', 'step', 'sigma', 'target'] as const).every(
      (field) => of[field] === request[field],
    )
    if (!same) {
      throw new Error(
        `slot ${request.slot}: asked for step ${request.step} of rollout ${request.rollout}, but step ${of.step} of ` +
          `rollout ${of.rollout} was announced; start the slot anew, or announce what will be asked for`,
      )
    }
    return { slot: request.slot, tokens, q }
  }

  #slot(slot: number): Slot {
    this.#checkSlot(slot)
    const state = this.#state[slot]
    if (!state) throw new RangeError(`slot ${slot}: step before start`)
    return state
  }

  #checkSlot(slot: number): void {
    if (this.#closed) throw new Error('the engine is closed')
    if (!Number.isInteger(slot) || slot < 0 || slot >= this.slots)
      throw new RangeError(`slot ${slot}: the engine has ${this.slots}`)
  }
}

/** The graph's inputs for noise: `noise` is of its one target, of both that of z_L. */
function noiseInputs(target: NoiseTarget): [name: string, target: Latent][] {
  return latentsOf(target).map((latent, i) => [i === 0 ? 'noise' : 'noise_H', latent])
}
