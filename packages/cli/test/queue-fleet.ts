/** Workers as processes of their own, some of which are killed: for the test of runs over many machines and its long form. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, progressOf, readRun } from '@ptrm/queue'
import { BIN } from './command.ts'

/** From 0 to 1; the same for the same seed. */
export function randoms(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Records without wall times, which no two runs share. */
export function exactly(ndjson: string): string {
  return ndjson.replaceAll(/"ms":[\d.]+/g, '"ms":0')
}

export class Fleet {
  readonly #redis: string
  readonly #flags: readonly string[]
  readonly #workers = new Set<ChildProcess>()
  /** What all of them said. */
  said = ''

  constructor(redis: string, flags: readonly string[]) {
    this.#redis = redis
    this.#flags = flags
  }

  add(count: number): void {
    for (let i = 0; i < count; i++) {
      const worker = spawn(process.execPath, [BIN, 'worker', '--redis', this.#redis, ...this.#flags], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      worker.stderr!.setEncoding('utf8').on('data', (text) => {
        this.said += text
      })
      worker.on('exit', () => this.#workers.delete(worker))
      this.#workers.add(worker)
    }
  }

  /** SIGKILL to one of them. */
  async killOne(random: () => number): Promise<void> {
    const workers = [...this.#workers]
    const worker = workers[Math.floor(random() * workers.length)]
    if (!worker) return
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }

  /** SIGTERM to all; resolves when they have left. */
  async end(): Promise<void> {
    const workers = [...this.#workers]
    for (const worker of workers) worker.kill('SIGTERM')
    await Promise.all(workers.map((worker) => worker.exitCode ?? once(worker, 'exit')))
  }
}

/** Waits until so many puzzles of a run are done. */
export async function untilDone(url: string, name: string, puzzles: number): Promise<void> {
  const redis = await connect(url)
  try {
    const run = await readRun(redis, name)
    while ((await progressOf(redis, run)).done < puzzles) await sleep(20)
  } finally {
    redis.disconnect()
  }
}
