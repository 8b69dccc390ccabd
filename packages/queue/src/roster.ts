/** Which workers are there: each says so every few seconds, and is forgotten when it has not for a while. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Redis } from 'ioredis'

/** Hash: what each worker says of itself, by its id. */
const WORKERS = 'ptrm:workers'

/** Milliseconds between two signs of life. */
const SIGN_MS = 5000

/** Milliseconds after which a silent worker is taken for gone. */
const GONE_MS = 30_000

export interface WorkerSign {
  readonly host: string
  readonly pid: number
  /** Milliseconds since 1970, by its own clock. */
  readonly at: number
}

/** This worker's signs of life, until it is stopped. */
export class Signs {
  readonly #redis: Redis
  readonly #id = randomUUID()
  readonly #timer: NodeJS.Timeout

  constructor(redis: Redis) {
    this.#redis = redis
    this.#give()
    this.#timer = setInterval(() => this.#give(), SIGN_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#redis.hdel(WORKERS, this.#id)
  }

  #give(): void {
    const sign: WorkerSign = { host: hostname(), pid: process.pid, at: Date.now() }
    // While Redis is away, the connection says so itself.
    this.#redis.hset(WORKERS, this.#id, JSON.stringify(sign)).catch(() => {})
  }
}

/** The workers that gave a sign of late; the others are forgotten. */
export async function workersThere(redis: Redis): Promise<WorkerSign[]> {
  const signs = Object.entries(await redis.hgetall(WORKERS)).map(
    ([id, text]) => [id, JSON.parse(text) as WorkerSign] as const,
  )
  const isGone = ({ at }: WorkerSign) => Date.now() - at > GONE_MS
  const gone = signs.filter(([, sign]) => isGone(sign)).map(([id]) => id)
  if (gone.length > 0) await redis.hdel(WORKERS, ...gone)
  return signs.map(([, sign]) => sign).filter((sign) => !isGone(sign))
}
