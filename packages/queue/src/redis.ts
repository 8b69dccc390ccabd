/** The connection to Redis or Valkey, and the little that must happen there at once. */
import { Redis } from 'ioredis'
import { RedisError } from './errors.ts'
import type { RunKeys } from './keys.ts'

/** Milliseconds that a first connection may take. */
const CONNECT_MS = 10_000

/**
 * Connects; waits through restarts afterwards. `onTrouble` hears once of each loss of the connection. Rejects with
 * `RedisError` where there is no Redis at first. The caller closes it by `quit`.
 */
export async function connect(url: string, onTrouble?: (text: string) => void): Promise<Redis> {
  const shown = withoutPassword(url)
  // BullMQ wants commands to wait for as long as it takes.
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  })
  let [last, isIn] = ['', false]
  redis.on('error', (error: Error) => {
    if (isIn && error.message !== last) onTrouble?.(`${shown}: ${error.message}`)
    last = error.message
  })
  redis.on('ready', () => {
    last = ''
    isIn = true
  })
  try {
    // Only the first time: a Redis that restarts later on is waited for.
    await within(redis.connect(), CONNECT_MS)
    return redis
  } catch (cause) {
    redis.disconnect()
    throw new RedisError(`can't reach Redis at ${shown}: ${last || (cause as Error).message}`, { cause })
  }
}

/** For messages. Throws `RedisError` where it is no URL of Redis. */
function withoutPassword(url: string): string {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new RedisError(
      '--redis wants a URL such as redis://localhost:6379 or rediss://user:password@host:6380',
    )
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = '***'
  return parsed.href
}

function within(work: Promise<unknown>, ms: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** What a puzzle came to, as it is counted. */
export type Outcome = 'verified' | 'unsolved' | 'bad-input'

/** The first record of a puzzle stays, and is counted once; those that come again are alike. */
const KEEP = `
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[2], ARGV[3], 1)
return 1`

/** Keeps a puzzle's record, unless it has one. Returns whether it was kept. */
export async function keepRecord(
  redis: Redis,
  keys: RunKeys,
  index: number,
  record: Buffer,
  outcome: Outcome,
): Promise<boolean> {
  return (await redis.eval(KEEP, 2, keys.results, keys.run, index, record, outcome)) === 1
}

/** The least of all that were said. */
const STOP = `
local there = tonumber(redis.call('HGET', KEYS[1], ARGV[1]))
if not there or tonumber(ARGV[2]) < there then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end`

/** Tells all workers that the stop rule fired in the range from this rollout on. */
export async function markStop(redis: Redis, keys: RunKeys, index: number, from: number): Promise<void> {
  await redis.eval(STOP, 1, keys.stops, index, from)
}

/**
 * Of each puzzle the first rollout of the last range that is wanted: of the one in which the stop rule fired, Infinity where it
 * did not yet. -Infinity where the puzzle has its record, with which the mark of a stop goes.
 */
export async function lastWantedOf(
  redis: Redis,
  keys: RunKeys,
  indexes: readonly number[],
): Promise<number[]> {
  const fields = indexes.map(String)
  const [stops, records] = await Promise.all([
    redis.hmget(keys.stops, ...fields),
    redis.hmgetBuffer(keys.results, ...fields),
  ])
  return stops.map((stop, i) => {
    if (records[i] !== null) return Number.NEGATIVE_INFINITY
    return stop === null ? Number.POSITIVE_INFINITY : Number(stop)
  })
}
