/**
 * `@ptrm/orchestrator/browser`: a page's way in. Models by name or URL, workers as module Workers, no Node anywhere.
 *
 * Importing it touches nothing of the page, so that servers may render with it. It needs neither SharedArrayBuffer nor
 * COOP/COEP; a Content-Security-Policy needs `script-src 'self' 'wasm-unsafe-eval'`, and `connect-src` for the files.
 */
import { bestVariant, type KernelVariant } from '@ptrm/core-wasm'
import type { KindOfModel } from './kind-types.ts'
import { checkOptions, checkSharing, SOLVER_RULES } from './options.ts'
import { browserAdapter } from './pool/browser.ts'
import { createSolverFrom, type Solver } from './solver.ts'
import { createPoolFrom, type SolverPool, type SolverPoolOptions } from './solver-pool.ts'
import { type ModelChoice, modelOf } from './web-model.ts'

export { type BundledModel, bundledModel, bundledModels } from '@ptrm/models'
export * from './common.ts'
export { browserAdapter, type MakeWorker } from './pool/browser.ts'
export { fetchModel, type ModelChoice } from './web-model.ts'

/** Where the kernel's .wasm files lie; relative to the page. Both builds, or one that then must fit `kernelVariant`. */
export type WasmUrl = string | URL | Readonly<Partial<Record<KernelVariant, string | URL>>>

/** Where the kernel lies, and how many workers there are. */
export interface CreatePoolOptions extends Partial<Omit<SolverPoolOptions, 'wasmUrl' | 'backend'>> {
  /** Default: the files beside the kernel's module. A single URL is plain SIMD's, unless `kernelVariant` says else. */
  readonly wasmUrl?: WasmUrl | undefined
}

/** The model, where its files and the kernel lie, and how many workers there are. */
export interface CreateSolverOptions extends CreatePoolOptions, ModelChoice {
  /** Workers that other solvers of the page share, of `createPool`, in place of its own; then no option may say what workers are. */
  readonly pool?: SolverPool | undefined
}

/**
 * A solver on this page's cores. Rejects with `PlanError` for an option out of range, `KernelUnavailableError` (no WebAssembly, no SIMD, a
 * Content-Security-Policy against it), `ModelUnavailableError`, `ModelFormatError`, `ModelKindError`. A bundled model's
 * name tells the compiler the kind of its puzzles; for a file, name it as the type argument (which nothing checks) or by
 * `kind` (which is held against the model). The caller closes the solver.
 */
export function createSolver<Name extends string = 'sudoku', K extends string = KindOfModel<Name>>(
  options?: CreateSolverOptions & {
    readonly model?: Name | undefined
    readonly kind?: K | undefined
    readonly modelUrl?: undefined
    readonly modelBytes?: undefined
  },
): Promise<Solver<K>>
/** For models whose name does not tell their kind. */
export function createSolver<K extends string = string>(
  options?: CreateSolverOptions & { readonly kind?: K | undefined },
): Promise<Solver<K>>
export async function createSolver(options: CreateSolverOptions = {}): Promise<Solver> {
  const { pool } = options
  checkOptions(options, SOLVER_RULES)
  if (pool) checkSharing(options)
  // What keeps the kernel from running is told before any download.
  const workers = pool ? { pool } : await workersOf(options)
  return createSolverFrom({ ...(await modelOf(options)), ...workers })
}

/**
 * Workers on this page's cores for its solvers to share: `createSolver({ model, pool })`. They are started as there is work.
 * Rejects with `PlanError` or `KernelUnavailableError`. The caller closes it.
 */
export async function createPool(options: CreatePoolOptions = {}): Promise<SolverPool> {
  checkOptions(options, SOLVER_RULES)
  return createPoolFrom(await workersOf(options))
}

async function workersOf(options: CreatePoolOptions): Promise<SolverPoolOptions> {
  const { wasmUrl, kernel, kernelVariant, workers, slots, adapter = browserAdapter() } = options
  // The feature test comes first, even where no variant is in question.
  const best = await bestVariant()
  const variant = kernelVariant ?? (isOneUrl(wasmUrl) ? 'simd128' : best)
  return {
    ...{ adapter, workers, slots, kernel, kernelVariant: variant },
    wasmUrl: isOneUrl(wasmUrl) ? wasmUrl : wasmUrl?.[variant],
  }
}

function isOneUrl(url: WasmUrl | undefined): url is string | URL {
  return typeof url === 'string' || url instanceof URL
}
