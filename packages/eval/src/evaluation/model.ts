/** The model of an evaluation, read once: its bytes serve its hash, its config and its solver. */
import { basename } from 'node:path'
import type { KernelVariant, Model } from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { type Backend, createSolver, loadModel, type PlanOptions, type Solver } from '@ptrm/orchestrator'
import { sha256 } from './data.ts'

/** What rollouts run on. */
export interface EvaluationEngine {
  /** Default: `auto`, or `wasm` where a kernel is asked for. */
  readonly backend?: Backend | undefined
  /** Variant of the wasm kernel: `simd128` gives the same bits on every machine. Default: the fastest. */
  readonly kernel?: KernelVariant | undefined
  /** Worker threads; default: one a core. */
  readonly workers?: number | undefined
}

/** K, D, the noise and its seed; what is left out is as the model recommends. */
export type EvaluationPlan = Pick<PlanOptions, 'rollouts' | 'steps' | 'sigma' | 'noiseTarget' | 'seed'>

export interface ModelFile {
  /** The bundled model's, else the file's, without folders. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly model: Model
  /** Of its bytes, in hex. */
  readonly sha256: string
}

/** A model by bundled name, kind or path. Rejects as `loadModel` does. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const { bytes, model } = await loadModel(path)
  const name = bundledModel(path)?.name ?? basename(path)
  return { name, bytes, model, sha256: sha256(bytes) }
}

/** What `auto` takes a file of puzzles for, whatever part of it is run, so that a run goes on with its own engine. */
const EXPECTED_PUZZLES = 100

/** A solver for whole runs. The caller closes it. */
export function openSolver(
  { bytes }: ModelFile,
  { rollouts, steps }: EvaluationPlan,
  { workers, kernel, backend = kernel === undefined ? 'auto' : 'wasm' }: EvaluationEngine,
): Promise<Solver> {
  const expected = { puzzles: EXPECTED_PUZZLES, rollouts, steps, all: true }
  return createSolver({ model: bytes, workers, backend, kernelVariant: kernel, expected })
}
