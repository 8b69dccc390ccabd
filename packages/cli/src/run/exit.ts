/** Exit codes that several commands have, and what ends a run before its time; 0 and 1 are a command's own answer, 3 is told from the error. */
import { constants } from 'node:os'

export const BAD_INPUT = 2

/** Signals that end a run cleanly. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type EndingSignal = (typeof SIGNALS)[number]

/** For `--help`: what the codes of these signals mean. */
export const INTERRUPTED: Readonly<Record<string, string>> = {
  '130, 143 or 129': 'interrupted (Ctrl-C, SIGTERM, SIGHUP)',
}

/** Why a run ends before its time, with the exit code that it then has. */
export class Ended extends Error {
  override readonly name = 'Ended'
  readonly exitCode: number

  constructor(reason: string, exitCode: number) {
    super(reason)
    this.exitCode = exitCode
  }
}

/** As shells have it: 130 for SIGINT. */
export function endedBy(signal: EndingSignal): Ended {
  return new Ended(`interrupted by ${signal}`, 128 + constants.signals[signal])
}

/** The exit code of a run that an abort of this signal ended. */
export function exitCodeOfAbort({ reason }: AbortSignal): number {
  return reason instanceof Ended ? reason.exitCode : BAD_INPUT
}
