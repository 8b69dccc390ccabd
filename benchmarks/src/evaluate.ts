/** `ptrm eval` as a process of its own, into a folder of runs/results. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Runs what is left of a run and gives its folder. Throws where `ptrm eval` fails. */
export function evaluate(root: string, name: string, args: readonly string[]): string {
  const run = join(root, 'runs', 'results', name)
  const bin = join(root, 'packages', 'cli', 'bin', 'ptrm.js')
  const { status } = spawnSync(process.execPath, [bin, 'eval', ...args, '-o', run], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`ptrm eval ${args.join(' ')} ended with ${status}`)
  return run
}
