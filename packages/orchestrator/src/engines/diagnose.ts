/** What this machine can run, found by trying it; and for what it can't, why, and what to install. Node only. */
import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { Model } from '@ptrm/core-wasm'
import type { EngineName } from './auto.ts'
import { type EngineMaker, engineMakers } from './available.ts'
import { type FoundRuntime, findRuntime } from './onnx/find.ts'
import { INSTALL } from './onnx/runtime.ts'

export interface EngineDiagnosis {
  readonly backend: EngineName
  /** Which kernel, or which onnxruntime. */
  readonly detail: string
  readonly loads: boolean
  /** Milliseconds of one rollout-step of the model with one slot, after warming up; undefined where it does not load. */
  readonly msPerRolloutStep: number | undefined
  /** Why it does not load: the loader's own words. */
  readonly reason: string | undefined
}

export interface Gpu {
  readonly name: string
  readonly memoryBytes: number
  readonly driver: string
}

export interface Diagnosis {
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly engines: readonly EngineDiagnosis[]
  readonly gpus: readonly Gpu[]
  /** What to do, in order, for CUDA; empty where it loads. */
  readonly cudaSteps: readonly string[]
}

const WARM_UP_STEPS = 30
const TIMED_STEPS = 5
const COMMAND_MS = 10_000
/** From NVIDIA's table of drivers and CUDA versions: the least driver of CUDA 12 and of 13 on Linux. */
const LEAST_DRIVER = { '12': '525', '13': '580' } as const

/** Opens every engine with the model and takes a few steps. */
export async function diagnose(model: Model): Promise<Diagnosis> {
  const runtime = findRuntime()
  const engines: EngineDiagnosis[] = []
  for (const maker of engineMakers(runtime)) engines.push(await tryEngine(maker, model, runtime))
  const gpus = listGpus()
  const cuda = engines.find(({ backend }) => backend === 'onnx-cuda')
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    engines,
    gpus,
    cudaSteps: cuda?.loads ? [] : cudaSteps(runtime, gpus),
  }
}

async function tryEngine(maker: EngineMaker, model: Model, runtime: FoundRuntime): Promise<EngineDiagnosis> {
  const { backend, name } = maker
  const detail =
    backend === 'wasm' ? name.replace('wasm ', '') : `onnxruntime-node ${runtime.version ?? ''}`.trim()
  try {
    const engine = await maker.make(model, 1)
    engine.start(0, new Uint8Array(model.config.seqLen))
    const step = (at: number) =>
      engine.step([{ slot: 0, rollout: 0, step: at, sigma: 0.3, seed: 0n, target: 'zL' }])
    for (let at = 0; at < WARM_UP_STEPS; at++) await step(at)
    const started = performance.now()
    for (let at = 0; at < TIMED_STEPS; at++) await step(WARM_UP_STEPS + at)
    const msPerRolloutStep = (performance.now() - started) / TIMED_STEPS
    engine.close()
    return { backend, detail, loads: true, msPerRolloutStep, reason: undefined }
  } catch (error) {
    const reason = (error as Error).message.replace(/^backend '.*?' is not available: /, '')
    return { backend, detail, loads: false, msPerRolloutStep: undefined, reason }
  }
}

/** What nvidia-smi lists; nothing where it is missing. */
export function listGpus(): Gpu[] {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits']
  const output = outputOf('nvidia-smi', query)
  return output === undefined ? [] : parseGpus(output)
}

export function parseGpus(output: string): Gpu[] {
  return output
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === 3 && Number.isFinite(Number(fields[1])))
    .map(([name, mebibytes, driver]) => {
      return { name: name!, memoryBytes: Number(mebibytes) * 2 ** 20, driver: driver! }
    })
}

/** Each step that is still to be made, with its exact command. */
export function cudaSteps(runtime: FoundRuntime, gpus: readonly Gpu[]): string[] {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return ['onnxruntime-node has a CUDA provider for Linux on x64 alone']
  const steps: string[] = []
  if (gpus.length === 0)
    steps.push(
      `no GPU found by nvidia-smi: an NVIDIA GPU with its driver, ${LEAST_DRIVER[12]} or newer for CUDA 12, ${LEAST_DRIVER[13]} for CUDA 13`,
    )
  if (!runtime.package) steps.push(`onnxruntime-node: ${INSTALL}`)
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

function outputOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string | undefined {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      timeout: COMMAND_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
    })
  } catch {
    return undefined
  }
}
