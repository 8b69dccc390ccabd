/** `ptrm collect`: the answers of a run, in the input's order, as they come. */
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import { redisOption, runName } from '../options/groups.ts'
import type { CollectFlags } from '../queue/collect.ts'
import { withQueue } from '../queue/installed.ts'
import { INTERRUPTED } from '../run/exit.ts'

const HELP = `
Examples:
  ptrm collect monday --redis redis://queue:6379 > answers.ndjson
  ptrm collect monday --redis redis://queue:6379 -o answers.ndjson --remove

Writes the lines of ptrm solve --json in the input's order, each as soon as all before it are there. With -o the same command
again goes on behind the lines that the file has; a file that holds something else is refused, and stays as it is. --remove
leaves the run where it was interrupted, and where the reader of its output left before all was written. A puzzle whose
job has failed for good ends it, by name; ptrm submit tries such puzzles anew.
`

export const command: Command = declare({
  name: 'collect',
  description: 'write the answers of a run, in the order of its input, as they come',
  arguments: [runName()],
  options: [
    redisOption(),
    option('-o, --output <file>', 'NDJSON file to go on with (default: stdout, from the first)'),
    option('--remove', 'remove the run from Redis when all is written'),
    option('--quiet', 'no progress, no summary'),
  ],
  help: HELP,
  exitCodes: {
    0: 'all solved',
    1: 'not all solved',
    2: 'bad input or usage, or no Redis; or a job failed for good',
    ...INTERRUPTED,
  },
  action: async (run: string, flags: CollectFlags) =>
    (await withQueue(() => import('../queue/collect.ts'))).collect(run, flags),
})
