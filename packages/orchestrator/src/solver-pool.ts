/** Workers that several solvers share: of different models, on one engine, in any program. */
import { compileKernel, type KernelSource, type KernelVariant } from '@ptrm/core-wasm'
import { PlanError } from './errors.ts'
import { checkOptions, SOLVER_RULES } from './options.ts'
import { Pool } from './pool/pool.ts'
import type { PoolStats } from './pool/pool-stats.ts'
import type { WorkerAdapter } from './pool/protocol.ts'

/** What the workers of a pool are. */
export interface SolverPoolOptions {
  readonly adapter: WorkerAdapter
  /** Default: one a core. 0 where the adapter computes in the calling thread. */
  readonly workers?: number | undefined
  /** Rollouts that a worker holds at once; more than 1 for engines that run many side by side. Default 1. */
  readonly slots?: number | undefined
  /** Default: the fastest that runs here. */
  readonly kernelVariant?: KernelVariant | undefined
  readonly wasmUrl?: string | URL | undefined
  /** A kernel that is compiled; then `kernelVariant` and `wasmUrl` are not looked at. */
  readonly kernel?: KernelSource | undefined
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
  /** Worker threads, when all are started; 0 in the calling thread. */
  readonly workers: number
  /** Rollouts that run at once, when all workers are started: so many puzzles in flight keep it busy. */
  readonly slots: number
  /** What solvers are made on. */
  readonly pool: Pool

  /** `workers`: threads of the pool's workers. */
  constructor(pool: Pool, backend: string, kernelVariant: KernelVariant, workers: number = pool.size) {
    this.pool = pool
    this.backend = backend
    this.kernelVariant = kernelVariant
    this.workers = workers
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
  const { adapter, backend = 'wasm', kernelVariant, wasmUrl, workers, slots } = options
  const isHere = workers === 0
  if (isHere && !adapter.attend)
    throw new PlanError(
      'workers',
      0,
      '1 or more; @ptrm/orchestrator/edge does without, as @ptrm/orchestrator in Node',
      'options',
    )
  const kernel = options.kernel ?? (await compileKernel({ variant: kernelVariant, wasmUrl }))
  const pool = new Pool({ adapter, kernel, workers: isHere ? 1 : workers, slots })
  return new SolverPool(pool, backend, kernel.variant, isHere ? 0 : pool.size)
}
