/**
 * A model as onnxruntime runs it: for one size of board at a time, as a graph's shapes are fixed, and written out where it is
 * a plain TRM. Sizes are opened when they are first needed, and those that nobody uses are let go. Node only.
 */
import { exportOnnx, exportRollout } from '@ptrm/checkpoints'
import {
  type BoardSize,
  fixedLength,
  initialLatent,
  type Model,
  type NoiseTarget,
  rowsOf,
  sizedModel,
} from '@ptrm/core-wasm'
import type { OnnxSession } from './runtime.ts'

/** Sizes that are kept open whether or not they are used; each holds the written out weights once more. */
export const MOST_SIZES = 4
/** Milliseconds for which a graph that could not be opened is not tried again, as all rollouts of its size ask for it. */
const FAILED_MS = 1000

/** The graph of one step without noise, or of several steps, whose noise is an input or made in the graph. */
export type GraphOf = 'one' | SeveralSteps

interface SeveralSteps {
  readonly noise: 'host' | 'graph'
  readonly target: NoiseTarget
  /** `any`: as many as a run asks for. */
  readonly steps: number | 'any'
  readonly form: 'loop' | 'unrolled'
  /** Where the graph makes it. */
  readonly noiseIn?: 'run' | 'step' | undefined
}

/** Opens a graph. Rejects with `BackendUnavailableError`. */
export type OpenGraph = (graph: Uint8Array) => Promise<OnnxSession>

/** Both latents of a rollout, [T, d] each. */
export interface Latents {
  readonly zH: Float32Array
  readonly zL: Float32Array
}

/** What is the same for all graphs of a model. */
export interface GraphOptions {
  readonly fp16?: boolean | undefined
  /** Written for CUDA: no node wants cuDNN or the CPU. */
  readonly cuda?: boolean | undefined
}

/** A model for boards of one size. `SizedModels` makes it and releases its sessions. */
export class SizedModel {
  /** Its length is that of the board. */
  readonly model: Model
  readonly cells: number
  /** Rows T of a latent. */
  readonly rows: number
  /** Values of a latent, T * d. */
  readonly latentSize: number
  /** Of a rollout that begins. */
  readonly initial: Latents
  /** Whether its graphs have the input `puzzle_id`. */
  readonly takesPuzzleId: boolean
  readonly #open: OpenGraph
  readonly #options: GraphOptions
  readonly #sessions = new Map<string, Promise<OnnxSession>>()

  constructor(model: Model, open: OpenGraph, options: GraphOptions) {
    this.model = model
    this.cells = fixedLength(model.config)
    this.rows = rowsOf(model.config)
    this.latentSize = this.rows * model.config.hiddenSize
    this.initial = { zH: initialLatent(model, 'H_init'), zL: initialLatent(model, 'L_init') }
    this.takesPuzzleId = model.config.prefix > 0 && model.tensors.get('puzzle_emb.weights')!.shape[0]! > 1
    this.#open = open
    this.#options = options
  }

  /** Opens it when it is first asked for, and again after a release, or a second after it could not be opened. */
  session(of: GraphOf): Promise<OnnxSession> {
    const key = JSON.stringify(of)
    const known = this.#sessions.get(key)
    if (known) return known
    const session = this.#open(this.#graph(of))
    this.#sessions.set(key, session)
    // What it lacked, such as a GPU's memory, may be there later.
    const again = () => this.#sessions.get(key) === session && this.#sessions.delete(key)
    session.catch(() => setTimeout(again, FAILED_MS).unref())
    return session
  }

  #graph(of: GraphOf): Uint8Array {
    if (of === 'one') return exportOnnx(this.model, { ...this.#options, noise: 'none' })
    const { noise, target, steps, form, noiseIn } = of
    return noise === 'graph'
      ? exportRollout(this.model, { fp16: this.#options.fp16, noise: target, steps, form, noiseIn })
      : exportOnnx(this.model, { ...this.#options, noise: target, steps, form })
  }

  /** Ends its sessions. Not while one of them runs. */
  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    // One that did not open has nothing to release.
    await Promise.all(sessions.map((session) => session.then((open) => open.release()).catch(() => {})))
  }
}

/** A model for boards of all sizes that it takes. */
export class SizedModels {
  readonly #model: Model
  readonly #open: OpenGraph
  readonly #options: GraphOptions
  /** By size, the one that was used last at the end. */
  readonly #sizes = new Map<string, SizedModel>()

  constructor(model: Model, open: OpenGraph, options: GraphOptions = {}) {
    this.#model = model
    this.#open = open
    this.#options = options
  }

  /** Throws as `sizedModel`: a RangeError for a board that the model does not take. */
  of(board: BoardSize): SizedModel {
    const key = keyOf(board)
    const sized =
      this.#sizes.get(key) ?? new SizedModel(sizedModel(this.#model, board), this.#open, this.#options)
    this.#sizes.delete(key)
    this.#sizes.set(key, sized)
    return sized
  }

  /** Lets sizes go that are not in use, those that have waited longest first, down to `MOST_SIZES`. Not while a session runs. */
  rest(inUse: Iterable<BoardSize>): void {
    const used = new Set(Array.from(inUse, keyOf))
    for (const [key, sized] of this.#sizes) {
      if (this.#sizes.size <= MOST_SIZES) return
      if (used.has(key)) continue
      this.#sizes.delete(key)
      void sized.release()
    }
  }

  close(): Promise<unknown> {
    return Promise.all([...this.#sizes.values()].map((sized) => sized.release()))
  }
}

function keyOf({ rows, columns }: BoardSize): string {
  return `${rows}x${columns}`
}
