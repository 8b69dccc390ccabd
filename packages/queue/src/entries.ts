/** The entries of an input as a run keeps them: puzzles as URLs with what stood beside them, and the errors of bad ones. */
import { type AnyItem, type AnyKind, kindNamed, type Position } from '@ptrm/puzzles'
import type { Found } from '@ptrm/puzzles/node'
import type { Redis } from 'ioredis'
import { QueueError } from './errors.ts'
import type { RunKeys } from './keys.ts'
import { pack, unpack } from './packing.ts'
import { setFields } from './redis.ts'

/** Entries packed together. */
export const BLOCK = 64

/** A puzzle of the input; null for a bad entry, whose record there is from the start. */
export type Entry = {
  readonly kind: string
  readonly url: string
  readonly id?: string | undefined
  readonly note?: string | undefined
  readonly where: Position
} | null

export function entryOf(item: AnyItem): Entry {
  if ('error' in item) return null
  const { kind, puzzle, id, note, where } = item
  return { kind: kind.name, url: (kind as AnyKind).toUrl(puzzle), id, note, where }
}

/** The puzzle of an entry as its reader found it. */
export function foundOf({ kind, url, id, note, where }: NonNullable<Entry>): Found {
  const named: AnyKind = kindNamed(kind)
  return { kind: named, puzzle: named.parse(url), id, note, where } as Found
}

/** Writes blocks; `first` is the number of the first. Returns whether the run is there. */
export async function writeBlocks(
  redis: Redis,
  keys: RunKeys,
  first: number,
  blocks: readonly (readonly Entry[])[],
): Promise<boolean> {
  const fields = new Map(blocks.map((block, i) => [String(first + i), pack(block)]))
  return setFields(redis, keys, keys.entries, fields)
}

/** The puzzles at these places, in their order. Throws `QueueError` where one is not there. */
export async function readPuzzles(
  redis: Redis,
  keys: RunKeys,
  indexes: readonly number[],
): Promise<Map<number, Found>> {
  const numbers = [...new Set(indexes.map((index) => Math.floor(index / BLOCK)))]
  const packed = await redis.hmgetBuffer(keys.entries, ...numbers.map(String))
  const blocks = new Map(
    numbers.map((number, i) => [number, packed[i] ? (unpack(packed[i]) as Entry[]) : undefined]),
  )
  return new Map(
    indexes.map((index) => {
      const entry = blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK]
      if (!entry) throw new QueueError(`the run has lost its puzzle ${index}; submit it again`)
      return [index, foundOf(entry)]
    }),
  )
}
