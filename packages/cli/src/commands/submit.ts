/** `ptrm submit`: a file of puzzles as a run for workers on many machines. */
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import {
  gridKindOption,
  kernelOption,
  modelOption,
  planOptions,
  puzzleFile,
  redisOption,
  selectOption,
  stopOption,
} from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { withQueue } from '../queue/installed.ts'
import type { SubmitFlags } from '../queue/submit.ts'

const HELP = `
Examples:
  ptrm submit puzzles.csv --redis redis://localhost:6379 --name monday
  ptrm submit puzzles.csv --redis rediss://user:password@host:6380 --name wide --rollouts 1000 --sigma 0.4

Then ptrm worker on any number of machines, and ptrm collect anywhere. Answers are those of ptrm solve --exact --kernel simd128
on one machine, however many workers there are and whichever of them die.

The same command again goes on where it was ended, and tries anew what has failed for good. Another plan, model or file under
the same name is refused.
`

export const command: Command = declare({
  name: 'submit',
  description: 'put the puzzles of a FILE into Redis, for ptrm worker on many machines',
  arguments: [puzzleFile()],
  options: [
    redisOption(),
    option('--name <run>', 'what the run is called').makeOptionMandatory(),
    modelOption("by each puzzle's kind"),
    gridKindOption("the model's, else sudoku"),
    ...planOptions(),
    selectOption(),
    stopOption(),
    option('--no-deterministic', 'give rollout 0 noise as well (as the paper does when it measures)'),
    kernelOption('simd128'),
    option('--job <time>', 'how long a job takes on one core, about (default: 2s)', parse.duration),
    option(
      '--job-rollouts <n>',
      'rollouts a job of each puzzle (default: all; fewer where they take many jobs)',
      parse.count,
    ),
    option('--quiet', 'no summary'),
  ],
  help: HELP,
  exitCodes: { 0: 'done', 2: 'bad input or usage, or no Redis' },
  action: async (input: string, flags: SubmitFlags) =>
    (await withQueue(() => import('../queue/submit.ts'))).submit(input, flags),
})
