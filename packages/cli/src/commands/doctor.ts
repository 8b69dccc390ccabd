/** `ptrm doctor`: what this machine can run, what keeps it from the rest, and what a job would take on a GPU. */
import { DEFAULT_KIND } from '@ptrm/puzzles'
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import type { DoctorFlags } from '../doctor/doctor.ts'
import { jsonOption, noiseTargetOption, stepsPerRunOption } from '../options/groups.ts'
import * as parse from '../options/parse.ts'

const HELP = `
Examples:
  ptrm doctor
  ptrm doctor --plan sudoku 256 --steps-per-run 8 --memory 24
`

export const command: Command = declare({
  name: 'doctor',
  description: 'say what this machine can run, what to install for the rest, and what auto takes',
  options: [
    option('--model <name|file>', 'the model to try it with').default(DEFAULT_KIND, DEFAULT_KIND),
    option('--plan <model K...>', 'memory and copies of K rollouts of a model on a GPU'),
    stepsPerRunOption('for --plan: deep recursion steps in one run').default(1),
    noiseTargetOption({ before: 'for --plan: ' }).default('zL', 'zL'),
    option(
      '--size <RxC>',
      'for --plan: rows and columns of the boards, where the model takes several (default: 10x10)',
      parse.size,
    ),
    option('--memory <GiB>', "for --plan: the GPU's memory (default: as nvidia-smi says)", parse.positive),
    jsonOption(''),
  ],
  help: HELP,
  exitCodes: { 0: 'done (whatever is missing)', 2: 'bad input or usage' },
  action: async (flags: DoctorFlags) => (await import('../doctor/doctor.ts')).doctor(flags),
})
