/**
 * `@ptrm/orchestrator/edge`: the way in where there are no workers: Cloudflare's workerd, Deno Deploy, service workers. It
 * computes in the calling thread, a step a turn of its event loop. Models by URL or bytes, the kernel as a module, as bytes
 * or by URL. No Node, no page and no Worker anywhere.
 */
import {
  bestVariant,
  compileKernel,
  type KernelSource,
  type KernelVariant,
  kernelFrom,
  type WasmSource,
} from '@ptrm/core-wasm'
import type { KindOfModel } from './kind-types.ts'
import { checkOptions, checkSharing, EDGE_RULES } from './options.ts'
import { hereAdapter } from './pool/here.ts'
import { createSolverFrom, type Solver } from './solver.ts'
import { createPoolFrom, type SolverPool, type SolverPoolOptions } from './solver-pool.ts'
import { type ModelChoice, modelOf } from './web-model.ts'

export type { WasmSource } from '@ptrm/core-wasm'
export { type BundledModel, bundledModel, bundledModels } from '@ptrm/models'
export * from './common.ts'
export { fetchModel, type ModelChoice } from './web-model.ts'

/** A file of each of the kernel's builds, or of one of them. */
type PerVariant<File> = Readonly<Partial<Record<KernelVariant, File>>>

/** Which kernel. */
export interface CreatePoolOptions extends Pick<Partial<SolverPoolOptions>, 'kernelVariant' | 'slots'> {
  /** There are none, and this says so to those who read it. */
  readonly workers?: 0 | undefined
  /**
   * The kernel's .wasm itself: `import wasmModule from '@ptrm/core-wasm/simd128.wasm'` where the runtime imports such files,
   * its bytes, or a Response. A single one is plain SIMD's, unless `kernelVariant` says else; of several the fastest is taken.
   */
  readonly wasmModule?: WasmSource | PerVariant<WasmSource> | undefined
  /** Where it lies, in place of `wasmModule`. Default: beside the kernel's module. */
  readonly wasmUrl?: string | URL | PerVariant<string | URL> | undefined
}

/** The model and the kernel. */
export interface CreateSolverOptions extends CreatePoolOptions, ModelChoice {
  /** Of `createPool`, in place of its own; then no option may say which kernel. */
  readonly pool?: SolverPool | undefined
}

/**
 * A solver in the calling thread. Rejects with `PlanError` for an option out of range, `KernelUnavailableError`,
 * `ModelUnavailableError`, `ModelFormatError`, `ModelKindError`. A bundled model's name tells the compiler the kind of its
 * puzzles; for a file, name it as the type argument (which nothing checks) or by `kind` (which is held against the model).
 * The caller closes it.
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
  checkOptions(options, EDGE_RULES)
  if (pool) checkSharing(options, ['wasmModule'])
  // What keeps the kernel from running is told before any download.
  const here = pool ? { pool } : await hereOf(options)
  return createSolverFrom({ ...(await modelOf(options)), ...here })
}

/** The calling thread for solvers to share, fair between their puzzles: `createSolver({ model, pool })`. The caller closes it. */
export async function createPool(options: CreatePoolOptions = {}): Promise<SolverPool> {
  checkOptions(options, EDGE_RULES)
  return createPoolFrom(await hereOf(options))
}

async function hereOf(options: CreatePoolOptions): Promise<SolverPoolOptions> {
  return { adapter: hereAdapter(), workers: 0, slots: options.slots, kernel: await kernelOf(options) }
}

async function kernelOf({ wasmModule, wasmUrl, kernelVariant }: CreatePoolOptions): Promise<KernelSource> {
  // The feature test comes first, even where no variant is in question.
  const best = await bestVariant()
  const files = wasmModule ?? wasmUrl
  const hasBest = files === undefined || (isPerVariant(files) && files[best] !== undefined)
  const variant = kernelVariant ?? (hasBest ? best : 'simd128')
  if (wasmModule !== undefined)
    return kernelFrom(variant, (isPerVariant(wasmModule) ? wasmModule[variant] : wasmModule) as WasmSource)
  return compileKernel({ variant, wasmUrl: isPerVariant(wasmUrl) ? wasmUrl[variant] : wasmUrl })
}

/** Whether it holds a file for each variant, or is a file or an address itself. */
function isPerVariant<File>(files: File | PerVariant<File>): files is PerVariant<File> {
  return typeof files === 'object' && files !== null && ('simd128' in files || 'relaxed' in files)
}
