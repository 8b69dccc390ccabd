/** Why CUDA could not be installed. */
import { BackendUnavailableError } from '@ptrm/orchestrator'

/** The message says what failed and what to do. */
export function installError(reason: string, cause?: unknown): BackendUnavailableError {
  return new BackendUnavailableError('onnx-cuda', reason, cause)
}
