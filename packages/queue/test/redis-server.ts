/** A Redis or Valkey of a test's own: on a free port of this machine, in a folder of its own, gone with the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** In Debian the program of `redis-server` is in `redis-tools` under the last name, and goes by what it is called. */
const NAMES = ['redis-server', 'valkey-server', 'redis-check-rdb']

/** Path of the program: the one that REDIS_SERVER names, else one on the PATH; undefined where there is none that starts. */
export function findRedis(): string | undefined {
  const named = process.env['REDIS_SERVER']
  if (named && !existsSync(named)) throw new Error(`REDIS_SERVER names ${named}, which is not there`)
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const paths = named ? [named] : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find((path) => existsSync(path) && starts(path))
}

function starts(path: string): boolean {
  const { status, stdout } = spawnSync(path, ['--version'], { argv0: 'redis-server', encoding: 'utf8' })
  return status === 0 && /server v=/i.test(stdout)
}

/** For `describe.skipIf`: whether there is none, which is said aloud. */
export function hasNoRedis(): boolean {
  if (findRedis() !== undefined) return false
  process.stderr.write(
    'SKIPPED: tests of runs over many machines, for want of a redis-server; install one, or set REDIS_SERVER to its path\n',
  )
  return true
}

export class TestRedis {
  readonly url: string
  readonly #port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'ptrm-redis-'))
  #process: ChildProcess | undefined

  private constructor(port: number) {
    this.#port = port
    this.url = `redis://127.0.0.1:${port}`
  }

  /** With an append-only file, so that nothing is lost when it is killed. */
  static async start(): Promise<TestRedis> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    const redis = new TestRedis(port)
    await redis.begin()
    return redis
  }

  /** Starts the program, on what is there. */
  async begin(): Promise<void> {
    const args = ['--port', `${this.#port}`, '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '']
    this.#process = spawn(findRedis()!, [...args, '--appendonly', 'yes'], {
      argv0: 'redis-server',
      stdio: 'ignore',
    })
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: null })
    client.on('error', () => {})
    for (let tries = 0; ; tries++) {
      try {
        await client.connect()
        break
      } catch (error) {
        if (tries === 100) throw error
        await sleep(50)
      }
    }
    client.disconnect()
  }

  /** SIGKILL: it has no time to write anything down. */
  async kill(): Promise<void> {
    const running = this.#process
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.kill('SIGKILL')
    await once(running, 'exit')
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
