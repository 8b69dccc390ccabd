/** onnxruntime's CPU and CUDA providers as engines of the registry. Loads neither until one is opened. */
import { BackendUnavailableError } from '../../errors.ts'
import { ONNX_RULES } from '../../options.ts'
import type { EngineSpec, InspectRequest, OpenRequest } from '../spec.ts'
import { findRuntime } from './find.ts'
import { cudaSteps, installCommand } from './install.ts'
import { CUDA_STEPS_PER_RUN, type OnnxEngineOptions, type OnnxOptions, type Provider } from './options.ts'

type OnnxSpec<Name extends string> = EngineSpec<Name, 'onnx', OnnxOptions, OnnxEngineOptions>

/** Rollouts that a GPU holds side by side. */
const CUDA_SLOTS = 256

/** The forms of graphs that make their own noise, for the engine contract. */
const inGraph = (['loop', 'unrolled'] as const).map((form) => ({
  name: `noise in the graph, ${form}`,
  options: { stepsPerRun: 4, noise: 'graph', form } as const,
}))

const shared = {
  family: 'onnx',
  // A worker that is terminated while onnxruntime runs in it aborts the whole process (an uncaught Napi::Error).
  asksToLeave: true,
  rules: ONNX_RULES,
  load: async () => void (await (await import('./runtime.ts')).loadRuntime()),
  detail: () => `onnxruntime-node ${findRuntime().version ?? ''}`.trim(),
} as const

/** onnxruntime's CPU provider: about twice the kernel's speed on dense weights, for jobs that are worth its loading. */
export const onnxCpu: OnnxSpec<'onnx-cpu'> = {
  ...shared,
  name: 'onnx-cpu',
  title: 'onnxruntime',
  get needs() {
    return `onnxruntime-node, which is not installed by itself: ${installCommand()}`
  },
  // `npm run bench:engines`, 1 slot, the slower size of each.
  cost: { on: 'cores', gflops: 85, loadMs: 250 },
  variants: [
    { name: 'onnx cpu', kernel: 'simd128', options: {} },
    { name: 'onnx cpu, 4 steps a run', kernel: 'simd128', options: { stepsPerRun: 4 }, contractOnly: true },
    ...inGraph.map(({ name, options }) => ({
      name: `onnx cpu, ${name}`,
      kernel: 'simd128' as const,
      options,
      contractOnly: true,
    })),
  ],
  missing: () => (findRuntime().package === undefined ? 'onnxruntime-node is not installed' : undefined),
  // Each core has a session of its own.
  setup({ tf32: _, devices: __, ...options }) {
    const { slots = 1 } = options
    return { options: { ...options, slots, provider: 'cpu' }, slots }
  },
  open: (request) => open(request),
  inspect: (_, request) => inspect('cpu', request),
  remedy: () => ({
    for: 'onnxruntime, which is worth its 290 MB for large dense models and as the way to a GPU',
    steps: [`onnxruntime-node: ${installCommand()}`],
  }),
}

/** onnxruntime's CUDA provider: GPUs, each with the rollouts of many puzzles side by side. */
export const onnxCuda: OnnxSpec<'onnx-cuda'> = {
  ...shared,
  name: 'onnx-cuda',
  title: 'the CUDA provider',
  needs: "an NVIDIA GPU, onnxruntime-node and its CUDA provider; 'ptrm doctor' says what to install",
  // `npm run bench:gpu` on an H200, Sudoku: 19,800 rollout-steps a second at 64 slots, against 12,300 of wasm on 16 cores.
  cost: { on: 'device', fromRollouts: 64, note: 'with 64 an H200 makes 1.6 times the steps of 16 cores' },
  // Seen on an H200: after three steps of a chaotic board, one rollout alone and beside another said other tokens.
  lastBitsByBatch: true,
  variants: [
    { name: 'onnx cuda', kernel: 'simd128', options: { provider: 'cuda' } },
    ...inGraph.map(({ name, options }) => ({
      name: `onnx cuda, ${name}`,
      kernel: 'simd128' as const,
      options: { ...options, provider: 'cuda' as const },
      contractOnly: true,
    })),
  ],
  missing: missingCuda,
  // One session a model and GPU, whose slots all puzzles share.
  setup({ tf32 = false, devices = [0], ...options }) {
    // Read by CUDA's libraries when they load; threads share this process's environment only if it is set here.
    if (!tf32) process.env['NVIDIA_TF32_OVERRIDE'] = '0'
    const { slots = CUDA_SLOTS, stepsPerRun = CUDA_STEPS_PER_RUN } = options
    return {
      options: { ...options, slots, stepsPerRun, provider: 'cuda' },
      each: devices.map((deviceId) => ({ deviceId })),
      slots,
    }
  },
  async open(request) {
    // Without its library onnxruntime would print an error of its own before it throws.
    const missing = missingCuda()
    if (missing !== undefined) throw new BackendUnavailableError('onnx-cuda', missing)
    return open(request)
  },
  inspect: (_, request) => inspect('cuda', request),
  remedy: () => ({ for: 'CUDA', steps: cudaSteps() }),
}

function missingCuda(): string | undefined {
  const { package: installed, cuda, cudaWanted } = findRuntime()
  if (!installed) return 'onnxruntime-node is not installed'
  if (!cudaWanted) return 'onnxruntime-node has CUDA for Linux on x64 alone'
  return cuda ? undefined : `${cudaWanted} is not there`
}

async function open({ kernel, model, options }: OpenRequest<OnnxEngineOptions>) {
  const [{ instantiateKernel }, { OnnxEngine }] = await Promise.all([
    import('@ptrm/core-wasm'),
    import('./engine.ts'),
  ])
  return OnnxEngine.create(await instantiateKernel(kernel), model, options)
}

async function inspect(provider: Provider, request: InspectRequest) {
  return (await import('./inspect.ts')).openInspectable(provider, request)
}
