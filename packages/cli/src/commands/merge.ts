/** `ptrm merge`: the shards of `ptrm solve` or `ptrm eval`, made what one machine gives. */
import { statSync } from 'node:fs'
import type { StopRule } from '@ptrm/orchestrator'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { UsageError } from '../input.ts'
import * as parse from '../options/parse.ts'
import { INTERRUPTED } from '../run/exit.ts'

interface MergeFlags {
  readonly output?: string
  readonly at?: number[]
  readonly stop?: StopRule[]
  readonly quiet?: boolean
}

const HELP = `
Examples:
  ptrm merge 0.ndjson 1.ndjson 2.ndjson > answers.ndjson
  ptrm merge runs/a.* -o runs/a
  ptrm merge runs/a.* -o runs/a --at 1,16 --stop first-verified

Takes all n shards of one run, in any order: files of ptrm solve --json --shard i/n, or run folders of ptrm eval --shard i/n.
What comes out is what one machine gives, wall times apart. Shards of another run (model, plan, data, engine, n), a shard that
is missing, doubled, cut short or without a kind that another has, and entries that are not the shard's are refused by name.
`

export const command: Command = declare({
  name: 'merge',
  description: 'join the shards of ptrm solve (files) or ptrm eval (folders) of several machines',
  arguments: [new Argument('<shard...>', 'all files, or all run folders, of one run')],
  options: [
    option('-o, --output <folder>', 'of run folders: the folder of the whole run'),
    option('--at <list>', 'of run folders: the K to report, as in ptrm eval', parse.counts),
    option('--stop <rule...>', 'of run folders: stop rules, as in ptrm eval', parse.stops),
    option('--quiet', 'no table, no summary'),
  ],
  help: HELP,
  exitCodes: {
    0: 'done; of files: all puzzles are solved',
    1: 'of files: not all are solved',
    2: 'bad input or usage',
    ...INTERRUPTED,
  },
  action: merge,
})

/** Throws what the merging throws. */
export async function merge(paths: string[], flags: MergeFlags): Promise<number> {
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  const folders = paths.filter(isFolder)
  if (folders.length === 0) {
    const wrong = (['output', 'at', 'stop'] as const).find((name) => flags[name] !== undefined)
    if (wrong) throw new UsageError(`--${wrong} is for run folders, and these are files`)
    return (await import('../solve/merge.ts')).mergeFiles(paths, flags.quiet ?? false)
  }
  const file = paths.find((path) => !isFolder(path))
  if (file !== undefined)
    throw new UsageError(`${folders[0]} is a folder and ${file} is none: merge the one or the other`)
  const { output, at, stop, quiet = false } = flags
  if (output === undefined) throw new UsageError('-o FOLDER is wanted: where the whole run goes')
  return (await import('../merge-runs.ts')).mergeRuns(folders, output, { at, stops: stop, quiet })
}
