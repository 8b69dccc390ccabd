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

/** Nothing is written for a run that was removed: nobody would ever delete it. */
const IF_THERE = `
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return -1 end`

/** Runs a script that writes to keys of a run. Returns what it returns; -1, with nothing written, where the run is gone. */
function write(
  redis: Redis,
  { run, id }: RunKeys,
  script: string,
  keys: readonly string[],
  ...args: readonly (string | number | Buffer)[]
): Promise<unknown> {
  return redis.eval(IF_THERE + script, 1 + keys.length, run, ...keys, id, ...args)
}

/** The first record of a puzzle stays, and is counted once; those that come again are alike. */
const KEEP = `
if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[3], ARGV[4], 1)
return 1`

/** Keeps a puzzle's record, unless it has one. Returns whether it was kept. */
export async function keepRecord(
  redis: Redis,
  keys: RunKeys,
  index: number,
  record: Buffer,
  outcome: Outcome,
): Promise<boolean> {
  return (await write(redis, keys, KEEP, [keys.results, keys.counts], index, record, outcome)) === 1
}

const SET = `
redis.call('HSET', KEYS[2], unpack(ARGV, 2))
return 1`

/** Sets fields of one of the run's hashes. Returns whether the run is there. */
export async function setFields(
  redis: Redis,
  keys: RunKeys,
  hash: string,
  fields: ReadonlyMap<string, string | Buffer>,
): Promise<boolean> {
  return (await write(redis, keys, SET, [hash], ...[...fields].flat())) === 1
}

/** The least of all that were said. */
const STOP = `
local there = tonumber(redis.call('HGET', KEYS[2], ARGV[2]))
if not there or tonumber(ARGV[3]) < there then redis.call('HSET', KEYS[2], ARGV[2], ARGV[3]) end
return 1`

/** Tells all workers that the stop rule fired in the range from this rollout on. */
export async function markStop(redis: Redis, keys: RunKeys, index: number, from: number): Promise<void> {
  await write(redis, keys, STOP, [keys.stops], index, from)
}

const BEGIN = `
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('HSET', KEYS[1], unpack(ARGV)) end`

/** Gives a name to a run, unless another has it. */
export async function beginRun(
  redis: Redis,
  key: string,
  fields: ReadonlyMap<string, string>,
): Promise<void> {
  await redis.eval(BEGIN, 1, key, ...[...fields].flat())
}

/** All at once: what is written for the run comes before it, and is deleted, or after it, and is refused. */
const END = `
redis.call('UNLINK', unpack(KEYS))
return 1`

/** Frees a run's name and deletes its data, if it is still there. Its queues are others' matter. */
export async function endRun(redis: Redis, keys: RunKeys): Promise<void> {
  const { counts, entries, results, parts, stops } = keys
  await write(redis, keys, END, [counts, entries, results, parts, stops])
}

/** Whether the run was not removed. */
export async function isThere(redis: Redis, { run, id }: RunKeys): Promise<boolean> {
  return (await redis.hget(run, 'id')) === id
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
