/** Exit codes: 0 and 1 are a command's own answer, 2 bad input or usage, 3 the backend failed, 130 interrupted. */
import { KernelUnavailableError } from '@ptrm/core-wasm'
import { BackendUnavailableError, WorkerCrashedError } from '@ptrm/orchestrator'

export const INTERRUPTED = 130

/** The exit code of an error that ends a command. */
export function exitCodeOf(error: unknown): 2 | 3 {
  const backend = [KernelUnavailableError, BackendUnavailableError, WorkerCrashedError]
  return backend.some((type) => error instanceof type) ? 3 : 2
}
