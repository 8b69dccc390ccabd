/** Models for those who have no Node: by bundled name, URL or bytes. */
import { bundledModel, bundledModels } from '@ptrm/models'
import { DEFAULT_KIND } from '@ptrm/puzzles'
import { ModelUnavailableError, PlanError } from './errors.ts'
import type { SolverOptions } from './solver.ts'

/** Which model, and where its file lies. */
export interface ModelChoice extends Partial<Pick<SolverOptions, 'modelName' | 'kind'>> {
  /** A bundled model's name, or a kind's name. Default: `kind`, else `sudoku`; `modelUrl` and `modelBytes` lead. */
  readonly model?: string | undefined
  /** A safetensors file, relative to the page, where there is one. */
  readonly modelUrl?: string | URL | undefined
  /** A whole safetensors file. */
  readonly modelBytes?: Uint8Array | ArrayBuffer | undefined
  /** Ends the fetching of the model. */
  readonly signal?: AbortSignal | undefined
}

/** Has the bytes of the model. Rejects with `ModelUnavailableError`, `PlanError`, or the signal's reason. */
export async function modelOf(
  choice: ModelChoice,
): Promise<Pick<SolverOptions, 'modelName' | 'modelBytes' | 'kind'>> {
  const { kind, model = kind ?? DEFAULT_KIND, modelUrl, modelBytes, signal } = choice
  const isBundled = modelUrl === undefined && !modelBytes
  return {
    kind,
    modelName: choice.modelName ?? (isBundled ? bundledModel(model)?.name : undefined),
    modelBytes: modelBytes ? viewOf(modelBytes) : await fetchModel(modelUrl ?? bundledUrl(model), signal),
  }
}

/** Fetches a model file; the address is relative to the page, where there is one. Rejects with `ModelUnavailableError`. */
export async function fetchModel(url: string | URL, signal?: AbortSignal): Promise<Uint8Array> {
  const address = addressOf(url)
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
  'Check modelUrl. A bundled model must be served beside the scripts; esbuild and rollup leave it behind unless told: serve it and give modelUrl, or its modelBytes (docs/embedding.md).'

function bundledUrl(model: string): URL {
  const found = bundledModel(model)
  if (!found) {
    const names = bundledModels.map(({ name, kind }) => `${name} (${kind})`).join(', ')
    throw new ModelUnavailableError(`no bundled model '${model}'; there are ${names}. Or give a modelUrl.`)
  }
  try {
    return found.weights
  } catch (cause) {
    // A bundle in a format without `import.meta`, or a runtime that has no address of it.
    throw new ModelUnavailableError(`can't tell where the model '${model}' lies. ${MODEL_REMEDY}`, { cause })
  }
}

function addressOf(url: string | URL): URL {
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href)
  } catch (cause) {
    const what = 'it is no whole address, and there is no page that it could be relative to'
    throw new ModelUnavailableError(`can't fetch the model ${url}: ${what}. ${MODEL_REMEDY}`, { cause })
  }
}

function viewOf(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes)
  throw new PlanError('modelBytes', bytes, 'a Uint8Array or an ArrayBuffer', 'options')
}
