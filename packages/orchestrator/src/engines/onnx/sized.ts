/**
 * A model as onnxruntime runs it: for one size of board at a time, as a graph's shapes are fixed, and written out where it is
 * a plain TRM. Sizes are opened when they are first needed, and those that have waited longest are let go. Node only.
 */
import { exportOnnx } from '@ptrm/checkpoints'
import {
  type BoardSize,
  fixedLength,
  type Model,
  type NoiseTarget,
  rowsOf,
  sizedModel,
} from '@ptrm/core-wasm'
import type { OnnxSession } from './runtime.ts'

/** Sizes with open sessions; each holds the written out weights once more. */
export const MOST_SIZES = 4

/** The graph of one step without noise of its own, or of several with noise on a target. */
export type GraphName = 'one' | NoiseTarget

/** Opens a graph. Rejects with `BackendUnavailableError`. */
export type OpenGraph = (graph: Uint8Array) => Promise<OnnxSession>

/** What must be said of an export besides the noise. */
export interface GraphOptions {
  readonly fp16?: boolean | undefined
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
  /** Whether its graphs have the input `puzzle_id`. */
  readonly takesPuzzleId: boolean
  readonly #open: OpenGraph
  readonly #options: GraphOptions
  readonly #sessions = new Map<GraphName, Promise<OnnxSession>>()

  constructor(model: Model, open: OpenGraph, options: GraphOptions) {
    this.model = model
    this.cells = fixedLength(model.config)
    this.rows = rowsOf(model.config)
    this.latentSize = this.rows * model.config.hiddenSize
    this.takesPuzzleId = model.config.prefix > 0 && model.tensors.get('puzzle_emb.weights')!.shape[0]! > 1
    this.#open = open
    this.#options = options
  }

  /** Opens it when it is first asked for, and again after a release. */
  session(name: GraphName): Promise<OnnxSession> {
    let session = this.#sessions.get(name)
    if (!session) {
      const { fp16 } = this.#options
      session = this.#open(
        exportOnnx(
          this.model,
          name === 'one' ? { noise: 'none', fp16 } : { noise: name, fp16, steps: 'any' },
        ),
      )
      this.#sessions.set(name, session)
    }
    return session
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
    const key = `${board.rows}x${board.columns}`
    const sized =
      this.#sizes.get(key) ?? new SizedModel(sizedModel(this.#model, board), this.#open, this.#options)
    this.#use(key, sized)
    return sized
  }

  close(): Promise<unknown> {
    return Promise.all([...this.#sizes.values()].map((sized) => sized.release()))
  }

  #use(key: string, sized: SizedModel): void {
    this.#sizes.delete(key)
    this.#sizes.set(key, sized)
    const [oldest] = this.#sizes
    if (this.#sizes.size <= MOST_SIZES || !oldest) return
    this.#sizes.delete(oldest[0])
    void oldest[1].release()
  }
}
