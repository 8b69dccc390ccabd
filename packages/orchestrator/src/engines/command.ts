/** Asks another program, such as ldd or nvidia-smi. Node only. */
import { execFileSync } from 'node:child_process'

const COMMAND_MS = 10_000

/** What it prints; undefined where it is missing, fails or takes too long. */
export function outputOf(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): string | undefined {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      timeout: COMMAND_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
    })
  } catch {
    return undefined
  }
}
