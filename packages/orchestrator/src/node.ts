/** Node's way in: models by name or file, workers as threads. */
import { readFile } from 'node:fs/promises'
import { bundledModel, bundledModels } from '@ptrm/models'
import type { OnnxEngineOptions } from './engines/onnx/engine.ts'
import { BackendUnavailableError } from './errors.ts'
import { nodeAdapter, onnxAdapter } from './pool/node.ts'
import { createSolverFrom, type Solver, type SolverOptions } from './solver.ts'

export interface CreateSolverOptions extends Partial<Omit<SolverOptions, 'modelBytes'>> {
  /** A bundled model's name, a kind's name, or the path of a safetensors file. Default `sudoku`. */
  readonly model?: string | undefined
  /** `auto` is wasm; `onnx-cpu` and `onnx-cuda` are providers, `onnx` the first of cuda and cpu that loads. */
  readonly backend?: Backend | undefined
  /** For the onnx backends. Default: 16 slots on the CPU, 256 on CUDA. */
  readonly onnx?: Omit<OnnxEngineOptions, 'provider'> & { readonly tf32?: boolean | undefined }
}

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
  const { model = 'sudoku', backend = 'auto', onnx, adapter = nodeAdapter(), ...rest } = options
  if (!backends.includes(backend))
    throw new BackendUnavailableError(String(backend), `there are ${backends.join(', ')}`)
  const solverOptions = { modelBytes: await loadModelBytes(model), adapter, ...rest }
  if (backend === 'auto' || backend === 'wasm') return createSolverFrom(solverOptions)
  if (backend !== 'onnx') return onnxSolver(solverOptions, backend === 'onnx-cuda' ? 'cuda' : 'cpu', onnx)
  try {
    return await onnxSolver(solverOptions, 'cuda', onnx)
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error
    return onnxSolver(solverOptions, 'cpu', onnx)
  }
}

async function onnxSolver(
  options: SolverOptions,
  provider: 'cuda' | 'cpu',
  { tf32 = false, ...onnx }: CreateSolverOptions['onnx'] = {},
): Promise<Solver> {
  // Read by CUDA's libraries when they load; threads share this process's environment only if it is set here.
  if (provider === 'cuda' && !tf32) process.env['NVIDIA_TF32_OVERRIDE'] = '0'
  const adapter = onnxAdapter({ slots: provider === 'cuda' ? 256 : 16, ...onnx, provider })
  const solver = await createSolverFrom({ ...options, adapter, workers: 1, rolloutsPerRun: Infinity })
  try {
    await solver.load()
    return solver
  } catch (error) {
    await solver.close()
    // Errors come from a worker without their class, but with their name.
    const { name, message } = error as Error
    if (name !== 'BackendUnavailableError') throw error
    throw new BackendUnavailableError(
      `onnx-${provider}`,
      message.replace(/^backend '.*?' is not available: /, ''),
      error,
    )
  }
}
