/**
 * `ptrm solve --shard i/n --json`: a line that says what is run and which part of it this is, then a line an entry with
 * its place in the whole input. `ptrm merge` makes the output of one machine of all n.
 */
import { hash } from 'node:crypto'
import { basename } from 'node:path'
import type { Shard } from '@ptrm/eval'
import { kernelSha256, loadModelBytes, modelFor } from '@ptrm/orchestrator'
import type { AnyItem } from '@ptrm/puzzles'
import { type Found, readAllPuzzles, readPuzzleFile } from '@ptrm/puzzles/node'
import manifest from '../../package.json' with { type: 'json' }
import { UsageError } from '../input.ts'
import type { SolveFlags } from './flags.ts'

/** The first line of a shard. */
export interface ShardHead {
  readonly shard: Shard
  /** What is run on what: equal ones, equal answers. */
  readonly run: {
    readonly format: 1
    readonly version: string
    readonly data: { readonly name: string; readonly sha256: string; readonly entries: number }
    /** SHA-256 of the models: of a bundled one by its name, of one that was given by the kind of puzzles. */
    readonly models: Readonly<Record<string, string>>
    /** As it was asked for; what is left out is the models'. */
    readonly plan: Readonly<Record<string, unknown>>
    /** SHA-256 of the kernel's file. */
    readonly kernelSha256: string
  }
}

/** A shard's entries, in the order of the whole input. */
export interface ShardEntries {
  readonly head: ShardHead
  readonly items: readonly AnyItem[]
  /** Puzzles in the whole input. */
  readonly puzzles: number
}

/** Rejects with `UsageError` where a shard could not be merged, `InputError`, `ModelUnavailableError`, and the reason of an abort. */
export async function readShard(
  input: string,
  flags: SolveFlags & { readonly shard: Shard },
  fallback: string | undefined,
  signal: AbortSignal,
): Promise<ShardEntries> {
  const { shard, json, svg } = flags
  if (!json) throw new UsageError('--shard wants --json: of that, ptrm merge makes the output of all shards')
  if (svg !== undefined) throw new UsageError('--svg takes no --shard')
  if (input === '-') throw new UsageError('--shard reads a file, so that all shards are known to be of it')
  const file = readPuzzleFile(input)
  const { items, count } = await readAllPuzzles(file, { fallback, signal })
  const data = { name: basename(input), sha256: hash('sha256', file.bytes), entries: items.length }
  const models = await modelsFor(items, flags.model)
  const { version } = manifest
  const head: ShardHead = {
    shard,
    run: {
      format: 1,
      version,
      data,
      models,
      plan: planOf(flags),
      kernelSha256: kernelSha256(flags.kernel ?? 'simd128'),
    },
  }
  return { head, items: items.filter((_, place) => place % shard.of === shard.index), puzzles: count }
}

/** Puzzles of kinds without a model are refused one by one. */
async function modelsFor(
  items: readonly AnyItem[],
  model: string | undefined,
): Promise<Record<string, string>> {
  const nameOf = (item: Found) => (model === undefined ? modelFor(item)?.name : item.kind.name)
  const names = new Set(items.flatMap((item) => ('error' in item ? [] : (nameOf(item) ?? []))))
  const hashes = [...names]
    .sort()
    .map(async (name) => [name, hash('sha256', await loadModelBytes(model ?? name))])
  return Object.fromEntries(await Promise.all(hashes))
}

/** All that answers depend on, and what they are run on. */
function planOf(flags: SolveFlags): Record<string, unknown> {
  const { rollouts, steps, sigma, noiseTarget, stop, exact = false, deterministic, select, deadline } = flags
  const { backend, kernel, stepsPerRun, fp16, tf32 } = flags
  const seed = flags.seed?.toString()
  const engine = { backend, kernel, stepsPerRun, fp16, tf32 }
  return {
    rollouts,
    steps,
    sigma,
    noiseTarget,
    seed,
    stop,
    exact,
    deterministic,
    select,
    deadline,
    ...engine,
  }
}
