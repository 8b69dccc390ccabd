/** Runs one program under a time limit and keeps what it printed. */
import { spawn } from 'node:child_process'

export interface ChildEnd {
  /** Its exit status; undefined where it did not start, ran too long or was ended by a signal. */
  readonly status: number | undefined
  /** In words, where `status` is not 0. */
  readonly reason: string | undefined
  readonly seconds: number
  readonly stdout: string
  /** Standard output and error as they came. */
  readonly output: string
}

/** Runs it in a process group of its own, and ends the whole group at the limit. Never rejects. */
export function runChild(
  command: string,
  args: readonly string[],
  limitSeconds: number,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildEnd> {
  const started = performance.now()
  let [stdout, output, isLate] = ['', '', false]
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => {
      isLate = true
      // A child that could not be started has no group.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, limitSeconds * 1000)
    const end = (status: number | undefined, reason: string | undefined) => {
      clearTimeout(timer)
      resolve({ status, reason, seconds: (performance.now() - started) / 1000, stdout, output })
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        output += text
        if (stream === child.stdout) stdout += text
      })
    }
    child.on('error', (error) => end(undefined, error.message))
    child.on('close', (code, signal) => {
      if (isLate) end(undefined, `not done after ${limitSeconds.toFixed(0)} s`)
      else if (code === null) end(undefined, `ended by ${signal}`)
      else end(code, code === 0 ? undefined : `exit status ${code}`)
    })
  })
}
