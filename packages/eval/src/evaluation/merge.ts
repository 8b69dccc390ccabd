/** Shards made one run: records, figures and files are those that one machine would have made, wall times apart. */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { has, isWhole } from '../checks.ts'
import { EvaluationError, RunMismatchError } from '../errors.ts'
import { isSamePlace, readJson } from '../files.ts'
import { checkReport, type ReportOptions, writeResults, writeTimes } from './finish.ts'
import { firstDifference, type Run, RunFolder, readShard, valueText } from './folder.ts'
import type { Manifest } from './manifest.ts'
import { type Results, resultsOf } from './results.ts'
import { allShards, type Shard } from './shard.ts'
import { timesOf } from './times.ts'

interface Part extends Run {
  readonly path: string
  readonly shard: Shard
}

/**
 * Merges the finished shards of one run, given by their folders in any order, into the folder `output`. What is there of
 * the same run is kept, so that a merge that was ended may be done again. Throws `EvaluationError` where a shard is missing
 * or doubled, `RunMismatchError` where they are not of one run, one is not finished, or `output` holds another, and
 * `FileError`.
 */
export function mergeShards(
  folders: readonly string[],
  output: string,
  options: ReportOptions = {},
): Results {
  const own = folders.find((folder) => isSamePlace(folder, output))
  if (own !== undefined)
    throw new EvaluationError(`-o ${output} is one of the shards: choose another folder for the whole run`)
  const parts = allShards(folders.map(readPart))
  const manifest = wholeOf(parts)
  const { at, stops } = checkReport(options, manifest.plan.rollouts)
  const workers = parts.reduce((sum, part) => sum + workersOf(part), 0)
  const kept = RunFolder.open(output, manifest)
  try {
    const there = new Map(kept.records.map((record) => [record.index, record]))
    const records = parts.flatMap((part) => part.records).sort((a, b) => a.index - b.index)
    for (const record of records) {
      const before = there.get(record.index)
      if (!before) kept.append(record)
      else if (!isDeepStrictEqual({ ...before, ms: 0 }, { ...record, ms: 0 }))
        throw new RunMismatchError(
          `${output} has other figures of puzzle ${record.index}; choose another folder`,
        )
    }
    kept.flush()
    const results = resultsOf(manifest, kept.records, at, stops)
    writeResults(output, results)
    writeTimes(output, timesOf(kept.records, workers))
    return results
  } finally {
    kept.close()
  }
}

function readPart(path: string): Part {
  const run = readShard(path)
  const { shard } = run.manifest
  if (!shard) throw new EvaluationError(`${path} is a whole run, not a shard of one`)
  return { path, shard, ...run }
}

/** What the shards are parts of. Throws `RunMismatchError` naming the first field that differs. */
function wholeOf(parts: readonly Part[]): Manifest {
  const { path, manifest } = parts[0]!
  const { shard: _, ...whole } = manifest
  for (const part of parts) {
    const { shard: _, ...other } = part.manifest
    const changed = firstDifference(whole, other)
    if (!changed) continue
    const [was, is] = [changed.was, changed.is].map(valueText)
    throw new RunMismatchError(
      `${path} and ${part.path} are not of one run: ${changed.field} is ${was} in the first and ${is} in the second`,
    )
  }
  return whole
}

/** Worker threads that ran a shard; none ran one without puzzles. */
function workersOf({ path, records }: Part): number {
  if (records.length === 0) return 0
  const file = join(path, 'times.json')
  const times = readJson(file)
  if (has({ workers: isWhole(1) })(times)) return (times as { workers: number }).workers
  throw new EvaluationError(`${file} does not say how many workers ran`)
}
