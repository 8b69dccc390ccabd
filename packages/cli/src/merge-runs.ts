/** `ptrm merge` of run folders: those of one kind, or of several that each lie in a folder of their name. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mergeShards, type ReportOptions, resultsTable } from '@ptrm/eval'
import { UsageError } from './input.ts'
import { print } from './run/output.ts'

/** Throws `UsageError` where a folder lacks a kind that another has, and what `mergeShards` throws. */
export async function mergeRuns(
  folders: readonly string[],
  output: string,
  { quiet, ...report }: ReportOptions & { readonly quiet: boolean },
): Promise<number> {
  const kinds = kindsIn(folders)
  const shardsOf = (kind: string) => folders.map((folder) => join(folder, kind))
  // One kind's shards are all read before it is written; several kinds' are to be, too.
  if (kinds.length > 1) for (const kind of kinds) tryMerge(shardsOf(kind), report)
  for (const kind of kinds) {
    const results = mergeShards(shardsOf(kind), join(output, kind), report)
    if (quiet) continue
    if (kind !== '') await print(`## ${kind}\n\n`)
    await print(`${resultsTable(results)}\n`)
  }
  return 0
}

/** The kinds of runs over several, none of which a folder lacks; of run folders themselves, the one that has no folder of its name. */
function kindsIn(folders: readonly string[]): readonly string[] {
  const [runs, others] = [folders.filter(isRun), folders.filter((folder) => !isRun(folder))]
  if (others.length === 0) return ['']
  const found = new Map(others.map((folder) => [folder, runsIn(folder)]))
  const empty = others.find((folder) => found.get(folder)!.length === 0)
  if (empty !== undefined) throw new UsageError(`${empty} is no run folder, and holds none`)
  if (runs.length > 0)
    throw new UsageError(
      `${runs[0]} is a run folder and ${others[0]} holds one for each kind: merge the one or the other`,
    )
  const kinds = [...new Set([...found.values()].flat())].sort()
  for (const kind of kinds) {
    const lacking = others.find((folder) => !found.get(folder)!.includes(kind))
    if (lacking === undefined) continue
    const having = others.find((folder) => found.get(folder)!.includes(kind))
    throw new UsageError(`${lacking} has no run of ${kind}, as ${having} has: finish that shard first`)
  }
  return kinds
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, 'run.json'))
}

function runsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => isRun(join(folder, name)))
}

/** Throws what keeps these shards from being one run; leaves nothing. */
function tryMerge(shards: readonly string[], report: ReportOptions): void {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-merge-'))
  try {
    mergeShards(shards, folder, report)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
