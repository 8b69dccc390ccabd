/** Node's way in: models by name or file, workers as threads. */
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type Model, readModel } from '@ptrm/core-wasm'
import { bundledModel, bundledModels } from '@ptrm/models'
import { type AutoChoice, chooseBackend, type EngineName } from './engines/auto.ts'
import { stepCost } from './engines/cost.ts'
import type { OnnxEngineOptions } from './engines/onnx/engine.ts'
import { findRuntime } from './engines/onnx/find.ts'
import { BackendUnavailableError } from './errors.ts'
import { nodeAdapter, onnxAdapter } from './pool/node.ts'
import { makePlan } from './rollouts/plan.ts'
import { createSolverFrom, type Solver, type SolverOptions } from './solver.ts'

export interface CreateSolverOptions extends Partial<Omit<SolverOptions, 'modelBytes' | 'backend'>> {
  /** A bundled model's name, a kind's name, the path of a safetensors file, or its bytes. Default `sudoku`. */
  readonly model?: string | Uint8Array | undefined
  /**
   * Default `auto`: what engines/auto.ts chooses by `expected`. `onnx-cpu` and `onnx-cuda` are providers of
   * onnxruntime-node, `onnx` the first of cuda and cpu that loads.
   */
  readonly backend?: Backend | undefined
  /** What will be asked of the solver, for `auto`. */
  readonly expected?: ExpectedWork | undefined
  /** For the onnx backends. Default: 1 slot a worker on the CPU, 256 slots on CUDA. */
  readonly onnx?: OnnxOptions | undefined
}

export type OnnxOptions = Omit<OnnxEngineOptions, 'provider'> & {
  /** Products of 19-bit precision on CUDA, faster and off by default: answers then differ from the CPU's more often. */
  readonly tf32?: boolean | undefined
}

export interface ExpectedWork {
  /** Default 1. */
  readonly puzzles?: number | undefined
  /** K; default as the model recommends. */
  readonly rollouts?: number | undefined
  /** D; default as the model recommends. */
  readonly steps?: number | undefined
  /** Whether every rollout runs (`stop: 'all'`) or a right answer ends a puzzle; default false. */
  readonly all?: boolean | undefined
}

/** Rollouts that a puzzle takes where a right answer ends it; most of the README's take two. */
const TYPICAL_ROLLOUTS = 4

export const backends = ['auto', 'wasm', 'onnx', 'onnx-cpu', 'onnx-cuda'] as const
export type Backend = (typeof backends)[number]

/** A model's file, by bundled name, kind or path. Rejects with a message that lists the bundled names. */
export async function loadModelBytes(model: string): Promise<Uint8Array> {
  const bundled = bundledModel(model)
  try {
    return await readFile(bundled ? bundled.weights : model)
  } catch (cause) {
    const names = bundledModels.map(({ name }) => name).join(', ')
    throw new Error(`no model '${model}': neither a bundled model (${names}) nor a readable file`, { cause })
  }
}

/** A solver on this machine's cores or GPU. Rejects with `BackendUnavailableError` too. The caller closes it. */
export async function createSolver(options: CreateSolverOptions = {}): Promise<Solver> {
  const { model = 'sudoku', backend = 'auto', expected, onnx, adapter, ...rest } = options
  if (!backends.includes(backend))
    throw new BackendUnavailableError(String(backend), `there are ${backends.join(', ')}`)
  const modelBytes = typeof model === 'string' ? await loadModelBytes(model) : model
  // A caller's own workers are kernel workers.
  const wanted =
    backend === 'auto' ? (adapter ? 'wasm' : autoBackend(readModel(modelBytes), expected).backend) : backend
  const solverOptions = { modelBytes, adapter: adapter ?? nodeAdapter(), ...rest }
  for (const [i, name] of ORDER[wanted].entries()) {
    try {
      if (name === 'wasm') return await createSolverFrom(solverOptions)
      return await onnxSolver(solverOptions, name, onnx)
    } catch (error) {
      const mayFallBack = (backend === 'auto' || backend === 'onnx') && i + 1 < ORDER[wanted].length
      if (!(error instanceof BackendUnavailableError && mayFallBack)) throw error
    }
  }
  throw new BackendUnavailableError(backend, 'no engine loads')
}

/** What is tried, in order; only `auto` and `onnx` go past the first. */
const ORDER: Readonly<Record<Exclude<Backend, 'auto'>, readonly EngineName[]>> = {
  wasm: ['wasm'],
  onnx: ['onnx-cuda', 'onnx-cpu'],
  'onnx-cpu': ['onnx-cpu', 'wasm'],
  'onnx-cuda': ['onnx-cuda', 'onnx-cpu', 'wasm'],
}

/** What `auto` takes on this machine for a model and the work expected of it. Loads nothing. */
export function autoBackend(model: Model, expected: ExpectedWork = {}): AutoChoice {
  const plan = makePlan({ rollouts: expected.rollouts, steps: expected.steps }, model.recommended)
  const each = expected.all ? plan.rollouts : Math.min(plan.rollouts, TYPICAL_ROLLOUTS)
  const { package: installed, cuda } = findRuntime()
  return chooseBackend({
    flopsPerStep: stepCost(model).flops,
    rollouts: plan.rollouts,
    rolloutSteps: (expected.puzzles ?? 1) * each * plan.steps,
    cores: availableParallelism(),
    onnx: installed !== undefined,
    cuda: cuda !== undefined,
  })
}

async function onnxSolver(
  options: SolverOptions,
  backend: 'onnx-cuda' | 'onnx-cpu',
  { tf32 = false, ...onnx }: OnnxOptions = {},
): Promise<Solver> {
  const cuda = backend === 'onnx-cuda'
  const { cuda: found, cudaWanted } = findRuntime()
  if (cuda && cudaWanted !== undefined && found === undefined)
    throw new BackendUnavailableError(
      backend,
      `${cudaWanted} is not there; 'ptrm doctor' says what to install`,
    )
  // Read by CUDA's libraries when they load; threads share this process's environment only if it is set here.
  if (cuda && !tf32) process.env['NVIDIA_TF32_OVERRIDE'] = '0'
  const slots = onnx.slots ?? (cuda ? 256 : 1)
  // On a GPU one session holds a whole puzzle's rollouts; on the CPU each core has a session of its own, and the noise
  // is made in its thread, as every core is busy.
  const adapter = onnxAdapter({
    noiseThreads: cuda ? Math.max(1, availableParallelism() - 1) : 0,
    ...onnx,
    slots,
    provider: cuda ? 'cuda' : 'cpu',
  })
  const workers = cuda ? 1 : options.workers
  const rolloutsPerRun = cuda ? Infinity : slots
  const solver = await createSolverFrom({ ...options, adapter, workers, rolloutsPerRun, backend })
  try {
    await solver.load()
    return solver
  } catch (error) {
    await solver.close()
    // Errors come from a worker without their class, but with their name.
    const { name, message } = error as Error
    if (name !== 'BackendUnavailableError') throw error
    throw new BackendUnavailableError(
      backend,
      message.replace(/^backend '.*?' is not available: /, ''),
      error,
    )
  }
}
