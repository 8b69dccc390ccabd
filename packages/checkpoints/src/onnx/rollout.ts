/**
 * Rollouts as an ONNX graph: boards, noise keys and sigmas go in, answers and q of each step come out. Noise is made in it,
 * latents are started in it, and it is written for CUDA, so that a run moves nothing that it need not.
 */
import {
  type BoardSize,
  fixedLength,
  latentsOf,
  type Model,
  type NoiseTarget,
  rowsOf,
  sizedModel,
} from '@ptrm/core-wasm'
import { metadataOf } from './export.ts'
import { encodeModel, Graph, OPSET, type Shape } from './graph.ts'
import { noiseOf } from './noise.ts'
import { BATCH, Recursion, type State } from './recursion.ts'
import { tensor, type Weights } from './weights.ts'

/** Which graph is written. */
export interface RolloutExportOptions {
  /** Deep recursion steps in one run. `any`, of the form `loop` alone: the graph has an input `steps` that says how many. */
  readonly steps: number | 'any'
  /** Which latents get noise. */
  readonly noise: NoiseTarget
  /** How several steps are written: see docs/decisions/0031-rollouts-on-the-gpu.md. */
  readonly form: 'loop' | 'unrolled'
  /**
   * Where noise is made: before all steps for the whole run, which is fewer kernels to launch but takes the memory of as many
   * steps; or in each step. Default `step`.
   */
  readonly noiseIn?: 'run' | 'step' | undefined
  /** Matrix products and their weights in half precision; latents and norms stay f32. Default false. */
  readonly fp16?: boolean | undefined
  /** The one size of board that the graph takes, where the model takes several. Default 10x10. */
  readonly board?: BoardSize | undefined
}

/** Latents that are carried from an earlier run: a number of their own. */
const CARRIED = 'carried'

/**
 * Inputs, with T = prefix + L: `tokens` int64 [batch, L]; `puzzle_id` int64 [batch] where the model has several puzzle
 * embeddings; `z_H`, `z_L` [carried, T, d], carried >= 1, latents of earlier runs; `from` int64 [batch], which of them a
 * rollout goes on from, counted from 1, and 0 for one that begins; `keys` int64 [steps, batch], `Kernel.noiseKey` of each
 * step as signed integers, and `keys_H` of z_H for the target `both`; `sigmas` [steps, batch], 0 for no noise; `steps` int64
 * without axes where their number is open.
 * Outputs: `answer` uint8 [steps, batch, L], `q` [steps, batch], the halt logit, `z_H_out` and `z_L_out` [batch, T, d] after
 * the last step. Metadata as `exportOnnx`. It throws as that does.
 */
export function exportRollout(given: Model, options: RolloutExportOptions): Uint8Array {
  const { steps, noise, form, noiseIn = 'step', fp16 = false, board } = options
  if (steps !== 'any' && (!Number.isInteger(steps) || steps < 1))
    throw new RangeError(`steps: found ${steps}, wanted a positive integer`)
  if (steps === 'any' && form !== 'loop') throw new RangeError("steps 'any' needs the form 'loop'")
  const model = sizedModel(given, board)
  const graph = new Graph('rollout')
  const weights: Weights = { ...model, precision: fp16 ? 'float16' : 'float32', cuda: true }
  const rollout = new RolloutGraph(graph, weights, {
    noise,
    noiseIn,
    steps: steps === 'any' ? 'steps' : steps,
  })
  if (form === 'loop') rollout.loop()
  else rollout.unrolled()
  return encodeModel(graph, OPSET, metadataOf(model))
}

/** What is read of a step: uint8 [batch, L], [batch]. */
interface Read {
  readonly answer: string
  readonly q: string
}

interface RolloutOptions {
  readonly noise: NoiseTarget
  readonly noiseIn: 'run' | 'step'
  readonly steps: number | string
}

class RolloutGraph {
  readonly #graph: Graph
  readonly #weights: Weights
  readonly #noise: NoiseTarget
  readonly #steps: number | string
  readonly #recursion: Recursion
  /** The noise of each latent that gets some, of the step of an index. */
  readonly #noiseAt: (graph: Graph, index: string) => string[]
  readonly #x: string
  readonly #start: State

  constructor(graph: Graph, weights: Weights, { noise, noiseIn, steps }: RolloutOptions) {
    this.#graph = graph
    this.#weights = weights
    this.#noise = noise
    this.#steps = steps
    this.#recursion = new Recursion(graph, weights)
    this.#x = this.#recursion.question()
    const from = graph.input('from', [BATCH], 'int64')
    this.#start = { zH: this.#started('H_init', 'z_H', from), zL: this.#started('L_init', 'z_L', from) }
    this.#noiseAt = this.#noises(noiseIn)
  }

  #noises(noiseIn: 'run' | 'step'): (graph: Graph, index: string) => string[] {
    const { config } = this.#weights
    const shape = [rowsOf(config), config.hiddenSize] as const
    const axes = [this.#steps, BATCH]
    const sigmas = this.#graph.input('sigmas', axes)
    const names = latentsOf(this.#noise).map((_, i) => (i === 0 ? 'keys' : 'keys_H'))
    const keys = names.map((name) => this.#graph.input(name, axes, 'int64'))
    const at = (graph: Graph, of: string, index: string) => graph.value('Gather', [of, index], { axis: 0 })
    if (noiseIn === 'run') {
      const all = keys.map((each) => noiseOf(this.#graph, { shape, keys: each, sigmas, axes: 2 }))
      return (graph, index) => all.map((noise) => at(graph, noise, index))
    }
    return (graph, index) => {
      const now = at(graph, sigmas, index)
      return keys.map((each) => noiseOf(graph, { shape, keys: at(graph, each, index), sigmas: now, axes: 1 }))
    }
  }

  unrolled(): void {
    const graph = this.#graph
    let state = this.#start
    const all: Read[] = []
    for (let step = 0; step < Number(this.#steps); step++) {
      state = this.#step(graph, state, graph.scalar(step))
      all.push(this.#read(graph, state))
    }
    const stack = (name: keyof Read) => {
      const rows = all.map((read) => graph.value('Unsqueeze', [read[name], graph.integers([0])]))
      return rows.length === 1 ? rows[0]! : graph.value('Concat', rows, { axis: 0 })
    }
    this.#outputs(state, { answer: stack('answer'), q: stack('q') })
  }

  loop(): void {
    const [graph, { latent }] = [this.#graph, this.#recursion]
    const body = graph.body('step')
    const index = body.input('index', [], 'int64')
    body.input('go', [], 'bool')
    const before = { zH: body.input('z_H_before', latent), zL: body.input('z_L_before', latent) }
    const next = this.#step(body, before, index)
    const { answer, q } = this.#read(body, next)
    body.value('Identity', ['go'], {}, 'go_on')
    body.output('go_on', [], 'bool')
    body.output(next.zH, latent)
    body.output(next.zL, latent)
    this.#declare(body, { answer, q }, [])
    const trips =
      typeof this.#steps === 'number' ? graph.scalar(this.#steps) : graph.input('steps', [], 'int64')
    const given = [trips, graph.scalar(true), this.#start.zH, this.#start.zL]
    const [zH, zL, answers, qs] = graph.values('Loop', given, 4, { body })
    this.#outputs({ zH: zH!, zL: zL! }, { answer: answers!, q: qs! })
  }

  /** `[batch, T, d]`: the first latent, or one that is carried. */
  #started(init: string, carried: string, from: string): string {
    const [graph, { config, tensors }] = [this.#graph, this.#weights]
    const [rows, d] = [rowsOf(config), config.hiddenSize]
    const { data } = tensor(tensors, init)
    const first = graph.constant(`${init}_rows`, {
      shape: [1, rows, d],
      data: Float32Array.from({ length: rows * d }, (_, i) => data[i % d]!),
    })
    const all = graph.value('Concat', [first, graph.input(carried, [CARRIED, rows, d])], { axis: 0 })
    return graph.value('Gather', [all, from], { axis: 0 })
  }

  #step(graph: Graph, state: State, index: string): State {
    const noisy = { ...state }
    const noises = this.#noiseAt(graph, index)
    for (const [i, latent] of latentsOf(this.#noise).entries())
      noisy[latent] = graph.value('Add', [noisy[latent], noises[i]!])
    return this.#recursion.step(graph, this.#x, noisy)
  }

  #read(graph: Graph, { zH }: State): Read {
    const { answer, q } = this.#recursion.heads(graph, zH)
    return { answer, q: graph.value('Gather', [q, graph.scalar(0)], { axis: 1 }) }
  }

  #outputs({ zH, zL }: State, { answer, q }: Read): void {
    const [graph, { latent }] = [this.#graph, this.#recursion]
    const named = (value: string, name: string) => graph.value('Identity', [value], {}, name)
    this.#declare(graph, { answer: named(answer, 'answer'), q: named(q, 'q') }, [this.#steps])
    graph.output(named(zH, 'z_H_out'), latent)
    graph.output(named(zL, 'z_L_out'), latent)
  }

  #declare(graph: Graph, { answer, q }: Read, front: Shape): void {
    graph.output(answer, [...front, BATCH, fixedLength(this.#weights.config)], 'uint8')
    graph.output(q, [...front, BATCH])
  }
}
