/** Runs a command and keeps what it said. */
import { spawn } from 'node:child_process'

export interface Outcome {
  readonly code: number | null
  /** Standard output and error, as they came. */
  readonly output: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Milliseconds; default two minutes, long even on a busy machine. */
  readonly timeout?: number | undefined
}

/** Resolves whatever the exit code is; rejects where the command can't be started. */
export function attempt(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const { cwd, env = {}, timeout = 120_000 } = options
  const child = spawn(command, args, {
    cwd,
    timeout,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** Its output. Rejects with all that was said where it fails. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, output } = await attempt(command, args, options)
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code} in ${options.cwd}:\n${output}`)
  return output
}
