/** What runs rollouts for a worker: solvers, made here and nowhere else. */
import { bundledModel } from '@ptrm/models'
import {
  type Backend,
  createPool,
  createSolver,
  type ExpectedWork,
  type KernelVariant,
  type OnnxOptions,
  type RecommendedPlan,
  type Rollouts,
  type SelectorName,
  type SolveOptions,
  type SolveResult,
  type SolverPool,
} from '@ptrm/orchestrator'
import type { RunSpec } from './spec.ts'

/** Solves puzzles of one part of a run, by one model; its opener closes it. A `Solver` is one. */
export interface Engine {
  readonly model: { readonly recommended: RecommendedPlan }
  /** The engine's name in records. */
  readonly backend: string
  /** How many puzzles are worth having in flight. */
  readonly slots: number
  solve(puzzle: unknown, options: SolveOptions): Promise<SolveResult>
  judge(puzzle: unknown, rollouts: Rollouts, select?: SelectorName): SolveResult
  close(): Promise<void>
}

/** Engines for the runs of a worker. Its maker closes it, once all that it opened is closed. */
export interface Engines {
  /** Opens one for a part of a run, on a model's file. Rejects as `createSolver` does. */
  open(model: Uint8Array, part: string, spec: RunSpec): Promise<Engine>
  close(): Promise<void>
}

/** What a worker's rollouts run on. */
export interface EngineChoice {
  /** Default: `auto`. */
  readonly backend?: Backend | undefined
  /** Threads; default: one a core. */
  readonly workers?: number | undefined
  readonly onnx?: OnnxOptions | undefined
}

/**
 * Solvers on this machine. Rollouts run in threads, so that nothing keeps the loop from renewing claims on jobs; all runs by
 * bundled models share the same ones.
 */
export class Solvers implements Engines {
  readonly #choice: EngineChoice
  readonly #pools = new Map<KernelVariant, Promise<SolverPool>>()

  constructor({ backend, workers, onnx }: EngineChoice) {
    this.#choice = { backend, workers, ...(onnx && { onnx }) }
  }

  async open(model: Uint8Array, part: string, spec: RunSpec): Promise<Engine> {
    const { data, models, kernel, plan } = spec
    const modelName = models[part]!.name
    const expected = {
      puzzles: data.entries,
      rollouts: plan.rollouts,
      steps: plan.steps,
      all: plan.stop === 'all',
    }
    // What a file of somebody's own runs best on is its own matter.
    if (!bundledModel(modelName))
      return createSolver({ ...this.#choice, model, modelName, kernelVariant: kernel, expected })
    return createSolver({ model, modelName, pool: await this.#pool(kernel, modelName, expected) })
  }

  async close(): Promise<void> {
    const pools = await Promise.allSettled(this.#pools.values())
    await Promise.all(pools.map((pool) => (pool.status === 'fulfilled' ? pool.value.close() : undefined)))
  }

  #pool(kernelVariant: KernelVariant, model: string, expected: ExpectedWork): Promise<SolverPool> {
    let pool = this.#pools.get(kernelVariant)
    if (!pool) {
      pool = createPool({ ...this.#choice, kernelVariant, model, expected })
      this.#pools.set(kernelVariant, pool)
    }
    return pool
  }
}
