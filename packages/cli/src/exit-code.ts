/** The exit code of an error that ends a command: 3 where the backend failed, 2 for bad input or usage. */

import { KernelUnavailableError } from '@ptrm/core-wasm'
import { BackendUnavailableError, WorkerCrashedError } from '@ptrm/orchestrator'

export function exitCodeOf(error: unknown): 2 | 3 {
  const backend = [KernelUnavailableError, BackendUnavailableError, WorkerCrashedError]
  return backend.some((type) => error instanceof type) ? 3 : 2
}
