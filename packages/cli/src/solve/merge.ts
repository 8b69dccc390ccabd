/** `ptrm merge` of files: lines of n shards, taken in turn, are the lines of one machine. */
import { allShards, firstDifference, type ShardAt, shardText, sizeOfShard } from '@ptrm/eval'
import { linesOf } from '@ptrm/eval/files'
import { UsageError } from '../input.ts'
import { interruptible } from '../run/interrupt.ts'
import { printJson, tell } from '../run/output.ts'
import type { ShardHead } from './shard.ts'

interface ShardFile extends ShardHead, ShardAt {}

/** A line of a shard as `ptrm solve` wrote it. */
interface EntryRecord {
  readonly entry: number
  readonly status: (typeof STATUSES)[number]
  readonly backend?: string
}

const STATUSES = ['verified', 'unsolved', 'bad-input'] as const

/**
 * Writes what one machine would have; the exit code is that of `ptrm solve`. All files are looked through before the first
 * line goes out. Throws `UsageError`, `EvaluationError` and `FileError`.
 */
export function mergeFiles(paths: readonly string[], quiet: boolean): Promise<number> {
  return interruptible(async (signal) => {
    const shards = allShards(paths.map(readHead))
    refuseOthers(shards)
    const backends = new Set<string | undefined>()
    for (const shard of shards) for (const { backend } of recordsOf(shard)) backends.add(backend)
    const count = { verified: 0, unsolved: 0, 'bad-input': 0 }
    for (const record of inTurn(shards.map(recordsOf))) {
      signal.throwIfAborted()
      const { entry: _, ...line } = record
      count[record.status] += 1
      await printJson(line)
    }
    const { verified, unsolved } = count
    backends.delete(undefined)
    if (backends.size > 1)
      await tell(
        `${[...backends].sort().join(' and ')} have solved these puzzles: q may differ in its last digits\n`,
      )
    if (!quiet) await tell(`solved ${verified} of ${verified + unsolved}, in ${shards.length} shards\n`)
    if (count['bad-input'] > 0) return 2
    return unsolved > 0 ? 1 : 0
  })
}

function readHead(path: string): ShardFile {
  const [first] = linesOf(path)
  const head = first?.isWhole ? (objectIn(first.text) as Partial<ShardHead> | undefined) : undefined
  const { shard, run } = head ?? {}
  const isHead = Number.isInteger(shard?.index) && Number.isInteger(shard?.of) && run?.format === 1
  if (isHead && Number.isInteger(run.data?.entries)) return { path, shard: shard!, run }
  throw new UsageError(`${path} is no shard: its first line is not that of ptrm solve --json --shard`)
}

/** Throws `UsageError` naming the first thing that two shards differ in. */
function refuseOthers([first, ...others]: readonly ShardFile[]): void {
  for (const other of others) {
    const changed = firstDifference(first!.run, other.run)
    if (!changed) continue
    const [was, is] = [changed.was, changed.is].map((value) => JSON.stringify(value) ?? 'not given')
    throw new UsageError(
      `${first!.path} and ${other.path} are not of one run: ${changed.field} is ${was} in the first and ${is} in the second`,
    )
  }
}

/** The records of a shard, all of them and in order, or the error of the first that is not as it must be. */
function* recordsOf({ path, shard, run }: ShardFile): Generator<EntryRecord> {
  const wanted = sizeOfShard(run.data.entries, shard)
  let count = 0
  for (const { number, text, isWhole } of linesOf(path)) {
    if (number === 1) continue
    const record = isWhole ? (objectIn(text) as EntryRecord | undefined) : undefined
    const entry = shard.index + count * shard.of
    if (!record || !STATUSES.includes(record.status))
      throw new UsageError(`${path}:${number}: no whole record of ptrm solve; run the shard again`)
    if (record.entry !== entry || count === wanted)
      throw new UsageError(
        `${path}:${number}: entry ${record.entry} where ${count === wanted ? 'the end' : `entry ${entry}`} was to come`,
      )
    yield record
    count += 1
  }
  if (count < wanted)
    throw new UsageError(
      `${path} has ${count} of the ${wanted} entries of shard ${shardText(shard)}; run it again`,
    )
}

/** One of each in turn, up to the end of all. */
function* inTurn<Item>(iterators: readonly Iterator<Item>[]): Generator<Item> {
  for (;;)
    for (const iterator of iterators) {
      const { done, value } = iterator.next()
      if (done) return
      yield value
    }
}

function objectIn(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
