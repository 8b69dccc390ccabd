/** Runs whose noise the kernel makes: latents go in and come out, for several steps the noise goes in beside them. */
import { type Kernel, LATENTS, type Latent, latentsOf, type NoiseTarget } from '@ptrm/core-wasm'
import {
  type Batch,
  boardsOf,
  noiseAt,
  type Ran,
  type Runs,
  type RunsOptions,
  type Slot,
  type Tensors,
} from './batch.ts'
import type { Onnxruntime, OnnxSession, OnnxTensor } from './runtime.ts'
import type { GraphOf, Latents, SizedModel } from './sized.ts'

export class HostNoise implements Runs {
  readonly lookahead: number
  readonly #runtime: Onnxruntime
  readonly #kernel: Kernel
  readonly #options: RunsOptions

  constructor(runtime: Onnxruntime, kernel: Kernel, options: RunsOptions) {
    this.lookahead = options.stepsPerRun - 1
    this.#runtime = runtime
    this.#kernel = kernel
    this.#options = options
  }

  open(sized: SizedModel): Promise<OnnxSession> {
    return sized.session('one')
  }

  /** A single step is the same graph for all targets. */
  kindOf(target: NoiseTarget, steps: number): string {
    return steps === 1 ? 'one' : `${target} ${steps}`
  }

  isLast(): boolean {
    return false
  }

  async run(batch: Batch): Promise<Ran> {
    const session = await batch.sized.session(this.#graphOf(batch))
    const count = this.#options.filled(batch.members.length)
    const outputs = await session.run(this.#feeds(batch, count), ['z_H_out', 'z_L_out', 'answer', 'q'])
    const data = <T>(name: string) => outputs[name]!.data as unknown as T
    const qs = data<Float32Array>('q')
    return {
      answers: data('answer'),
      q: (step, member) => qs[2 * (step * count + member)]!,
      latents: { zH: data('z_H_out'), zL: data('z_L_out') },
      batch: count,
    }
  }

  #graphOf({ steps, target }: Batch): GraphOf {
    if (steps === 1) return 'one'
    const { form, cuda } = this.#options
    // On CUDA counting the steps that noise is given for would be a node on the CPU.
    return { noise: 'host', target, steps: cuda || form === 'unrolled' ? steps : 'any', form }
  }

  #feeds(batch: Batch, count: number): Tensors {
    const { members, steps, target, sized } = batch
    const { model, rows, latentSize } = sized
    const shape = [count, rows, model.config.hiddenSize]
    const z = { zH: new Float32Array(count * latentSize), zL: new Float32Array(count * latentSize) }
    for (const [i, { slot }] of members.entries())
      for (const latent of LATENTS) z[latent].set(latentOf(slot, latent, sized), i * latentSize)
    const float = (data: Float32Array, dims: number[]) => new this.#runtime.Tensor('float32', data, dims)
    const feeds: Record<string, OnnxTensor> = {
      ...boardsOf(this.#runtime, batch, count),
      z_H: float(z.zH, shape),
      z_L: float(z.zL, shape),
    }
    if (steps === 1) this.#addNoise(batch, z)
    else
      for (const [name, latent] of noiseInputs(target))
        feeds[name] = float(this.#noiseOf(batch, count, latent), [steps, ...shape])
    return feeds
  }

  /** Noise of a single step goes into the latents here: it then costs no copy to the device of its own. */
  #addNoise({ members, sized: { latentSize } }: Batch, z: Latents): void {
    const noise = new Float32Array(latentSize)
    for (const [i, { request }] of members.entries()) {
      for (const target of request.sigma > 0 ? latentsOf(request.target) : []) {
        this.#kernel.fillNoise(noise, { ...request, target })
        const noisy = z[target].subarray(i * latentSize)
        for (let j = 0; j < noise.length; j++) noisy[j]! += noise[j]!
      }
    }
  }

  /** `[steps, batch, T, d]` */
  #noiseOf(
    { members, steps, sized: { latentSize: size } }: Batch,
    count: number,
    target: Latent,
  ): Float32Array {
    const all = new Float32Array(steps * count * size)
    for (let step = 0; step < steps; step++) {
      for (const [i, { request }] of members.entries()) {
        const of = noiseAt(request, step)
        const at = (step * count + i) * size
        if (of.sigma > 0) this.#kernel.fillNoise(all.subarray(at, at + size), { ...of, target })
      }
    }
    return all
  }
}

/** A view. */
function latentOf({ kept }: Slot, latent: Latent, { initial, latentSize }: SizedModel): Float32Array {
  return kept
    ? kept.batch[latent].subarray(kept.row * latentSize, (kept.row + 1) * latentSize)
    : initial[latent]
}

/** The graph's inputs for noise: `noise` is of its one target, of both that of z_L. */
function noiseInputs(target: NoiseTarget): [name: string, target: Latent][] {
  return latentsOf(target).map((latent, i) => [i === 0 ? 'noise' : 'noise_H', latent])
}
