/** Looks for onnxruntime-node and its CUDA provider on the disk, without loading either. Node only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What of onnxruntime-node is on the disk. */
export interface FoundRuntime {
  /** Folder of the package; undefined where it is not installed. */
  readonly package: string | undefined
  readonly version: string | undefined
  /** Path of the CUDA provider's library; undefined where it is not there. */
  readonly cuda: string | undefined
  /** Where that library belongs. */
  readonly cudaWanted: string | undefined
}

const CUDA_LIBRARY = 'libonnxruntime_providers_cuda.so'
const NONE: FoundRuntime = { package: undefined, version: undefined, cuda: undefined, cudaWanted: undefined }

/** Looks where Node would load the package from. Throws nothing: what is missing is undefined. */
export function findRuntime(): FoundRuntime {
  let folder: string
  try {
    folder = packageFolder(createRequire(import.meta.url).resolve('onnxruntime-node'))
  } catch {
    return NONE
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  const bin = join(folder, 'bin')
  const napi = existsSync(bin) ? readdirSync(bin).find((name) => name.startsWith('napi-')) : undefined
  // The only platform that the package has a CUDA provider for.
  if (!napi || process.platform !== 'linux' || process.arch !== 'x64')
    return { ...NONE, package: folder, version }
  const cudaWanted = join(bin, napi, 'linux', 'x64', CUDA_LIBRARY)
  return { package: folder, version, cuda: existsSync(cudaWanted) ? cudaWanted : undefined, cudaWanted }
}

/** The package's folder from its entry file. */
function packageFolder(entry: string): string {
  let folder = dirname(entry)
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder)
    if (above === folder) throw new Error(`no package.json above ${entry}`)
    folder = above
  }
  return folder
}
