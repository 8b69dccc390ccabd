/** A TRM in wasm memory with its rollout slots: start a slot, step it, look at its state without copies. */
import type * as Glue from '../pkg/simd128/ptrm_core.js'
import type { BoardSize, Latent, NoiseRequest, TokenBoard, TrmConfig } from './config.ts'
import { kernelError } from './errors.ts'
import { MOST_CELLS, MOST_PUZZLE_WEIGHTS } from './limits.ts'
import { checkNoise } from './noise-request.ts'

const TARGET_BITS = { zL: 1, zH: 2, both: 3 } as const

/**
 * What one step left in a slot. The array is a view into wasm memory, valid until the slot's next step, and no longer than
 * until that memory grows: where a model is loaded, a larger board started, or noise made by the same kernel. It is then
 * empty; copy what is to be kept.
 */
export interface StepView {
  /** Best token of each cell among those that an answer may hold, shape [L]. */
  readonly tokens: Uint8Array
  /** Halt logit: the model's own belief that the answer is right. */
  readonly q: number
}

declare global {
  // As in TypeScript's own esnext.disposable, for callers who compile without it.
  interface SymbolConstructor {
    readonly dispose: unique symbol
  }
}

/** `using model = kernel.load(...)` closes it, as `close()` does. */
export class TrmModel {
  readonly config: TrmConfig
  readonly slots: number
  readonly #model: Glue.Model
  readonly #memory: WebAssembly.Memory
  /** Cells of the board that each slot holds. */
  readonly #cells: (number | undefined)[]
  #closed = false

  /** @internal For `Kernel.load`. */
  static of(config: TrmConfig, slots: number, model: Glue.Model, memory: WebAssembly.Memory): TrmModel {
    return new TrmModel(config, slots, model, memory)
  }

  private constructor(config: TrmConfig, slots: number, model: Glue.Model, memory: WebAssembly.Memory) {
    this.config = config
    this.slots = slots
    this.#cells = Array.from({ length: slots }, () => config.seqLen)
    this.#model = model
    this.#memory = memory
  }

  /**
   * Puts a board into a slot with fresh latents; slots may hold boards of different sizes. Throws RangeError for values out
   * of range, `KernelUnavailableError` where memory ends. A board larger than any before grows the memory: views are then
   * invalid.
   */
  start(slot: number, { rows, columns, tokens: given }: TokenBoard, puzzleId = 0): void {
    // Copied, as they may be a view of the kernel's memory themselves, which `place` may grow.
    const tokens = given.slice()
    if (tokens.length !== rows * columns)
      throw new RangeError(
        `found ${tokens.length} tokens, a board of ${rows}x${columns} has ${rows * columns}`,
      )
    this.#checkBoard({ rows, columns })
    this.#checkSlot(slot)
    if (!Number.isInteger(puzzleId) || puzzleId < 0 || puzzleId >= MOST_PUZZLE_WEIGHTS)
      throw new RangeError(`puzzle id: found ${puzzleId}, wanted a number of the model's puzzles, from 0 on`)
    this.#call(() => this.#model.place(rows, columns))
    new Uint8Array(this.#memory.buffer, this.#model.tokens_ptr(), tokens.length).set(tokens)
    this.#call(() => this.#model.start(slot, puzzleId))
    this.#cells[slot] = tokens.length
  }

  /**
   * Adds the noise asked for, then advances the slot by one deep recursion step, in one call into wasm. Throws RangeError for
   * values out of range.
   */
  step(slot: number, noise?: NoiseRequest): StepView {
    this.#checkSlot(slot)
    if (noise) checkNoise(noise)
    const { seed, rollout, step, sigma, target } = noise ?? NO_NOISE
    const low = Number(seed & 0xffffffffn)
    const high = Number((seed >> 32n) & 0xffffffffn)
    this.#call(() => this.#model.step(slot, low, high, rollout, step, sigma, TARGET_BITS[target]))
    const tokens = new Uint8Array(this.#memory.buffer, this.#model.answer_ptr(slot), this.#cellsOf(slot))
    return { tokens, q: this.q(slot)[0]! }
  }

  /** Rows T of a slot's latent: prefix, then the cells of its board. Throws RangeError before its first start. */
  rows(slot: number): number {
    return this.config.prefix + this.#cellsOf(slot)
  }

  /** Adds a latent of the caller's own, row-major [T, d], to z_H or z_L. */
  perturb(slot: number, latent: Latent, values: Float32Array): void {
    this.#putRows(slot, values)
    this.#call(() => this.#model.add_rows(slot, latent === 'zH'))
  }

  /** Replaces z_H or z_L of a started slot by a latent of the caller's own, row-major [T, d]. */
  writeLatent(slot: number, latent: Latent, values: Float32Array): void {
    this.#putRows(slot, values)
    this.#call(() => this.#model.set_rows(slot, latent === 'zH'))
  }

  /** Logits of the last step, a view of shape [L, vocab]. */
  logits(slot: number): Float32Array {
    const length = this.#cellsOf(slot) * this.config.vocabSize
    return new Float32Array(this.#memory.buffer, this.#model.logits_ptr(slot), length)
  }

  /** Halt and continue logit of the last step, a view of shape [2]. */
  q(slot: number): Float32Array {
    this.#checkSlot(slot)
    return new Float32Array(this.#memory.buffer, this.#model.q_ptr(slot), 2)
  }

  /**
   * A latent as the kernel holds it: a view of shape [ceil(d / 8), T, 8], channel panels, zeros past d.
   * The order is fixed, so it serves statistics and pictures as it is; `readLatent` gives rows.
   */
  latentView(slot: number, latent: Latent): Float32Array {
    const length = Math.ceil(this.config.hiddenSize / 8) * 8 * this.rows(slot)
    return new Float32Array(this.#memory.buffer, this.#model.latent_ptr(slot, latent === 'zH'), length)
  }

  /** A copy of a latent, row-major [T, d]. */
  readLatent(slot: number, latent: Latent): Float32Array {
    const rows = this.#rows(slot)
    this.#call(() => this.#model.read_rows(slot, latent === 'zH'))
    return rows.slice()
  }

  /** Frees the model's memory; views and further calls are then invalid. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#model.free()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #cellsOf(slot: number): number {
    this.#checkSlot(slot)
    const cells = this.#cells[slot]
    if (cells === undefined) throw new RangeError(`slot ${slot}: no board yet; start it first`)
    return cells
  }

  #checkBoard(board: BoardSize): void {
    const { rows, columns } = board
    const cells = rows * columns
    const { seqLen, tie } = this.config
    const whole = Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0
    if (!whole || cells > MOST_CELLS)
      throw new RangeError(`found a board of ${rows}x${columns}, wanted one of 1 to ${MOST_CELLS} cells`)
    if (seqLen !== undefined && cells !== seqLen)
      throw new RangeError(`found ${cells} tokens, the model reads ${seqLen}`)
    if (tie?.name === 'units' && rows !== columns)
      throw new RangeError(`found a board of ${rows}x${columns}, the model reads 9x9`)
  }

  /** The kernel's buffer of one latent, of a slot's size. */
  #rows(slot: number): Float32Array {
    const length = this.rows(slot) * this.config.hiddenSize
    this.#call(() => this.#model.fit_rows(slot))
    return new Float32Array(this.#memory.buffer, this.#model.rows_ptr(), length)
  }

  #putRows(slot: number, values: Float32Array): void {
    const rows = this.#rows(slot)
    if (values.length !== rows.length)
      throw new RangeError(`found ${values.length} values, a latent has ${rows.length}`)
    rows.set(values)
  }

  #checkSlot(slot: number): void {
    if (this.#closed) throw new Error('the model is closed')
    if (!Number.isInteger(slot) || slot < 0 || slot >= this.slots) {
      throw new RangeError(`slot ${slot}: the model has ${this.slots}`)
    }
  }

  #call(run: () => void): void {
    try {
      run()
    } catch (thrown) {
      if (typeof thrown === 'string') throw new RangeError(thrown)
      // What stopped half-way is in use for good: it can be neither run nor freed.
      if (thrown instanceof WebAssembly.RuntimeError) this.#closed = true
      throw kernelError(thrown)
    }
  }
}

const NO_NOISE: NoiseRequest = { seed: 0n, rollout: 0, step: 0, sigma: 0, target: 'zL' }
