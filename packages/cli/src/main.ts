/** The `ptrm` command line: arguments, exit codes, and how errors look. */
import { Command, CommanderError } from 'commander'
import picocolors from 'picocolors'
import { type CheckFlags, check } from './commands/check.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExport } from './commands/export.ts'
import { addImport } from './commands/import.ts'
import { models } from './commands/models.ts'
import { addParity } from './commands/parity.ts'
import { type ShowFlags, show } from './commands/show.ts'
import { type SolveFlags, solve } from './commands/solve.ts'
import { exitCodeOf } from './exit-code.ts'
import * as parse from './options.ts'
import { exitCodeFor, watchReader } from './reader.ts'

const EXAMPLES = `
Examples:
  ptrm solve examples/sudoku-hard.txt
  ptrm solve 52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.
  ptrm solve 'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'
  cat puzzles.csv | ptrm solve - --json > answers.ndjson
  ptrm solve puzzles.csv --rollouts 64 --stop all --select best-q     (the rules choose nothing)

Exit codes: 0 solved, 1 not solved, 2 bad input or usage, 3 the backend failed, 130 interrupted.
`

const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
const CHECK_EXAMPLES = `
Examples:
  ptrm check '${AKARI}' --answer .o..../o-..o./..-o../-.o-.o/.o..-./-..o.-
  ptrm check puzzles.jsonl --quiet            (solutions from the file)

Exit codes: 0 all right, 1 some wrong or incomplete, 2 bad input or usage.
`
const SHOW_EXAMPLES = `
Examples:
  ptrm show '${AKARI}'
  ptrm show puzzle.txt --svg puzzle.svg
`

function withColor<Flags extends { readonly color: boolean }>(flags: Flags): Flags {
  return { ...flags, color: flags.color && picocolors.isColorSupported && process.stdout.isTTY === true }
}

function program(finish: (code: number) => void): Command {
  const ptrm = new Command('ptrm')
    .description('Solves logic puzzles by many noisy rollouts of a Tiny Recursive Model.')
    .version('0.1.0')
    .exitOverride()
  ptrm
    .command('solve')
    .description('solve the puzzles of a FILE, a URL, one PUZZLE given as text, or stdin (-)')
    .argument('<input>', 'file, URL, puzzle or -')
    .option(
      '--model <name|file>',
      "bundled model, kind, or safetensors file (default: by each puzzle's kind)",
    )
    .option('--kind <name>', 'what text grids are that no line names (default: sudoku)', parse.kind)
    .option('--rollouts <K>', 'rollouts a puzzle (default: as the model recommends)', parse.count)
    .option('--steps <D>', 'deep recursion steps a rollout (default: as the model recommends)', parse.count)
    .option('--sigma <list>', 'standard deviation of the noise, or one a step', parse.sigma)
    .option('--noise-target <name>', 'zL, zH or both', parse.noiseTarget)
    .option('--seed <n>', 'seed of the noise (default: 0)', parse.seed)
    .option('--select <name>', 'verified, best-q, mode or q-weighted (default: verified)', parse.select)
    .option('--stop <rule>', 'all, first-verified or q-above:LOGIT (default: first-verified)', parse.stop)
    .option('--no-deterministic', 'give rollout 0 noise as well (as the paper does when it measures)')
    .option(
      '--deadline <time>',
      'stop a puzzle after this time and take the best so far: 500ms, 10s, 2m',
      parse.duration,
    )
    .option(
      '--backend <name>',
      "auto, wasm, onnx, onnx-cpu or onnx-cuda (default: auto; 'ptrm doctor' tells its rule)",
      parse.backend,
    )
    .option(
      '--slots <N>',
      'onnx: rollouts side by side in a session (default: 1 a core, 256 on CUDA)',
      parse.count,
    )
    .option(
      '--steps-per-run <N>',
      'onnx: deep recursion steps a run; saves copies to a GPU (default: 1)',
      parse.count,
    )
    .option('--device <n>', 'onnx-cuda: number of the GPU (default: 0)', parse.whole)
    .option('--fp16', 'onnx: matrix products in half precision')
    .option('--tf32', 'onnx-cuda: matrix products in 19 bits; faster, and further from the CPU')
    .option('--workers <n>', 'worker threads (default: one a core)', parse.count)
    .option('--json', 'one JSON object a puzzle (NDJSON) instead of pictures')
    .option('--svg <file>', 'write the picture as SVG; of several puzzles, FILE-1, FILE-2, ...')
    .option('--quiet', 'only the answers, one a line')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText('after', EXAMPLES)
    .action(async (input: string, flags: SolveFlags) => {
      finish(await solve(input, withColor(flags)))
    })
  ptrm
    .command('check')
    .description('judge an answer by the rules alone, and show what it breaks')
    .argument('<input>', 'file, URL, puzzle or -')
    .option(
      '--answer <text|@file>',
      'the answer (default: the solutions that the file gives beside its puzzles)',
    )
    .option('--kind <name>', 'what text grids are that no line names (default: sudoku)', parse.kind)
    .option('--json', 'one JSON object a puzzle (NDJSON)')
    .option('--svg <file>', 'write the picture as SVG; of several puzzles, FILE-1, FILE-2, ...')
    .option('--quiet', 'no pictures')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText('after', CHECK_EXAMPLES)
    .action(async (input: string, flags: CheckFlags) => finish(await check(input, withColor(flags))))
  ptrm
    .command('show')
    .description('draw puzzles of any kind and notation; runs no model')
    .argument('<input>', 'file, URL, puzzle or -')
    .option('--answer <text|@file>', 'draw this answer, filled or in part, and mark what it breaks')
    .option('--kind <name>', 'what text grids are that no line names (default: sudoku)', parse.kind)
    .option('--json', 'one JSON object a puzzle (NDJSON): kind, size, URL, text grid')
    .option('--svg <file>', 'write the picture as SVG; of several puzzles, FILE-1, FILE-2, ...')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText('after', SHOW_EXAMPLES)
    .action(async (input: string, flags: ShowFlags) => finish(await show(input, withColor(flags))))
  addImport(ptrm, finish)
  addParity(ptrm, finish)
  addExport(ptrm, finish)
  addDoctor(ptrm, finish)
  ptrm
    .command('models')
    .description('list the bundled models, or print the card of one')
    .argument('[name]', 'model or kind')
    .option('--json', 'one JSON object a model')
    .action((name: string | undefined, flags: { json?: boolean }) => finish(models(name, flags)))
  return ptrm
}

async function main(): Promise<void> {
  watchReader()
  try {
    await program((code) => {
      process.exitCode = exitCodeFor(code)
    }).parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2
      return
    }
    process.stderr.write(`ptrm: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = exitCodeOf(error)
  }
}

await main()
