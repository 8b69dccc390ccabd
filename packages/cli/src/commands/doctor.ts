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
  ptrm doctor --install-cuda --dry-run
  ptrm doctor --install-cuda --from onnxruntime_gpu-1.30.0-cp312-cp312-manylinux_2_28_x86_64.whl

--install-cuda takes onnxruntime's CUDA provider from its Python package, by pip, and puts it beside onnxruntime-node.
Libraries of CUDA 13 that the loader does not find are looked for among Python's packages, else fetched the same way.
`

export const command: Command = declare({
  name: 'doctor',
  description: 'say what this machine can run, what to install for the rest, and what auto takes',
  options: [
    option('--model <name|file>', `the model to try it with (default: ${DEFAULT_KIND})`),
    option('--plan <model K...>', 'memory and copies of K rollouts of a model on a GPU'),
    stepsPerRunOption('for --plan: deep recursion steps in one run (default: 8)'),
    noiseTargetOption({ before: 'for --plan: ', after: ' (default: zL)' }),
    option(
      '--size <RxC>',
      'for --plan: rows and columns of the boards, where the model takes several (default: 10x10)',
      parse.size,
    ),
    option('--memory <GiB>', "for --plan: the GPU's memory (default: as nvidia-smi says)", parse.positive),
    option('--install-cuda', "install onnxruntime's CUDA provider and what it links, and try it"),
    option('--from <file>', 'for --install-cuda: a wheel of onnxruntime-gpu, or a folder with its libraries'),
    option(
      '--python <file>',
      'for --install-cuda: the Python whose pip and packages are used (default: python3)',
    ),
    option('--dry-run', 'for --install-cuda: say what it would do'),
    jsonOption(''),
  ],
  help: HELP,
  exitCodes: {
    0: 'done (whatever is missing)',
    2: 'bad input or usage',
    3: '--install-cuda: CUDA does not work here, which is told',
  },
  action: async (flags: DoctorFlags) => (await import('../doctor/doctor.ts')).doctor(flags),
})
