/** Programs that are watched for what they open to the network. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const WATCH = new URL('./watch.mjs', import.meta.url).href
const require = createRequire(import.meta.url)

export interface Watched {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Each thing of the network that was opened, and where. */
  readonly opened: readonly string[]
  /** Processes and threads that were watched. */
  readonly watched: readonly string[]
}

/** Runs Node with these arguments in `folder`. */
export function watch(folder: string, args: readonly string[], input = ''): Watched {
  const file = join(folder, 'watched.txt')
  rmSync(file, { force: true })
  const env = { ...process.env, NODE_OPTIONS: `--import=${WATCH}`, PTRM_WATCHED: file, NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: folder, env, input, encoding: 'utf8', timeout: 120_000 },
  })
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const isStart = (line: string) => line.startsWith('watching ')
  return {
    ...{ status, stdout, stderr },
    opened: lines.filter((line) => !isStart(line)),
    watched: lines.filter(isStart).map((line) => line.slice('watching '.length)),
  }
}

/** Runs `ptrm`. */
export function watchPtrm(folder: string, args: readonly string[], input?: string): Watched {
  const cli = dirname(require.resolve('@ptrm/cli/package.json'))
  return watch(folder, [join(cli, 'bin', 'ptrm.js'), ...args], input)
}
