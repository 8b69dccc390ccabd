/** The engine on onnxruntime: many slots in one session, on a GPU where CUDA loads, else on the CPU. Node only. */

import { exportOnnx } from '@ptrm/checkpoints'
import {
  fixedLength,
  initialLatent,
  type Kernel,
  type KernelSource,
  type Latent,
  latentsOf,
  type Model,
  type NoiseTarget,
  rowsOf,
} from '@ptrm/core-wasm'
import type { Engine, StepOutput, StepRequest } from '../engine.ts'
import { type Draw, drawsOf, NoiseAhead } from './noise.ts'
import type { OnnxEngineOptions } from './options.ts'
import { loadRuntime, type Onnxruntime, type OnnxSession, type OnnxTensor, openSession } from './runtime.ts'

interface Slot {
  readonly tokens: BigInt64Array
  zH: Float32Array
  zL: Float32Array
  /** Steps that a run has computed and nobody has asked for yet, first the next. */
  ahead: { readonly of: StepRequest; readonly tokens: Uint8Array; readonly q: number }[]
}

/** Requests that go into one run: the same number of steps, and for several steps the same noise target. */
interface Group {
  readonly target: NoiseTarget
  readonly steps: number
  readonly requests: StepRequest[]
}

/** The engine; `create` opens it. Its noise is the kernel's, so that rollouts are those of every other engine. */
export class OnnxEngine implements Engine {
  readonly slots: number
  readonly lookahead: number
  readonly #model: Model
  readonly #runtime: Onnxruntime
  readonly #options: OnnxEngineOptions
  readonly #noise: NoiseAhead
  readonly #state: (Slot | undefined)[]
  readonly #sessions = new Map<string, Promise<OnnxSession>>()
  readonly #cells: number
  readonly #size: number
  #closed = false

  /**
   * Loads onnxruntime-node and opens the model. `source` lets helper threads make the noise. Rejects with
   * `BackendUnavailableError` or `ModelFormatError`; the caller closes the engine.
   */
  static async create(
    kernel: Kernel,
    model: Model,
    options: OnnxEngineOptions = {},
    source?: KernelSource,
  ): Promise<OnnxEngine> {
    kernel.load(model.config, model.tensors).close() // The one place that checks every tensor.
    const engine = new OnnxEngine(await loadRuntime(), kernel, model, options, source)
    await engine.#session('one').catch((error: unknown) => {
      engine.close()
      throw error
    })
    return engine
  }

  private constructor(
    runtime: Onnxruntime,
    kernel: Kernel,
    model: Model,
    options: OnnxEngineOptions,
    source?: KernelSource,
  ) {
    const { slots = 1, stepsPerRun = 1, noiseThreads = 1 } = options
    for (const [name, value] of Object.entries({ slots, stepsPerRun })) {
      if (!Number.isInteger(value) || value < 1)
        throw new RangeError(`${name}: found ${value}, wanted a positive integer`)
    }
    const { config } = model
    this.slots = slots
    this.lookahead = 2 * stepsPerRun - 1
    this.#model = model
    this.#runtime = runtime
    this.#options = options
    this.#cells = fixedLength(config)
    this.#size = rowsOf(config) * config.hiddenSize
    this.#noise = new NoiseAhead(kernel, { size: this.#size, threads: noiseThreads, source })
    this.#state = Array.from({ length: slots })
  }

  start(slot: number, tokens: Uint8Array): void {
    const { vocabSize } = this.#model.config
    if (tokens.length !== this.#cells)
      throw new RangeError(`found ${tokens.length} tokens, the model reads ${this.#cells}`)
    const bad = tokens.findIndex((token) => token >= vocabSize)
    if (bad >= 0) throw new RangeError(`token ${tokens[bad]} of cell ${bad}: the model knows ${vocabSize}`)
    this.#checkSlot(slot)
    this.#state[slot] = {
      tokens: BigInt64Array.from(tokens, BigInt),
      zH: initialLatent(this.#model, 'H_init'),
      zL: initialLatent(this.#model, 'L_init'),
      ahead: [],
    }
  }

  async step(requests: readonly StepRequest[]): Promise<StepOutput[]> {
    for (const { slot } of requests) this.#slot(slot)
    const idle = requests.filter(({ slot }) => this.#slot(slot).ahead.length === 0)
    const groups = this.#groups(idle)
    for (const [i, group] of groups.entries()) {
      // Ordered before the last run of this call, taken by the first of the next.
      await this.#run(group, i === groups.length - 1 ? drawsAfter(groups) : undefined)
    }
    return requests.map((request) => this.#next(request))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#noise.close()
    for (const session of this.#sessions.values()) session.then((open) => open.release()).catch(() => {})
  }

  #groups(requests: readonly StepRequest[]): Group[] {
    const { stepsPerRun = 1 } = this.#options
    const groups = new Map<string, Group>()
    for (const request of requests) {
      const steps = Math.min(stepsPerRun, 1 + (request.ahead?.length ?? 0))
      const key = steps === 1 ? 'one' : `${request.target} ${steps}`
      const group = groups.get(key) ?? { target: request.target, steps, requests: [] }
      group.requests.push(request)
      groups.set(key, group)
    }
    return [...groups.values()]
  }

  async #run(group: Group, order: readonly Draw[] | undefined): Promise<void> {
    const feeds = this.#feeds(group)
    const session = await this.#session(group.steps === 1 ? 'one' : group.target)
    if (order) this.#noise.order(order)
    const outputs = await session.run(feeds, ['z_H_out', 'z_L_out', 'answer', 'q'])
    this.#keep(group, outputs)
  }

  #feeds(group: Group): Record<string, OnnxTensor> {
    const { config, tensors } = this.#model
    const slots = group.requests.map(({ slot }) => this.#slot(slot))
    const batch = slots.length
    const shape = [batch, rowsOf(config), config.hiddenSize]
    const [zH, zL] = [new Float32Array(batch * this.#size), new Float32Array(batch * this.#size)]
    const tokens = new BigInt64Array(batch * this.#cells)
    for (const [i, slot] of slots.entries()) {
      zH.set(slot.zH, i * this.#size)
      zL.set(slot.zL, i * this.#size)
      tokens.set(slot.tokens, i * this.#cells)
    }
    const float = (data: Float32Array, dims: number[]) => new this.#runtime.Tensor('float32', data, dims)
    const feeds: Record<string, OnnxTensor> = {
      tokens: new this.#runtime.Tensor('int64', tokens, [batch, this.#cells]),
      z_H: float(zH, shape),
      z_L: float(zL, shape),
    }
    if (config.prefix > 0 && tensors.get('puzzle_emb.weights')!.shape[0]! > 1)
      feeds['puzzle_id'] = new this.#runtime.Tensor('int64', new BigInt64Array(batch), [batch])
    if (group.steps === 1) this.#addNoise(group, zH, zL)
    else
      for (const [name, target] of noiseInputs(group.target))
        feeds[name] = float(this.#noiseOf(group, target), [group.steps, ...shape])
    return feeds
  }

  /** Noise of a single step goes into the latents here: it then costs no copy to the device of its own. */
  #addNoise({ requests }: Group, zH: Float32Array, zL: Float32Array): void {
    const noise = new Float32Array(this.#size)
    for (const [i, request] of requests.entries()) {
      for (const draw of drawsOf(request)) {
        if (draw.sigma === 0) continue
        this.#noise.take(draw, noise)
        const z = (draw.target === 'zH' ? zH : zL).subarray(i * this.#size)
        for (let j = 0; j < noise.length; j++) z[j]! += noise[j]!
      }
    }
  }

  /** `[steps, batch, T, d]` */
  #noiseOf({ requests, steps }: Group, target: Latent): Float32Array {
    const all = new Float32Array(steps * requests.length * this.#size)
    for (let step = 0; step < steps; step++) {
      for (const [i, request] of requests.entries()) {
        const { seed, rollout, step: number, sigma } = step === 0 ? request : request.ahead![step - 1]!
        const at = (step * requests.length + i) * this.#size
        this.#noise.take({ seed, rollout, step: number, sigma, target }, all.subarray(at, at + this.#size))
      }
    }
    return all
  }

  #keep({ requests, steps }: Group, outputs: Readonly<Record<string, OnnxTensor>>): void {
    const data = <T>(name: string) => outputs[name]!.data as unknown as T
    const [zH, zL] = [data<Float32Array>('z_H_out'), data<Float32Array>('z_L_out')]
    const [boards, qs] = [data<Uint8Array>('answer'), data<Float32Array>('q')]
    for (const [i, request] of requests.entries()) {
      const slot = this.#slot(request.slot)
      slot.zH = zH.subarray(i * this.#size, (i + 1) * this.#size)
      slot.zL = zL.subarray(i * this.#size, (i + 1) * this.#size)
      for (let step = 0; step < steps; step++) {
        const row = step * requests.length + i
        const tokens = boards.slice(row * this.#cells, (row + 1) * this.#cells)
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

  /** Session of the one-step graph, or of several steps with noise on a target; made when first needed. */
  #session(which: 'one' | NoiseTarget): Promise<OnnxSession> {
    let session = this.#sessions.get(which)
    if (!session) {
      const { provider = 'cpu', fp16, deviceId, threads = 1 } = this.#options
      const graph = exportOnnx(
        this.#model,
        which === 'one' ? { noise: 'none', fp16 } : { noise: which, fp16, steps: 'any' },
      )
      session = openSession(this.#runtime, graph, { provider, deviceId, threads })
      this.#sessions.set(which, session)
    }
    return session
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

/** The noise that the groups' slots will want after these runs. */
function drawsAfter(groups: readonly Group[]): Draw[] {
  return groups.flatMap(({ requests, steps }) =>
    requests.flatMap(({ ahead = [] }) => ahead.slice(steps - 1, 2 * steps - 1).flatMap(drawsOf)),
  )
}
