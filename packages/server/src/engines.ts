/** What runs rollouts for all requests: one pool of workers, and a solver for each model on it. The only file that makes them. */
import {
  createPool,
  createSolver,
  type PoolStats,
  type SolveOptions,
  type SolveResult,
  type Solver,
  type SolverPool,
} from '@ptrm/orchestrator'
import type { ServedModel } from './models.ts'
import { SettingsError } from './settings/read.ts'
import type { Settings } from './settings/table.ts'

export class Engines {
  readonly #pool: SolverPool
  readonly #solvers: ReadonlyMap<ServedModel, Solver>

  private constructor(pool: SolverPool, solvers: ReadonlyMap<ServedModel, Solver>) {
    this.#pool = pool
    this.#solvers = solvers
  }

  /**
   * Starts a worker, to hear at once of an engine that does not run here, and loads in it the models that are not ours, to hear
   * of their weights. Rejects as `createPool` and `Solver.load` do, and with `SettingsError` for such a model.
   */
  static async open(
    models: readonly ServedModel[],
    { backend, workers, slots }: Pick<Settings, 'backend' | 'workers' | 'slots'>,
  ): Promise<Engines> {
    const pool = await createPool({ backend, workers, onnx: slots === undefined ? {} : { slots } })
    try {
      const solvers = new Map<ServedModel, Solver>()
      for (const model of models)
        solvers.set(model, await createSolver({ model: model.bytes, modelName: model.name, pool }))
      await solvers.values().next().value?.load()
      for (const [{ name, isOwn }, solver] of solvers)
        if (isOwn)
          await solver.load().catch((cause: unknown) => {
            throw new SettingsError(`models: '${name}': ${(cause as Error).message}`, { cause })
          })
      return new Engines(pool, solvers)
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  /** The name of the engine. */
  get backend(): string {
    return this.#pool.backend
  }

  /** Rollouts that run at once. */
  get slots(): number {
    return this.#pool.slots
  }

  get stats(): PoolStats {
    return this.#pool.stats
  }

  /** Rejects as `Solver.solve` does, or with the signal's reason. */
  solve(model: ServedModel, puzzle: unknown, options: SolveOptions): Promise<SolveResult> {
    return this.#solvers.get(model)!.solve(puzzle, options)
  }

  /** Ends all workers; running calls reject. */
  close(): Promise<void> {
    return this.#pool.close()
  }
}
