/** The commands of `ptrm`. Each declares itself in its own file; a new one is a file and its line here. */
import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { command as check } from './commands/check.ts'
import { command as collect } from './commands/collect.ts'
import { command as doctor } from './commands/doctor.ts'
import { command as evaluate } from './commands/eval.ts'
import { command as exportModel } from './commands/export.ts'
import { command as importModel } from './commands/import.ts'
import { command as merge } from './commands/merge.ts'
import { command as models } from './commands/models.ts'
import { command as parity } from './commands/parity.ts'
import { command as report } from './commands/report.ts'
import { command as serve } from './commands/serve.ts'
import { command as show } from './commands/show.ts'
import { command as solve } from './commands/solve.ts'
import { command as status } from './commands/status.ts'
import { command as submit } from './commands/submit.ts'
import { command as sweep } from './commands/sweep.ts'
import { command as worker } from './commands/worker.ts'
import { print, tell } from './run/output.ts'

/** In the order of `ptrm --help`. */
const commands = [
  solve,
  check,
  show,
  evaluate,
  merge,
  sweep,
  report,
  submit,
  worker,
  collect,
  status,
  importModel,
  parity,
  exportModel,
  doctor,
  models,
  serve,
]

/** A fresh program, ready to parse. */
export function program(): Command {
  const ptrm = new Command('ptrm')
    .description('Solves logic puzzles by many noisy rollouts of a Tiny Recursive Model.')
    .version(manifest.version)
    .exitOverride()
    .helpCommand(false)
    // What can't be written is told of by then.
    .configureOutput({
      writeOut: (text) => void print(text).catch(() => {}),
      writeErr: (text) => void tell(text),
    })
  for (const command of [...commands, helpCommand(ptrm)]) ptrm.addCommand(command.copyInheritedSettings(ptrm))
  return ptrm
}

/** `ptrm help NAME`. Commander's own shows the help of all where there is no such command, and names neither it nor the nearest. */
function helpCommand(ptrm: Command): Command {
  return new Command('help')
    .description('display help for command')
    .argument('[command]')
    .action(async (name?: string) => {
      if (name === undefined) ptrm.help()
      const there = ptrm.commands.some((command) => command.name() === name)
      await ptrm.parseAsync(there ? [name, '--help'] : [name], { from: 'user' })
    })
}
