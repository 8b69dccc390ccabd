/** Runs whose noise the graph makes: keys and sigmas go in, latents only where a rollout goes on from an earlier run. */
import { type Kernel, latentsOf, type NoiseTarget } from '@ptrm/core-wasm'
import type { StepRequest } from '../engine.ts'
import { type Batch, type Member, type Ran, type Runs, requestAt, type Tensors } from './batch.ts'
import type { Onnxruntime, OnnxSession, OnnxTensor } from './runtime.ts'
import type { GraphOf, SizedModel } from './sized.ts'

export interface GraphNoiseOptions {
  readonly stepsPerRun: number
  readonly form: 'loop' | 'unrolled'
  /** The size of the batch that a number of rollouts runs in; those that are added do nothing. */
  readonly padded: (count: number) => number
}

export class GraphNoise implements Runs {
  /** One more than a run has, so that a run knows whether it is a rollout's last. */
  readonly lookahead: number
  readonly #runtime: Onnxruntime
  readonly #kernel: Kernel
  readonly #options: GraphNoiseOptions

  constructor(runtime: Onnxruntime, kernel: Kernel, options: GraphNoiseOptions) {
    this.lookahead = options.stepsPerRun
    this.#runtime = runtime
    this.#kernel = kernel
    this.#options = options
  }

  open(sized: SizedModel): Promise<OnnxSession> {
    return sized.session(this.#graphOf({ steps: this.#options.stepsPerRun, target: 'zL' }))
  }

  kindOf(target: NoiseTarget, steps: number): string {
    return `${target} ${steps}`
  }

  isLast({ ahead }: StepRequest, steps: number): boolean {
    return ahead !== undefined && ahead.length < steps
  }

  async run(batch: Batch): Promise<Ran> {
    const { members, steps } = batch
    const count = this.#options.padded(members.length)
    const session = await batch.sized.session(this.#graphOf(batch))
    const goesOn = members.some(({ request }) => !this.isLast(request, steps))
    const feeds = {
      ...this.#question(batch, count),
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

  #graphOf({ steps, target }: Pick<Batch, 'steps' | 'target'>): GraphOf {
    const { form } = this.#options
    return { noise: 'graph', target, steps: form === 'loop' ? 'any' : steps, form }
  }

  #question({ members, sized: { cells, takesPuzzleId } }: Batch, count: number): Tensors {
    const tokens = new BigInt64Array(count * cells)
    for (const [i, { slot }] of members.entries()) tokens.set(slot.tokens, i * cells)
    const feeds: Record<string, OnnxTensor> = { tokens: this.#int64(tokens, [count, cells]) }
    if (takesPuzzleId) feeds['puzzle_id'] = this.#int64(new BigInt64Array(count), [count])
    return feeds
  }

  /** Latents that are carried, one row of zeros where there are none; and which of them is whose. */
  #start({ members, sized }: Batch, count: number): Tensors {
    const carrying = members.filter(({ slot }) => slot.latents)
    const carried = carrying.length === 0 ? 1 : this.#options.padded(carrying.length)
    const { latentSize, rows, model } = sized
    const shape = [carried, rows, model.config.hiddenSize]
    const of = (latent: 'zH' | 'zL') => {
      const all = new Float32Array(carried * latentSize)
      for (const [i, { slot }] of carrying.entries()) all.set(slot.latents![latent], i * latentSize)
      return new this.#runtime.Tensor('float32', all, shape)
    }
    const from = new BigInt64Array(count)
    let row = 0n
    for (const [i, { slot }] of members.entries()) if (slot.latents) from[i] = ++row
    return { z_H: of('zH'), z_L: of('zL'), from: this.#int64(from, [count]) }
  }

  /** Keys and sigmas, [steps, batch]. */
  #noise({ members, steps, target }: Batch, count: number): Tensors {
    const each = (fill: (member: Member, step: number, at: number) => void) => {
      for (let step = 0; step < steps; step++)
        for (const [i, member] of members.entries()) fill(member, step, step * count + i)
    }
    const sigmas = new Float32Array(steps * count)
    each(({ request }, step, at) => {
      sigmas[at] = requestAt(request, step).sigma
    })
    const shape = [steps, count]
    const feeds: Record<string, OnnxTensor> = { sigmas: new this.#runtime.Tensor('float32', sigmas, shape) }
    for (const [i, latent] of latentsOf(target).entries()) {
      const keys = new BigInt64Array(steps * count)
      each(({ request }, step, at) => {
        keys[at] = BigInt.asIntN(64, this.#kernel.noiseKey({ ...requestAt(request, step), target: latent }))
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
