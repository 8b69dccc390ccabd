/** The rule behind `auto`: which engine runs a job soonest, by measured constants. docs/decisions/0008 says how they were taken. */

/** What the rule looks at. */
export interface Workload {
  /** Floating point operations of one rollout-step. */
  readonly flopsPerStep: number
  /** K, rollouts a puzzle. */
  readonly rollouts: number
  /** Rollout-steps in all that the caller expects. */
  readonly rolloutSteps: number
  /** Cores that engines may use. */
  readonly cores: number
  /** Whether onnxruntime-node is installed. */
  readonly onnx: boolean
  /** Whether its CUDA provider is. */
  readonly cuda: boolean
}

export type EngineName = 'wasm' | 'onnx-cpu' | 'onnx-cuda'

export interface AutoChoice {
  readonly backend: EngineName
  /** In words, for people. */
  readonly why: string
}

/** GFLOPS of a rollout-step on one core, noise included (`npm run bench:engines`, 1 slot, the slower size of each). */
export const MEASURED = {
  /** Relaxed SIMD. */
  wasmGflops: 38,
  onnxCpuGflops: 85,
  /** Milliseconds that opening onnxruntime takes longer than opening the kernel, in a fresh process. */
  onnxLoadMs: 250,
} as const

/** Rollouts a puzzle from which CUDA is taken. Not measured: no GPU was at hand; docs/gpu.md tells how to. */
export const CUDA_ROLLOUTS = 64
/** The saving must be worth this many times the loading, as most jobs end before their last rollout. */
const MARGIN = 2

/**
 * CUDA where it is installed and a puzzle has rollouts enough to fill it; else onnxruntime's CPU provider where it is
 * installed and saves more than it takes to load; else the WASM kernel, which is always there.
 */
export function chooseBackend(work: Workload): AutoChoice {
  const { rollouts, onnx, cuda } = work
  if (cuda && rollouts >= CUDA_ROLLOUTS)
    return {
      backend: 'onnx-cuda',
      why: `the CUDA provider is installed and a puzzle has ${rollouts} rollouts`,
    }
  if (!onnx) return { backend: 'wasm', why: 'onnxruntime-node is not installed' }
  const saved = savedMs(work)
  const numbers = `saves about ${formatMs(saved)} of this job and takes ${formatMs(MEASURED.onnxLoadMs)} to load`
  return saved >= MARGIN * MEASURED.onnxLoadMs
    ? { backend: 'onnx-cpu', why: `onnxruntime ${numbers}` }
    : { backend: 'wasm', why: `onnxruntime ${numbers}` }
}

/** Rollout-steps from which `auto` takes onnxruntime's CPU provider. */
export function breakEven(flopsPerStep: number, cores: number): number {
  const each = savedMs({ flopsPerStep, cores, rolloutSteps: 1 })
  return Math.ceil((MARGIN * MEASURED.onnxLoadMs) / each)
}

function savedMs({
  flopsPerStep,
  rolloutSteps,
  cores,
}: Pick<Workload, 'flopsPerStep' | 'rolloutSteps' | 'cores'>) {
  const ms = (gflops: number) => (flopsPerStep * rolloutSteps) / gflops / 1e6 / cores
  return ms(MEASURED.wasmGflops) - ms(MEASURED.onnxCpuGflops)
}

function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toPrecision(3)} s`
}
