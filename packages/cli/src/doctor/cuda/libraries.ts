/** The libraries of CUDA 13 that onnxruntime's provider links, and the folders of this machine that may hold them. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What the provider of onnxruntime 1.30 links of CUDA, and the package of Python's index that brings each. */
export const CUDA_PACKAGES: Readonly<Record<string, string>> = {
  'libcublasLt.so.13': 'nvidia-cublas==13.*',
  'libcublas.so.13': 'nvidia-cublas==13.*',
  'libcurand.so.10': 'nvidia-curand==10.*',
  'libcudart.so.13': 'nvidia-cuda-runtime==13.*',
}

const SITE_PACKAGES =
  'import site, sys; print(*sys.path, *site.getsitepackages(), site.getusersitepackages(), sep="\\n")'
const SYSTEM_PLACES = ['/usr/local', '/opt']

/** Folders that may hold them: of NVIDIA's Python packages, then of the toolkit where it usually is. */
export function cudaFolders(python: string): string[] {
  const { stdout } = spawnSync(python, ['-c', SITE_PACKAGES], { encoding: 'utf8' })
  const sites = (stdout ?? '').split('\n').filter((place) => place !== '')
  const packages = sites.flatMap((site) =>
    foldersIn(join(site, 'nvidia')).map((folder) => join(folder, 'lib')),
  )
  const toolkits = SYSTEM_PLACES.flatMap((place) =>
    foldersIn(place).filter((folder) => /\/cuda[^/]*$/.test(folder)),
  )
  return [...new Set([...packages, ...toolkits.map((folder) => join(folder, 'lib64'))])]
}

/** Which of the folders holds each library; a library that none holds is left out. */
export function placesOf(names: readonly string[], folders: readonly string[]): ReadonlyMap<string, string> {
  const places = new Map<string, string>()
  for (const name of names) {
    const folder = folders.find((each) => existsSync(join(each, name)))
    if (folder !== undefined) places.set(name, folder)
  }
  return places
}

function foldersIn(place: string): string[] {
  try {
    return readdirSync(place).map((name) => join(place, name))
  } catch {
    return []
  }
}
