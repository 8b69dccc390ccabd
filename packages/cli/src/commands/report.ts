/** `ptrm report`: a run folder or a sweep folder as one HTML page, with every picture as SVG and CSV beside it. */
import { join } from 'node:path'
import type { ReportOptions } from '@ptrm/eval/report'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { tell } from '../run/output.ts'

const HELP = `
Examples:
  ptrm report runs/dev
  ptrm report runs/dev --puzzles puzzles.csv     (with the latents of one puzzle)
  ptrm report runs/sweep

Writes FOLDER/report.html, which loads nothing from anywhere, and FOLDER/report/NAME.svg and NAME.csv.
`

export const command: Command = declare({
  name: 'report',
  description: 'draw a finished run of ptrm eval, or a sweep, as one HTML page',
  arguments: [new Argument('<folder>', 'run folder or sweep folder')],
  options: [
    option(
      '--puzzles <data>',
      "of a run: its data file; adds the latents of one puzzle's rollouts, and their boards",
    ),
    option(
      '--puzzle <id>',
      'with --puzzles: which puzzle (default: the first that plain TRM fails and some rollouts solve)',
    ),
    option('--model <name|file>', "with --puzzles: the run's model, where it is no bundled one"),
  ],
  help: HELP,
  exitCodes: { 0: 'done', 2: 'bad input or usage', 3: 'the backend failed' },
  action: report,
})

/** Throws what `writeReport` throws. */
export async function report(folder: string, flags: ReportOptions): Promise<number> {
  // Only this command needs the charts.
  const { writeReport } = await import('@ptrm/eval/report')
  await writeReport(folder, flags)
  await tell(`wrote ${join(folder, 'report.html')} and its pictures in ${join(folder, 'report')}\n`)
  return 0
}
