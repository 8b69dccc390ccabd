/** What is still to be installed for onnxruntime's CUDA provider, with the exact commands. Node only. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outputOf } from '../command.ts'
import { type Gpu, listGpus } from '../gpus.ts'
import { type FoundRuntime, findRuntime } from './find.ts'

/** The version that the graphs are tested with. */
const PACKAGE = 'onnxruntime-node@1.30.0'

/**
 * The command that installs the package where Node looks for it from here: in the project whose `node_modules` holds
 * this file, or beside a command that was installed for the whole machine. Without its script, which fetches CUDA libraries
 * from a host that many machines don't reach, and fails there; `--install-cuda` gets them otherwise.
 */
export function installCommand(file: string = fileURLToPath(import.meta.url)): string {
  const folder = /^(.*?)[\\/]node_modules[\\/]/.exec(file)?.[1]
  // A clone has it for its tests.
  const isGlobal = folder !== undefined && !existsSync(join(folder, 'package.json'))
  return `npm install ${isGlobal ? '--global ' : ''}--ignore-scripts ${PACKAGE}`
}
/** From NVIDIA's table of drivers and CUDA versions: the least driver of CUDA 13 on Linux. */
const LEAST_DRIVER = '580'

/** Each step that is still to be made, with its exact command. */
export function cudaSteps(
  runtime: FoundRuntime = findRuntime(),
  gpus: readonly Gpu[] = listGpus(),
): string[] {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return ['onnxruntime has a CUDA provider for Linux on x64 alone']
  const steps: string[] = []
  if (gpus.length === 0)
    steps.push(`no GPU found by nvidia-smi: an NVIDIA GPU with its driver, ${LEAST_DRIVER} or newer`)
  if (!runtime.package) steps.push(`onnxruntime-node: ${installCommand()}`)
  const missing = runtime.cuda ? missingLibraries(runtime.cuda) : undefined
  if (missing === undefined || missing.some((name) => name !== DRIVER_LIBRARY))
    steps.push(`the CUDA provider and the libraries of CUDA 13 that it links: ${INSTALL_CUDA}`)
  if (missing) steps.push(...missing.map((name) => `not found: ${name}, from ${sourceOf(name)}`))
  return steps.length > 0
    ? steps
    : [
        'all files are there; the reason above is the loader’s own: often a driver older than the CUDA libraries',
      ]
}

const INSTALL_CUDA = 'ptrm doctor --install-cuda'
/** Comes with the driver and with nothing else. */
export const DRIVER_LIBRARY = 'libcuda.so.1'

/** Names of the shared libraries that a library links and the loader does not find; undefined where ldd can't tell. */
export function missingLibraries(library: string): string[] | undefined {
  const output = outputOf('ldd', [library])
  return output === undefined ? undefined : parseMissing(output)
}

/** From ldd's output, the libraries that it does not find. */
export function parseMissing(ldd: string): string[] {
  return [...ldd.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name!)
}

/** Where a library comes from, in words. */
export function sourceOf(name: string): string {
  if (name === DRIVER_LIBRARY) return 'the NVIDIA driver'
  const version = /\.so\.(\d+)/.exec(name)?.[1] ?? ''
  if (/^lib(cublas|cublasLt|cudart)\b/.test(name)) return `CUDA ${version}`
  return name.startsWith('libcurand') ? 'CUDA' : 'the system'
}
