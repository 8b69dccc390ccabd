/** How an error that ends a command is told: its message, and its exit code. */
import { BackendUnavailableError, KernelUnavailableError, WorkerCrashedError } from '@ptrm/orchestrator'
import { Ended } from './exit.ts'

/** Errors of what runs rollouts; all others are of the input or of how the command is used. */
const BACKEND_ERRORS = [KernelUnavailableError, BackendUnavailableError, WorkerCrashedError]

/** 3 where the backend failed, 2 for bad input or usage; that of the signal where one ended the command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Ended) return error.exitCode
  return BACKEND_ERRORS.some((type) => error instanceof type) ? 3 : 2
}

export function messageOf(error: unknown): string {
  return `ptrm: ${error instanceof Error ? error.message : String(error)}\n`
}
