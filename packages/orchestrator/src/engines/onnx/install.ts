/** What is still to be installed for onnxruntime's CUDA provider, with the exact commands. Node only. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outputOf } from '../command.ts'
import { type Gpu, listGpus } from '../gpus.ts'
import { type FoundRuntime, findRuntime } from './find.ts'

/** The version that the graphs are tested with. */
const PACKAGE = 'onnxruntime-node@1.30.0'

/**
 * The command that installs the package where Node looks for it from here: in the project whose `node_modules` holds
 * this file, or beside a command that was installed for the whole machine.
 */
export function installCommand(file: string = fileURLToPath(import.meta.url)): string {
  const folder = /^(.*?)[\\/]node_modules[\\/]/.exec(file)?.[1]
  // A clone has it for its tests.
  const isGlobal = folder !== undefined && !existsSync(join(folder, 'package.json'))
  return `npm install ${isGlobal ? '--global ' : ''}${PACKAGE}`
}
/** From NVIDIA's table of drivers and CUDA versions: the least driver of CUDA 12 and of 13 on Linux. */
const LEAST_DRIVER = { '12': '525', '13': '580' } as const

/** Each step that is still to be made, with its exact command. */
export function cudaSteps(
  runtime: FoundRuntime = findRuntime(),
  gpus: readonly Gpu[] = listGpus(),
): string[] {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return ['onnxruntime-node has a CUDA provider for Linux on x64 alone']
  const steps: string[] = []
  if (gpus.length === 0)
    steps.push(
      `no GPU found by nvidia-smi: an NVIDIA GPU with its driver, ${LEAST_DRIVER[12]} or newer for CUDA 12, ${LEAST_DRIVER[13]} for CUDA 13`,
    )
  if (!runtime.package) steps.push(`onnxruntime-node: ${installCommand()}`)
  if (runtime.cuda) steps.push(...missingLibraries(runtime.cuda))
  else {
    const script = runtime.package
      ? join(runtime.package, 'script', 'install.js')
      : 'node_modules/onnxruntime-node/script/install.js'
    steps.push(
      `the CUDA provider, which the package fetches from NuGet: node ${script} --onnxruntime-node-install`,
      "the libraries that it links: run 'ptrm doctor' again once it is there; it reads their names from the provider",
    )
  }
  return steps.length > 0
    ? steps
    : [
        'all files are there; the reason above is the loader’s own: often a driver older than the CUDA libraries',
      ]
}

/** The shared libraries that the provider links and the loader does not find, with where each comes from. */
function missingLibraries(library: string): string[] {
  const output = outputOf('ldd', [library], {
    LD_LIBRARY_PATH: [dirname(library), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
  })
  return output === undefined ? [`can't run ldd on ${library}`] : parseMissing(output)
}

/** From ldd's output, the libraries that it does not find, each with where it comes from. */
export function parseMissing(ldd: string): string[] {
  const names = [...ldd.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name!)
  return names.map((name) => `${name}: ${sourceOf(name)}`)
}

function sourceOf(name: string): string {
  const version = /\.so\.(\d+)/.exec(name)?.[1] ?? ''
  if (name.startsWith('libcudnn'))
    return `cuDNN ${version}: NVIDIA's package cudnn${version}-cuda-<CUDA version>`
  if (/^lib(cublas|cublasLt|cudart|nvrtc)\b/.test(name))
    return `CUDA ${version}: NVIDIA's package cuda-libraries-${version}-<minor>`
  if (name.startsWith('libcufft'))
    return `cuFFT ${version}: NVIDIA's package cuda-libraries (cuFFT ${version} belongs to CUDA ${Number(version) + 1})`
  if (name.startsWith('libcurand')) return "NVIDIA's package cuda-libraries" // 10 in every CUDA since 10
  if (name.startsWith('libcuda.')) return 'the NVIDIA driver'
  return 'a system library'
}
