/** `ptrm worker`: solves what was submitted, until it is ended. */
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import { engineOptions, onnxOptions, redisOption } from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { withQueue } from '../queue/installed.ts'
import type { WorkerFlags } from '../queue/worker.ts'
import { INTERRUPTED } from '../run/exit.ts'

const HELP = `
Examples:
  ptrm worker --redis redis://queue:6379
  ptrm worker --redis redis://queue:6379 --model tuned.safetensors --workers 8
  ptrm worker --redis redis://queue:6379 --backend onnx-cuda --until-done

Takes part in every run whose model it has, bundled or given by --model; the runs that it has no model for it names, and leaves
to others. Ctrl-C and SIGTERM end it within a step, and what it had in hand goes to others at once. What a worker had in hand
that was killed goes to others after --lease.
`

export const command: Command = declare({
  name: 'worker',
  description: 'solve what ptrm submit has put into Redis, beside any number of other workers',
  options: [
    redisOption(),
    option('--model <file...>', 'models besides the bundled ones'),
    option('--until-done', 'leave once all runs are done, or have but dead letters left'),
    option(
      '--lease <time>',
      'how long a job stays with a worker that is gone (default: 15s)',
      parse.duration,
    ),
    ...engineOptions(),
    ...onnxOptions(),
    option('--quiet', 'only what fails'),
  ],
  help: HELP,
  exitCodes: { 0: 'done', 2: 'bad input or usage, or no Redis', 3: 'the backend failed', ...INTERRUPTED },
  action: async (flags: WorkerFlags) => (await withQueue(() => import('../queue/worker.ts'))).worker(flags),
})
