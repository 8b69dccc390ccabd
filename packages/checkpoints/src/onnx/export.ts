/** A TRM as an ONNX graph of one deep recursion step, or of several, for onnxruntime on any hardware. */
import type { BoardSize, NoiseTarget } from '@ptrm/core-wasm'
import { configToJson, fixedLength, type Model, sizedModel } from '@ptrm/core-wasm'
import { encodeModel, Graph, OPSET, type Shape } from './graph.ts'
import { BATCH, type Heads, Recursion, type State } from './recursion.ts'
import { tensor, type Weights } from './weights.ts'

/** Which graph is written. */
export interface OnnxExportOptions {
  /**
   * Deep recursion steps in one run of the graph. Left out, the graph is one step and its outputs have no step axis;
   * given (1 too), noise and the outputs of each step carry a step axis in front. `any`: as many as `noise` is long.
   */
  readonly steps?: number | 'any' | undefined
  /** Matrix products and their weights in half precision; latents, norms, inputs and outputs stay f32. */
  readonly fp16?: boolean | undefined
  /** Which latents get noise from an input: `noise` for zL (or zH alone), `noise_H` as well for both. Default zL. */
  readonly noise?: NoiseTarget | 'none' | undefined
  /** How several steps are written; see docs/decisions. Default `loop`. */
  readonly form?: 'loop' | 'unrolled' | undefined
  /** Written for CUDA: no operator that needs cuDNN. Default false. */
  readonly cuda?: boolean | undefined
  /** The one size of board that the graph takes, where the model takes several. Default 10x10. */
  readonly board?: BoardSize | undefined
}

/**
 * Inputs, with T = prefix + L: `tokens` int64 [batch, L]; `puzzle_id` int64 [batch] where the model has several puzzle
 * embeddings; `z_H`, `z_L` [batch, T, d]; `noise`, already times sigma, [batch, T, d].
 * Outputs: `z_H_out`, `z_L_out`, `logits` [batch, L, vocab], `answer` uint8 [batch, L] (the best of the tokens that an
 * answer may hold), `q` [batch, 2]. With `steps`, `noise`, `logits`, `answer` and `q` have an axis [steps] in front.
 * The file's metadata holds the config under `ptrm` and the latents' first rows under `H_init` and `L_init`.
 * Free weights are written out as the plain TRM that they stand for; those whose mix depends on the puzzle's rooms stay as
 * they are, and the graph finds the rooms in the tokens. Throws `ModelFormatError` for a missing tensor, and
 * RangeError for a board that the model does not take.
 */
export function exportOnnx(given: Model, options: OnnxExportOptions = {}): Uint8Array {
  const { steps, fp16 = false, noise = 'zL', form = 'loop', cuda = false, board } = options
  if (typeof steps === 'number' && (!Number.isInteger(steps) || steps < 1))
    throw new RangeError(`steps: found ${steps}, wanted a positive integer`)
  const model = sizedModel(given, board)
  const weights: Weights = { ...model, precision: fp16 ? 'float16' : 'float32', cuda }
  const graph = new Graph('trm')
  const parts = new Parts(graph, weights, noise)
  if (steps === 'any' && (form !== 'loop' || noise === 'none'))
    throw new RangeError("steps 'any' counts the noise it is given: it needs noise, and the form 'loop'")
  if (steps === undefined) parts.oneStep()
  else if (form === 'loop' || steps === 'any') parts.loop(steps)
  else parts.unrolled(steps)
  return encodeModel(graph, OPSET, metadataOf(model))
}

/** The config under `ptrm`, the latents' first rows under `H_init` and `L_init`. */
export function metadataOf(model: Model): Record<string, string> {
  const init = (name: string) => JSON.stringify([...tensor(model.tensors, name).data])
  return { ptrm: JSON.stringify(configToJson(model)), H_init: init('H_init'), L_init: init('L_init') }
}

/** What the three forms of the graph share: its inputs, one step on any graph, its outputs. */
class Parts {
  readonly #graph: Graph
  readonly #weights: Weights
  readonly #noise: NoiseTarget | 'none'
  readonly #recursion: Recursion

  constructor(graph: Graph, weights: Weights, noise: NoiseTarget | 'none') {
    this.#graph = graph
    this.#weights = weights
    this.#noise = noise
    this.#recursion = new Recursion(graph, weights)
  }

  oneStep(): void {
    const { x, state, noises } = this.#inputs([])
    const { next, heads } = this.#step(this.#graph, x, state, noises)
    this.#outputs(next, heads, [])
  }

  unrolled(steps: number): void {
    const graph = this.#graph
    const { x, state, noises } = this.#inputs([steps])
    let at = state
    const all: Heads[] = []
    for (let step = 0; step < steps; step++) {
      const now = noises.map((noise) => graph.value('Gather', [noise, graph.scalar(step)], { axis: 0 }))
      const { next, heads } = this.#step(graph, x, at, now)
      at = next
      all.push(heads)
    }
    const stack = (name: keyof Heads) => {
      const rows = all.map((heads) => graph.value('Unsqueeze', [heads[name], graph.integers([0])]))
      return graph.value('Concat', rows, { axis: 0 })
    }
    this.#outputs(at, { logits: stack('logits'), answer: stack('answer'), q: stack('q') }, [steps])
  }

  loop(steps: number | 'any'): void {
    const front = [steps === 'any' ? 'steps' : steps]
    const { x, state, noises } = this.#inputs(front)
    const body = this.#graph.body('step')
    const index = body.input('index', [], 'int64')
    body.input('go', [], 'bool')
    const before = {
      zH: body.input('z_H_before', this.#recursion.latent),
      zL: body.input('z_L_before', this.#recursion.latent),
    }
    const now = noises.map((noise) => body.value('Gather', [noise, index], { axis: 0 }))
    const { next, heads } = this.#step(body, x, before, now)
    body.value('Identity', ['go'], {}, 'go_on')
    body.output('go_on', [], 'bool')
    body.output(next.zH, this.#recursion.latent)
    body.output(next.zL, this.#recursion.latent)
    this.#declareHeads(body, heads, [])
    const out = ['z_H_last', 'z_L_last', 'logits_all', 'answer_all', 'q_all']
    const trips = steps === 'any' ? this.#lengthOf(noises[0]!) : this.#graph.scalar(steps)
    this.#graph.node('Loop', [trips, this.#graph.scalar(true), state.zH, state.zL], out, { body })
    const [zH, zL, logits, answer, q] = out as [string, string, string, string, string]
    this.#outputs({ zH, zL }, { logits, answer, q }, front)
  }

  /** The first axis of a value, as a scalar. */
  #lengthOf(value: string): string {
    const axis = this.#graph.value('Shape', [value], { start: 0, end: 1 })
    return this.#graph.value('Squeeze', [axis, this.#graph.integers([0])])
  }

  #inputs(front: Shape): { x: string; state: State; noises: string[] } {
    const graph = this.#graph
    const { latent } = this.#recursion
    const x = this.#recursion.question()
    const state = { zH: graph.input('z_H', latent), zL: graph.input('z_L', latent) }
    const names = { none: [], zL: ['noise'], zH: ['noise'], both: ['noise', 'noise_H'] }[this.#noise]
    return { x, state, noises: names.map((name) => graph.input(name, [...front, ...latent])) }
  }

  #step(graph: Graph, x: string, state: State, noises: readonly string[]): { next: State; heads: Heads } {
    const noisy = (z: string, noise: string | undefined) => (noise ? graph.value('Add', [z, noise]) : z)
    const onH = this.#noise === 'zH' ? noises[0] : noises[1]
    const zL = noisy(state.zL, this.#noise === 'zH' ? undefined : noises[0])
    const next = this.#recursion.step(graph, x, { zL, zH: noisy(state.zH, onH) })
    return { next, heads: this.#recursion.heads(graph, next.zH) }
  }

  #outputs(state: State, heads: Heads, front: Shape): void {
    const graph = this.#graph
    const named = (value: string, name: string) => graph.value('Identity', [value], {}, name)
    graph.output(named(state.zH, 'z_H_out'), this.#recursion.latent)
    graph.output(named(state.zL, 'z_L_out'), this.#recursion.latent)
    const { logits, answer, q } = heads
    this.#declareHeads(
      graph,
      { logits: named(logits, 'logits'), answer: named(answer, 'answer'), q: named(q, 'q') },
      front,
    )
  }

  #declareHeads(graph: Graph, { logits, answer, q }: Heads, front: Shape): void {
    const { config } = this.#weights
    const seqLen = fixedLength(config)
    graph.output(logits, [...front, BATCH, seqLen, config.vocabSize])
    graph.output(answer, [...front, BATCH, seqLen], 'uint8')
    graph.output(q, [...front, BATCH, 2])
  }
}
