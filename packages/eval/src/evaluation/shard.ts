/**
 * Shards: a run over many machines without anything between them. Puzzle i of the input, counted from 0, belongs to shard
 * i mod n; it keeps its number, so a shard's records are those of the whole run.
 */
import { EvaluationError } from '../errors.ts'

/** Which part of a run: shard `index`, from 0, of `of`. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** Throws `EvaluationError`. */
export function checkShard({ index, of }: Shard): void {
  if (Number.isSafeInteger(index) && Number.isSafeInteger(of) && index >= 0 && index < of) return
  throw new EvaluationError(`shard ${index}/${of}: wanted i/n, with i from 0 to n - 1`)
}

/** Whether a puzzle, by its place from 0, is run here; all are where there are no shards. */
export function isOfShard(puzzle: number, shard: Shard | undefined): boolean {
  return shard === undefined || puzzle % shard.of === shard.index
}

/** How many of `puzzles` puzzles are the shard's. */
export function sizeOfShard(puzzles: number, { index, of }: Shard): number {
  return Math.max(0, Math.ceil((puzzles - index) / of))
}

/** As `--shard` is written: `0/8`. */
export function shardText({ index, of }: Shard): string {
  return `${index}/${of}`
}

/** A shard that somebody has, and where. */
export interface ShardAt {
  readonly path: string
  readonly shard: Shard
}

/** The shards in their order. Throws `EvaluationError` unless they are all n of one run, each once. */
export function allShards<Part extends ShardAt>(parts: readonly Part[]): Part[] {
  const [first] = parts
  if (!first) throw new EvaluationError('there are no shards to merge')
  const { of } = first.shard
  const byIndex = new Map<number, Part>()
  for (const part of parts) {
    if (part.shard.of !== of)
      throw new EvaluationError(
        `${part.path} is shard ${shardText(part.shard)}, ${first.path} is shard ${shardText(first.shard)}: they are not of the same n`,
      )
    const other = byIndex.get(part.shard.index)
    if (other)
      throw new EvaluationError(`${other.path} and ${part.path} are both shard ${shardText(part.shard)}`)
    byIndex.set(part.shard.index, part)
  }
  const missing = Array.from({ length: of }, (_, index) => index).filter((index) => !byIndex.has(index))
  if (missing.length > 0) {
    const named = missing.slice(0, 10).map((index) => shardText({ index, of }))
    const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : ''
    throw new EvaluationError(`missing: shard ${named.join(', ')}${more}`)
  }
  return [...byIndex.values()].sort((a, b) => a.shard.index - b.shard.index)
}
