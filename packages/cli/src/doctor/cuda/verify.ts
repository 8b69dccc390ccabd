/** Whether CUDA works here: a fresh process opens the engine and steps on it, and what the loader says is kept. */
import { spawnSync } from 'node:child_process'
import { DRIVER_LIBRARY, sourceOf } from '@ptrm/orchestrator/onnx'

export type CudaState =
  /** A session was opened and a model has stepped. */
  | 'works'
  /** All libraries load; there is no GPU, or no driver that is new enough. */
  | 'no-device'
  /** All but the driver's own library is found. */
  | 'no-driver'
  | 'library-not-found'
  | 'fails'

export interface CudaVerdict {
  readonly state: CudaState
  /** For people. */
  readonly says: string
}

const TIMEOUT_MS = 120_000

/** Runs `ptrm doctor` anew: a library that failed to load is not tried twice in one process. */
export function verifyCuda(): CudaVerdict {
  const { stdout, stderr, error } = spawnSync(process.execPath, [process.argv[1]!, 'doctor', '--json'], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  })
  if (error) return { state: 'fails', says: `ptrm doctor: ${error.message}` }
  const { engines } = JSON.parse(stdout) as {
    engines: { backend: string; loads: boolean; reason?: string; msPerRolloutStep?: number }[]
  }
  const cuda = engines.find(({ backend }) => backend === 'onnx-cuda')
  return verdictOf(cuda ?? { loads: false, reason: 'this build has no onnx-cuda' }, stderr)
}

/** From what the doctor found of the engine, and what onnxruntime wrote to stderr meanwhile. */
export function verdictOf(
  { loads, reason = '' }: { readonly loads: boolean; readonly reason?: string },
  stderr: string,
): CudaVerdict {
  if (loads) return { state: 'works', says: 'a session is open on the GPU, and a model has stepped on it' }
  const missing = /error: (\S+): cannot open shared object file/.exec(stderr)?.[1]
  if (missing === DRIVER_LIBRARY)
    return {
      state: 'no-driver',
      says: `all libraries are found but ${missing}, which comes with the NVIDIA driver: install that (580 or newer)`,
    }
  if (missing !== undefined)
    return { state: 'library-not-found', says: `${missing} is not found; it comes from ${sourceOf(missing)}` }
  const failure = /^CUDA failure (\d+): (.*)/.exec(reason)
  // cudaErrorInsufficientDriver, cudaErrorNoDevice
  if (failure && ['35', '100'].includes(failure[1]!))
    return {
      state: 'no-device',
      says: `all libraries load, and CUDA finds no device that it can use: ${failure[2]}`,
    }
  return { state: 'fails', says: reason.trim() }
}
