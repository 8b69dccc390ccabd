/** The engine on onnxruntime: many slots in one session, on a GPU where CUDA loads, else on the CPU. Node only. */

import {
  type BoardSize,
  type Kernel,
  type Model,
  ModelFormatError,
  type TokenBoard,
  usualBoard,
} from '@ptrm/core-wasm'
import { BoardTooLargeError } from '../../errors.ts'
import type { Engine, StepOutput, StepRequest } from '../engine.ts'
import { type Batch, int64Tokens, type Member, noiseAt, type Ran, type Runs, type Slot } from './batch.ts'
import { GraphNoise } from './graph-noise.ts'
import { HostNoise } from './host-noise.ts'
import { noiseMaker, type OnnxEngineOptions } from './options.ts'
import { loadRuntime, type Onnxruntime, openSession } from './runtime.ts'
import { SizedModels } from './sized.ts'

/** The least size of a batch on CUDA: fewer rollouts take as long, as launching a step's kernels does. */
const LEAST_BATCH = 32
/** What boards are that onnxruntime takes of a model of any size. */
const WRITTEN_OUT = 'that are small enough for its weights to be written out; wasm takes larger ones'
/** Above this part of all slots, sizes are multiples of it. */
const PARTS = 8

/** The engine; `create` opens it. Its noise is the kernel's, so that rollouts are those of every other engine. */
export class OnnxEngine implements Engine {
  readonly slots: number
  readonly lookahead: number
  readonly #model: Model
  readonly #stepsPerRun: number
  readonly #runs: Runs
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
    const open = engine.#runs.open(engine.#sizes.of(usualBoard(model.config)))
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
    const { provider = 'cpu', deviceId, threads = 1, fp16, form = 'loop', fixedBatch } = options
    const cuda = provider === 'cuda'
    const filled = (count: number) => (cuda ? filledBatch(fixedBatch ? slots : count, slots) : count)
    const how = { stepsPerRun, form, slots, cuda, filled }
    this.#runs =
      noiseMaker(options) === 'graph'
        ? new GraphNoise(runtime, kernel, how)
        : new HostNoise(runtime, kernel, how)
    this.slots = slots
    this.lookahead = this.#runs.lookahead
    this.#model = model
    this.#stepsPerRun = stepsPerRun
    this.#sizes = new SizedModels(
      model,
      (graph) => openSession(runtime, graph, { provider, deviceId, threads }),
      { fp16, cuda },
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
    this.#checkSize(size)
    const bad = tokens.findIndex((token) => token >= vocabSize)
    if (bad >= 0) throw new RangeError(`token ${tokens[bad]} of cell ${bad}: the model knows ${vocabSize}`)
    this.#checkSlot(slot)
    this.#state[slot] = {
      size,
      tokens: int64Tokens(tokens),
      kept: undefined,
      ended: false,
      ahead: [],
    }
  }

  async step(requests: readonly StepRequest[]): Promise<StepOutput[]> {
    const sizes = requests.map(({ slot }) => this.#slot(slot).size)
    const idle = requests.filter(({ slot }) => this.#slot(slot).ahead.length === 0)
    const failures: unknown[] = []
    for (const batch of this.#batches(idle))
      try {
        this.#keep(batch, await this.#runs.run(batch))
      } catch (error) {
        failures.push(error)
      }
    if (!this.#closed) this.#sizes.rest(sizes)
    // What the other batches came to is kept, for those who ask without the failed ones.
    if (failures.length > 0) throw failures[0]
    return requests.map((request) => this.#next(request))
  }

  computed(slot: number): number {
    return this.#state[slot]?.ahead.length ?? 0
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    void this.#sizes.close()
  }

  #batches(requests: readonly StepRequest[]): Batch[] {
    const batches = new Map<string, Batch & { readonly members: Member[] }>()
    for (const request of requests) {
      const slot = this.#slot(request.slot)
      if (slot.ended)
        throw new Error(
          `slot ${request.slot}: its rollout was said to end before step ${request.step}; start the slot anew`,
        )
      const { size } = slot
      const steps = Math.min(this.#stepsPerRun, 1 + (request.ahead?.length ?? 0))
      const key = `${size.rows}x${size.columns} ${this.#runs.kindOf(request.target, steps)}`
      const batch = batches.get(key) ?? {
        sized: this.#sizes.of(size),
        target: request.target,
        steps,
        members: [],
      }
      batch.members.push({ request, slot })
      batches.set(key, batch)
    }
    return [...batches.values()]
  }

  #keep({ members, steps, sized: { cells } }: Batch, { answers, q, latents, batch }: Ran): void {
    for (const [i, { request, slot }] of members.entries()) {
      slot.ended = this.#runs.isLast(request, steps)
      slot.kept = latents && !slot.ended ? { batch: latents, row: i } : undefined
      for (let step = 0; step < steps; step++) {
        const at = (step * batch + i) * cells
        slot.ahead.push({
          of: noiseAt(request, step),
          tokens: answers.slice(at, at + cells),
          q: q(step, i),
        })
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

  /** Throws what `sizedModel` does, but `BoardTooLargeError` where it is this board that is too much, not the model. */
  #checkSize(size: BoardSize): void {
    try {
      this.#sizes.of(size)
    } catch (error) {
      if (!(error instanceof ModelFormatError) || error.code !== 'too-large') throw error
      throw new BoardTooLargeError(this.#model.kind, size, WRITTEN_OUT)
    }
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

/**
 * The size that a batch of `count` is filled up to: the order of sums and the memory that is planned depend on it, so sizes are
 * few: powers of two, then eighths of the slots. At most an eighth of the slots computes in vain.
 */
export function filledBatch(count: number, slots: number): number {
  const part = Math.ceil(slots / PARTS)
  const size = count <= part ? 2 ** Math.ceil(Math.log2(count)) : part * Math.ceil(count / part)
  return Math.max(LEAST_BATCH, Math.min(size, slots))
}
