/** `ptrm status`: how far a run is, and what has failed. */
import { Argument, type Command } from 'commander'
import { declare } from '../declare.ts'
import { jsonOption, redisOption } from '../options/groups.ts'
import { withQueue } from '../queue/installed.ts'
import type { StatusFlags } from '../queue/status.ts'

const HELP = `
Examples:
  ptrm status --redis redis://queue:6379
  ptrm status monday --redis redis://queue:6379 --json

A dead letter is a job that failed three times, or whose worker died ten times; ptrm submit tries it anew.
`

export const command: Command = declare({
  name: 'status',
  description: 'say how far a run is, which of its jobs failed for good, and how many workers there are',
  arguments: [new Argument('[run]', 'name of the run (default: all)')],
  options: [redisOption(), jsonOption(' a run (NDJSON)')],
  help: HELP,
  exitCodes: { 0: 'done', 1: 'there are dead letters', 2: 'bad input or usage, or no Redis' },
  action: async (run: string | undefined, flags: StatusFlags) =>
    (await withQueue(() => import('../queue/status.ts'))).status(run, flags),
})
