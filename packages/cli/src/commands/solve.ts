/** `ptrm solve`: puzzles in, pictures or NDJSON out. */
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import {
  engineOptions,
  gridKindOption,
  kernelOption,
  modelOption,
  onnxOptions,
  outputOptions,
  planOptions,
  puzzleInput,
  selectOption,
  shardOption,
  stopOption,
} from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { INTERRUPTED } from '../run/exit.ts'
import type { SolveFlags } from '../solve/flags.ts'

const HELP = `
Examples:
  ptrm solve puzzles.txt
  ptrm solve 52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.
  ptrm solve 'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'
  cat puzzles.csv | ptrm solve - --json > answers.ndjson
  ptrm solve puzzles.csv --rollouts 64 --stop all --select best-q     (the rules choose nothing)
  ptrm solve puzzles.csv --exact --json --shard 0/4 > 0.ndjson     (then ptrm merge *.ndjson)

A rollout depends on --seed and its number alone. Which of them are run does not, where several workers share a puzzle and
the stop rule ends it: whichever is right first ends the others. With --exact they are taken in their order, as by one
worker, and those before the right one are waited for: about as fast for many puzzles, slower for a single hard one.
A --deadline is a matter of time with and without it.
`

export const command: Command = declare({
  name: 'solve',
  description: 'solve the puzzles of a FILE, a URL, one PUZZLE given as text, or stdin (-)',
  arguments: [puzzleInput()],
  options: [
    modelOption("by each puzzle's kind"),
    gridKindOption("the model's, else sudoku"),
    ...planOptions(),
    selectOption(),
    stopOption(),
    option('--exact', 'answer and counts by --seed alone, on any number of workers; see below'),
    option('--no-deterministic', 'give rollout 0 noise as well (as the paper does when it measures)'),
    option(
      '--deadline <time>',
      'stop a puzzle after this time and take the best so far: 500ms, 10s, 2m',
      parse.duration,
    ),
    shardOption('with --json: '),
    ...engineOptions(),
    kernelOption(),
    ...onnxOptions(),
    ...outputOptions({
      json: ' instead of pictures',
      quiet: 'only the answers, one a line, right or not; stderr names the puzzles that are not solved',
    }),
  ],
  help: HELP,
  exitCodes: {
    0: 'solved',
    1: 'not solved',
    2: 'bad input or usage',
    3: 'the backend failed',
    ...INTERRUPTED,
  },
  action: async (input: string, flags: SolveFlags) => (await import('../solve/solve.ts')).solve(input, flags),
})
