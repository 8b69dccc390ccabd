/** Node's way in: models by name or file, workers as threads. */
import { readFile } from 'node:fs/promises'
import { bundledModel, bundledModels } from '@ptrm/models'
import { BackendUnavailableError } from './errors.ts'
import { nodeAdapter } from './pool/node.ts'
import { createSolverFrom, type Solver, type SolverOptions } from './solver.ts'

export interface CreateSolverOptions extends Partial<Omit<SolverOptions, 'modelBytes'>> {
  /** A bundled model's name, a kind's name, or the path of a safetensors file. Default `sudoku`. */
  readonly model?: string | undefined
  /** `wasm` is what there is today; `auto` picks it. */
  readonly backend?: 'auto' | 'wasm' | undefined
}

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

/** A solver on this machine's cores. The caller closes it. */
export async function createSolver(options: CreateSolverOptions = {}): Promise<Solver> {
  const { model = 'sudoku', backend = 'auto', adapter = nodeAdapter(), ...rest } = options
  if (backend !== 'auto' && backend !== 'wasm') {
    throw new BackendUnavailableError(String(backend), "this build has 'wasm' (and 'auto', which picks it)")
  }
  return createSolverFrom({ modelBytes: await loadModelBytes(model), adapter, ...rest })
}
