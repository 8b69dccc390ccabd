/** The solvers of one command: one a model, made when the first puzzle asks for it. */
import { availableParallelism } from 'node:os'
import {
  type Backend,
  createPool,
  createSolver,
  type ExpectedWork,
  type KernelVariant,
  modelFault,
  modelFor,
  type OnnxOptions,
  type Solver,
  type SolverPool,
} from '@ptrm/orchestrator'
import { type AnyItem, PuzzleParseError } from '@ptrm/puzzles'
import type { Found } from '@ptrm/puzzles/node'

export interface SolversOptions {
  /** The file of the model for all puzzles; without it, the bundled model for each puzzle. */
  readonly model?: Uint8Array | undefined
  readonly workers?: number | undefined
  readonly backend?: Backend | undefined
  readonly kernelVariant?: KernelVariant | undefined
  readonly onnx?: OnnxOptions | undefined
  /** Whether the first worker may live in this thread. */
  readonly firstHere?: boolean | undefined
  /** What `auto` weighs. */
  readonly expected?: ExpectedWork | undefined
}

export class Solvers {
  readonly #options: SolversOptions
  /** By name, or file. */
  readonly #solvers = new Map<string | Uint8Array, Promise<Solver>>()
  /** For bundled models, so that puzzles of six kinds have the workers of one. */
  #pool: Promise<SolverPool> | undefined

  constructor(options: SolversOptions) {
    this.#options = options
  }

  /** How many puzzles are worth having in flight where this one is the first. */
  async inFlight(first: AnyItem): Promise<number> {
    // Without workers it is this thread that solves, one puzzle at a time.
    const atOnce = Math.max(1, this.#options.workers ?? availableParallelism())
    if ('error' in first) return atOnce
    const solver = await this.forPuzzle(first).catch((error: unknown) => {
      if (error instanceof PuzzleParseError) return undefined // told in its turn
      throw error
    })
    return solver?.slots ?? atOnce
  }

  /** Rejects as `createSolver` does. */
  #of(model: string | Uint8Array): Promise<Solver> {
    let solver = this.#solvers.get(model)
    if (!solver) {
      solver = this.#make(model)
      this.#solvers.set(model, solver)
    }
    return solver
  }

  async #make(model: string | Uint8Array): Promise<Solver> {
    const { workers, backend, kernelVariant, onnx, expected, firstHere } = this.#options
    if (typeof model !== 'string' || firstHere) return createSolver({ ...this.#options, model })
    this.#pool ??= createPool({ workers, backend, kernelVariant, onnx, model, expected })
    return createSolver({ model, pool: await this.#pool })
  }

  /** The solver for a puzzle. Throws `PuzzleParseError` at the puzzle where there is none for its kind. */
  async forPuzzle(found: Found): Promise<Solver> {
    const { model } = this.#options
    const none = model === undefined ? modelFault(found, undefined) : undefined
    if (none) throw none
    const solver = await this.#of(model ?? modelFor(found)!.name)
    const other = modelFault(found, solver.kind.name)
    if (other) throw other
    return solver
  }

  async close(): Promise<void> {
    const solvers = await Promise.allSettled(this.#solvers.values())
    await Promise.all(
      solvers.map((solver) => (solver.status === 'fulfilled' ? solver.value.close() : undefined)),
    )
    await (await this.#pool?.catch(() => undefined))?.close()
  }
}
