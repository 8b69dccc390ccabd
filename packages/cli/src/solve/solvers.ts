/** The solvers of one command: one a model, made when the first puzzle asks for it. */
import { availableParallelism } from 'node:os'
import { bundledModel } from '@ptrm/models'
import {
  type Backend,
  createSolver,
  type ExpectedWork,
  type KernelVariant,
  type OnnxOptions,
  type Solver,
} from '@ptrm/orchestrator'
import { type AnyKind, type Position, PuzzleParseError } from '@ptrm/puzzles'

export interface SolversOptions {
  /** The file of the model for all puzzles; without it, the bundled model of each puzzle's kind. */
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
  /** How many puzzles are worth having in flight. */
  readonly workers: number
  readonly #options: SolversOptions
  /** By name, or file. */
  readonly #solvers = new Map<string | Uint8Array, Promise<Solver>>()

  constructor(options: SolversOptions) {
    this.#options = options
    this.workers = options.workers ?? availableParallelism()
  }

  /** Rejects as `createSolver` does. */
  #of(model: string | Uint8Array): Promise<Solver> {
    let solver = this.#solvers.get(model)
    if (!solver) {
      solver = createSolver({ ...this.#options, model })
      this.#solvers.set(model, solver)
    }
    return solver
  }

  /** The solver for a puzzle. Throws `PuzzleParseError` at the puzzle where there is none for its kind. */
  async forPuzzle({ kind, where }: { readonly kind: AnyKind; readonly where: Position }): Promise<Solver> {
    const { model } = this.#options
    if (model === undefined && !bundledModel(kind.name))
      throw new PuzzleParseError(`no bundled model for ${kind.name}; give one with --model`, where)
    const solver = await this.#of(model ?? kind.name)
    if (solver.kind.name !== kind.name)
      throw new PuzzleParseError(`a ${kind.name} puzzle, but the model is for ${solver.kind.name}`, where)
    return solver
  }

  async close(): Promise<void> {
    const solvers = await Promise.allSettled(this.#solvers.values())
    await Promise.all(
      solvers.map((solver) => (solver.status === 'fulfilled' ? solver.value.close() : undefined)),
    )
  }
}
