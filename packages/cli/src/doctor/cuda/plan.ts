/** What is to be done until onnxruntime's CUDA provider is in its place with all that it links. Changes nothing. */
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  DRIVER_LIBRARY,
  type FoundRuntime,
  findRuntime,
  installCommand,
  missingLibraries,
} from '@ptrm/orchestrator/onnx'
import { UsageError } from '../../input.ts'
import { installError } from './errors.ts'
import { CUDA_PACKAGES, cudaFolders, placesOf } from './libraries.ts'

export const PROVIDER = 'libonnxruntime_providers_cuda.so'
export const SHARED = 'libonnxruntime_providers_shared.so'

/** Where the provider comes from. */
export type ProviderSource =
  | { readonly from: 'place'; readonly file: string }
  /** A folder with both libraries. */
  | { readonly from: 'folder'; readonly folder: string }
  /** A wheel's path, or a package for pip to download. */
  | { readonly from: 'wheel' | 'index'; readonly what: string }

export interface CudaPlan {
  readonly version: string
  /** Where the binding of onnxruntime-node is, and the provider will be. */
  readonly folder: string
  readonly provider: ProviderSource
}

/** What becomes of the libraries that the loader does not find. */
export interface LibraryPlan {
  /** Folders that hold some; the provider is told to look there. */
  readonly folders: readonly string[]
  /** Packages that bring the others. */
  readonly packages: readonly string[]
}

/** Throws `BackendUnavailableError` where onnxruntime-node is missing, `UsageError` where `from` is no such file. */
export function planCuda(from: string | undefined, runtime: FoundRuntime = findRuntime()): CudaPlan {
  const { package: installed, version, cuda, cudaWanted } = runtime
  if (!installed || version === undefined)
    throw installError(`onnxruntime-node is not installed: ${installCommand()}`)
  if (!cudaWanted) throw installError('onnxruntime has a CUDA provider for Linux on x64 alone')
  const provider =
    from !== undefined
      ? sourceOf(from, version)
      : cuda !== undefined && existsSync(join(dirname(cuda), SHARED))
        ? ({ from: 'place', file: cuda } as const)
        : ({ from: 'index', what: `onnxruntime-gpu==${version}` } as const)
  return { version, folder: dirname(cudaWanted), provider }
}

/** What `--from` names: a wheel, the provider, or a folder that holds it. */
function sourceOf(from: string, version: string): ProviderSource {
  if (!existsSync(from)) throw new UsageError(`--from ${from}: there is no such file`)
  if (from.endsWith('.whl')) {
    if (!basename(from).startsWith(`onnxruntime_gpu-${version}-`))
      throw new UsageError(
        `--from ${from}: wanted a wheel of onnxruntime-gpu ${version}, as onnxruntime-node is`,
      )
    return { from: 'wheel', what: from }
  }
  const folder = statSync(from).isDirectory() ? from : dirname(from)
  for (const name of [PROVIDER, SHARED])
    if (!existsSync(join(folder, name)))
      throw new UsageError(
        `--from ${from}: ${name} is not in ${folder}; both are in onnxruntime/capi of the wheel`,
      )
  return { from: 'folder', folder }
}

/** For a provider that is there; of one that is not yet, what it will link. */
export function planLibraries(python: string, provider: string | undefined): LibraryPlan {
  const missing = provider === undefined ? Object.keys(CUDA_PACKAGES) : missingLibraries(provider)
  if (missing === undefined) throw installError(`can't run ldd on ${provider}`)
  const names = missing.filter((name) => name !== DRIVER_LIBRARY)
  const unknown = names.filter((name) => !Object.hasOwn(CUDA_PACKAGES, name))
  if (unknown.length > 0)
    throw installError(
      `the provider links ${unknown.join(', ')}, which the loader does not find: it is not that of the Python package; remove it, and run this again`,
    )
  const places = placesOf(names, cudaFolders(python))
  const others = names.filter((name) => !places.has(name))
  return {
    folders: [...new Set(places.values())],
    packages: [...new Set(others.map((name) => CUDA_PACKAGES[name]!))],
  }
}
