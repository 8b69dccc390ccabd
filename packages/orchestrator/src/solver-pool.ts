/** Workers that several solvers share: of different models, on one engine, in any program. */
import { bestVariant, compileKernel, type KernelVariant } from '@ptrm/core-wasm'
import { checkOptions, SOLVER_RULES } from './options.ts'
import { Pool } from './pool/pool.ts'
import type { PoolStats } from './pool/pool-stats.ts'
import type { WorkerAdapter } from './pool/protocol.ts'

/** What the workers of a pool are. */
export interface SolverPoolOptions {
  readonly adapter: WorkerAdapter
  /** Default: one a core. */
  readonly workers?: number | undefined
  /** Rollouts that a worker holds at once; more than 1 for engines that run many side by side. Default 1. */
  readonly slots?: number | undefined
  /** Default: the fastest that runs here. */
  readonly kernelVariant?: KernelVariant | undefined
  readonly wasmUrl?: string | URL | undefined
  /** The name of the engine that the adapter's workers open; default `wasm`. */
  readonly backend?: string | undefined
}

/**
 * Give it to `createSolver({ pool })`. Its solvers' puzzles fill the same slots, fair between clients (`solve`'s `client`).
 * Whoever made it closes it; that ends the running calls of all its solvers.
 */
export class SolverPool {
  /** The name of the engine that rollouts run on. */
  readonly backend: string
  /** Of the kernel, which makes the noise for every backend. */
  readonly kernelVariant: KernelVariant
  /** Worker threads, when all are started. */
  readonly workers: number
  /** Rollouts that run at once, when all workers are started: so many puzzles in flight keep it busy. */
  readonly slots: number
  /** What solvers are made on. */
  readonly pool: Pool

  constructor(pool: Pool, backend: string, kernelVariant: KernelVariant) {
    this.pool = pool
    this.backend = backend
    this.kernelVariant = kernelVariant
    this.workers = pool.size
    this.slots = pool.size * pool.slots
  }

  /** How full it is, and what it has done. */
  get stats(): PoolStats {
    return this.pool.stats
  }

  /** Ends all workers; running calls reject. */
  close(): Promise<void> {
    return this.pool.close()
  }
}

/** Compiles the kernel; starts no worker. Rejects with `PlanError` or `KernelUnavailableError`. The caller closes the pool. */
export async function createPoolFrom(options: SolverPoolOptions): Promise<SolverPool> {
  checkOptions(options, SOLVER_RULES)
  const { backend = 'wasm', wasmUrl, kernelVariant } = options
  const variant = kernelVariant ?? (await bestVariant())
  const kernel = await compileKernel({ variant, wasmUrl })
  const { adapter, workers, slots } = options
  return new SolverPool(new Pool({ adapter, kernel, workers, slots }), backend, variant)
}
