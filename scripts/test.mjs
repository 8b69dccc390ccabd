/** `npm test`: sets everything up, then lints, type-checks and runs every package's tests; fails if any of them fails. */
import { run, setup } from './setup.mjs'

setup({ benchmarks: true })
const checks = [
  ['lint', 'biome', ['ci', '.']],
  [
    'types and tests',
    'turbo',
    ['run', 'typecheck', 'test', '--continue', '--ui=stream', '--output-logs=new-only', '--concurrency=1'],
  ],
]
const failed = checks.filter(([name, command, args]) => {
  process.stdout.write(`\n== ${name}\n`)
  return run(command, args) !== 0
})
process.stdout.write(
  failed.length > 0 ? `\nfailed: ${failed.map(([name]) => name).join(', ')}\n` : '\nall checks passed\n',
)
process.exit(failed.length > 0 ? 1 : 0)
