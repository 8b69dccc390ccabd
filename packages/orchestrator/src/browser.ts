/**
 * `@ptrm/orchestrator/browser`: a page's way in. Models by name or URL, workers as module Workers, no Node anywhere.
 *
 * Importing it touches nothing of the page, so that servers may render with it. It needs neither SharedArrayBuffer nor
 * COOP/COEP; a Content-Security-Policy needs `script-src 'self' 'wasm-unsafe-eval'`, and `connect-src` for the files.
 */
import { bestVariant, type KernelVariant } from '@ptrm/core-wasm'
import { bundledModel, bundledModels } from '@ptrm/models'
import { DEFAULT_KIND } from '@ptrm/puzzles'
import { ModelUnavailableError } from './errors.ts'
import type { KindOfModel } from './kind-types.ts'
import { checkOptions, checkSharing, SOLVER_RULES } from './options.ts'
import { browserAdapter } from './pool/browser.ts'
import { createSolverFrom, type Solver, type SolverOptions } from './solver.ts'
import { createPoolFrom, type SolverPool, type SolverPoolOptions } from './solver-pool.ts'

export { type BundledModel, bundledModel, bundledModels } from '@ptrm/models'
export * from './common.ts'
export { browserAdapter, type MakeWorker } from './pool/browser.ts'

/** Where the kernel's .wasm files lie; relative to the page. Both builds, or one that then must fit `kernelVariant`. */
export type WasmUrl = string | URL | Readonly<Partial<Record<KernelVariant, string | URL>>>

/** Where the kernel lies, and how many workers there are. */
export interface CreatePoolOptions extends Partial<Omit<SolverPoolOptions, 'wasmUrl' | 'backend'>> {
  /** Default: the files beside the kernel's module. A single URL is plain SIMD's, unless `kernelVariant` says else. */
  readonly wasmUrl?: WasmUrl | undefined
}

/** The model, where its files and the kernel lie, and how many workers there are. */
export interface CreateSolverOptions
  extends CreatePoolOptions,
    Partial<Pick<SolverOptions, 'modelBytes' | 'modelName' | 'kind'>> {
  /** A bundled model's name, or a kind's name. Default: `kind`, else `sudoku`; `modelUrl` and `modelBytes` lead. */
  readonly model?: string | undefined
  /** A safetensors file, relative to the page. */
  readonly modelUrl?: string | URL | undefined
  /** Ends the fetching of model and kernel. */
  readonly signal?: AbortSignal | undefined
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
  const { kind, model = kind ?? DEFAULT_KIND, modelUrl, modelBytes, signal, pool } = options
  checkOptions(options, SOLVER_RULES)
  if (pool) checkSharing(options)
  // What keeps the kernel from running is told before any download.
  const workers = pool ? { pool } : await workersOf(options)
  return createSolverFrom({
    kind,
    modelName:
      options.modelName ?? (modelUrl === undefined && !modelBytes ? bundledModel(model)?.name : undefined),
    modelBytes: modelBytes ?? (await fetchModel(modelUrl ?? bundledUrl(model), signal)),
    ...workers,
  })
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
  const { wasmUrl, kernelVariant, workers, slots, adapter = browserAdapter() } = options
  // The feature test comes first, even where no variant is in question.
  const best = await bestVariant()
  const variant = kernelVariant ?? (isOneUrl(wasmUrl) ? 'simd128' : best)
  const url = isOneUrl(wasmUrl) ? wasmUrl : wasmUrl?.[variant]
  return {
    ...{ adapter, workers, slots, kernelVariant: variant },
    wasmUrl: url === undefined ? undefined : pageUrl(url),
  }
}

/** Fetches a model file; the address is relative to the page. Rejects with `ModelUnavailableError`. */
export async function fetchModel(url: string | URL, signal?: AbortSignal): Promise<Uint8Array> {
  const address = pageUrl(url)
  let response: Response
  try {
    response = await fetch(address, { signal: signal ?? null })
    // Servers of one-page apps answer with their page where there is no file.
    const isPage = response.headers.get('content-type')?.startsWith('text/html')
    if (response.ok && !isPage) return new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    signal?.throwIfAborted()
    const remedy = 'Is the page online, does that server allow this page (CORS), and the policy connect-src?'
    throw new ModelUnavailableError(`can't fetch the model ${address}: ${String(cause)}. ${remedy}`, {
      cause,
    })
  }
  const answer = response.ok
    ? 'the server answers with a page, not with a safetensors file'
    : `HTTP ${response.status}`
  throw new ModelUnavailableError(`can't fetch the model ${address}: ${answer}. ${MODEL_REMEDY}`)
}

const MODEL_REMEDY =
  'Check modelUrl. A bundled model must be served beside the scripts; esbuild and rollup leave it behind unless told: serve it and give modelUrl (docs/embedding.md).'

function bundledUrl(model: string): URL {
  const found = bundledModel(model)
  if (!found) {
    const names = bundledModels.map(({ name, kind }) => `${name} (${kind})`).join(', ')
    throw new ModelUnavailableError(`no bundled model '${model}'; there are ${names}. Or give a modelUrl.`)
  }
  try {
    return found.weights
  } catch (cause) {
    // A bundle in a format without `import.meta`.
    throw new ModelUnavailableError(`can't tell where the model '${model}' lies. ${MODEL_REMEDY}`, { cause })
  }
}

function isOneUrl(url: WasmUrl | undefined): url is string | URL {
  return typeof url === 'string' || url instanceof URL
}

function pageUrl(url: string | URL): URL {
  return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href)
}
