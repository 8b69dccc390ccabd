/** `ptrm merge` of run folders: those of one kind, or of several that each lie in a folder of their name. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { mergeShards, type ReportOptions, resultsTable } from '@ptrm/eval'
import { UsageError } from './input.ts'
import { print } from './run/output.ts'

/** Throws what `mergeShards` throws. */
export async function mergeRuns(
  folders: readonly string[],
  output: string,
  { quiet, ...report }: ReportOptions & { readonly quiet: boolean },
): Promise<number> {
  const kinds = kindsIn(folders)
  for (const kind of kinds ?? ['']) {
    const results = mergeShards(
      folders.map((folder) => join(folder, kind)),
      join(output, kind),
      report,
    )
    if (quiet) continue
    if (kind !== '') await print(`## ${kind}\n\n`)
    await print(`${resultsTable(results)}\n`)
  }
  return 0
}

/** The kinds of runs over several; undefined where the folders are run folders themselves. */
function kindsIn(folders: readonly string[]): string[] | undefined {
  const isRun = (folder: string) => existsSync(join(folder, 'run.json'))
  const first = folders.find((folder) => !isRun(folder))
  if (first === undefined) return undefined
  const runs = readdirSync(first).filter((name) => isRun(join(first, name)))
  if (runs.length > 0) return runs.sort()
  throw new UsageError(`${first} is no run folder, and holds none`)
}
