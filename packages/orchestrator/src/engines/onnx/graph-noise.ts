/** Runs whose noise the graph makes: keys and sigmas go in, latents only where a rollout goes on from an earlier run. */
import { type Kernel, LATENTS, type Latent, latentsOf, type NoiseTarget } from '@ptrm/core-wasm'
import type { StepRequest } from '../engine.ts'
import {
  type Batch,
  boardsOf,
  type Kept,
  type Member,
  noiseAt,
  type Ran,
  type Runs,
  type RunsOptions,
  type Tensors,
} from './batch.ts'
import type { Onnxruntime, OnnxSession, OnnxTensor } from './runtime.ts'
import type { GraphOf, Latents, SizedModel } from './sized.ts'
import { NOISE_AHEAD_BYTES, NOISE_BYTES } from './slot-cost.ts'

/** Latents of earlier runs, [carried, T, d] each, and the row of each rollout's. */
interface Carried {
  readonly latents: Latents
  rowOf(kept: Kept): number
}

export class GraphNoise implements Runs {
  /** One more than a run has, so that a run knows whether it is a rollout's last. */
  readonly lookahead: number
  readonly #runtime: Onnxruntime
  readonly #kernel: Kernel
  readonly #options: RunsOptions

  constructor(runtime: Onnxruntime, kernel: Kernel, options: RunsOptions) {
    this.lookahead = options.stepsPerRun
    this.#runtime = runtime
    this.#kernel = kernel
    this.#options = options
  }

  open(sized: SizedModel): Promise<OnnxSession> {
    return sized.session(this.#graphOf({ sized, steps: this.#options.stepsPerRun, target: 'zL' }))
  }

  kindOf(target: NoiseTarget, steps: number): string {
    return `${target} ${steps}`
  }

  isLast({ ahead }: StepRequest, steps: number): boolean {
    return ahead !== undefined && ahead.length < steps
  }

  async run(batch: Batch): Promise<Ran> {
    const { members, steps } = batch
    const count = this.#options.filled(members.length)
    const session = await batch.sized.session(this.#graphOf(batch))
    const goesOn = members.some(({ request }) => !this.isLast(request, steps))
    const feeds = {
      ...boardsOf(this.#runtime, batch, count),
      ...this.#start(batch, count),
      ...this.#noise(batch, count),
    }
    const outputs = await session.run(feeds, ['answer', 'q', ...(goesOn ? ['z_H_out', 'z_L_out'] : [])])
    const data = <T>(name: string) => outputs[name]!.data as unknown as T
    const qs = data<Float32Array>('q')
    return {
      answers: data('answer'),
      q: (step, member) => qs[step * count + member]!,
      latents: goesOn ? { zH: data('z_H_out'), zL: data('z_L_out') } : undefined,
      batch: count,
    }
  }

  #graphOf({ steps, target, sized }: Omit<Batch, 'members'>): GraphOf {
    const { form, slots, cuda } = this.#options
    // By the most that a run may hold, so that there is one graph for all batches. A CPU has no kernels to launch.
    const bytes = NOISE_BYTES * sized.latentSize * latentsOf(target).length * steps * slots
    const noiseIn = cuda && bytes <= NOISE_AHEAD_BYTES ? 'run' : 'step'
    return { noise: 'graph', target, steps: form === 'loop' ? 'any' : steps, form, noiseIn }
  }

  /** Latents that are carried, one row of zeros where there are none; and which of them is whose. */
  #start({ members, sized }: Batch, count: number): Tensors {
    const { latents, rowOf } = this.#carried(members, sized)
    const shape = [latents.zH.length / sized.latentSize, sized.rows, sized.model.config.hiddenSize]
    const from = new BigInt64Array(count)
    for (const [i, { slot }] of members.entries()) if (slot.kept) from[i] = BigInt(1 + rowOf(slot.kept))
    const tensor = (latent: Latent) => new this.#runtime.Tensor('float32', latents[latent], shape)
    return { z_H: tensor('zH'), z_L: tensor('zL'), from: this.#int64(from, [count]) }
  }

  /** As they came out of a run where they are all of one, which most are; else row by row. */
  #carried(members: readonly Member[], { latentSize }: SizedModel): Carried {
    const kept = members.flatMap(({ slot }) => slot.kept ?? [])
    const batches = new Set(kept.map(({ batch }) => batch))
    const [only] = batches
    if (only && batches.size === 1) return { latents: only, rowOf: ({ row }) => row }
    const size = (kept.length === 0 ? 1 : this.#options.filled(kept.length)) * latentSize
    const latents = { zH: new Float32Array(size), zL: new Float32Array(size) }
    for (const [i, { batch, row }] of kept.entries())
      for (const latent of LATENTS) {
        const from = batch[latent].subarray(row * latentSize, (row + 1) * latentSize)
        latents[latent].set(from, i * latentSize)
      }
    const rows = new Map(kept.map((each, i) => [each, i]))
    return { latents, rowOf: (each) => rows.get(each)! }
  }

  /** Keys and sigmas, [steps, batch]. */
  #noise({ members, steps, target }: Batch, count: number): Tensors {
    const each = (fill: (member: Member, step: number, at: number) => void) => {
      for (let step = 0; step < steps; step++)
        for (const [i, member] of members.entries()) fill(member, step, step * count + i)
    }
    const sigmas = new Float32Array(steps * count)
    each(({ request }, step, at) => {
      sigmas[at] = noiseAt(request, step).sigma
    })
    const shape = [steps, count]
    const feeds: Record<string, OnnxTensor> = { sigmas: new this.#runtime.Tensor('float32', sigmas, shape) }
    for (const [i, latent] of latentsOf(target).entries()) {
      const keys = new BigInt64Array(steps * count)
      each(({ request }, step, at) => {
        keys[at] = BigInt.asIntN(64, this.#kernel.noiseKey({ ...noiseAt(request, step), target: latent }))
      })
      feeds[i === 0 ? 'keys' : 'keys_H'] = this.#int64(keys, shape)
    }
    if (this.#options.form === 'loop') feeds['steps'] = this.#int64(BigInt64Array.of(BigInt(steps)), [])
    return feeds
  }

  #int64(data: BigInt64Array, dims: readonly number[]): OnnxTensor {
    return new this.#runtime.Tensor('int64', data, dims)
  }
}
