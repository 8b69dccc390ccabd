/** `npm test`: sets everything up, then lints, checks what imports what, checks types and runs every package's tests; fails if any of them fails. */
import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { env, root, run, setup } from './setup.mjs'

setup('test')
const hasChromium = run('node', ['scripts/setup-chromium.mjs']) === 0
const hasOthers = run('node', ['scripts/setup-browsers.mjs']) === 0
const hasRedis = run('node', ['scripts/setup-redis.mjs']) === 0
const failed = []

process.stdout.write('\n== lint\n')
if (run('biome', ['ci', '.']) !== 0) failed.push('lint')
if (run('pnpm', ['--silent', '--filter', '@ptrm/packaging', 'arrows']) !== 0) failed.push('arrows')

process.stdout.write('\n== types and tests\n')
const turbo = spawn(
  'turbo',
  ['run', 'typecheck', 'test', '--continue', '--ui=stream', '--output-logs=new-only', '--concurrency=1'],
  {
    cwd: root,
    env: process.stdout.isTTY ? { FORCE_COLOR: '1', ...env } : env,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  },
)
let output = ''
turbo.stdout.setEncoding('utf8').on('data', (text) => {
  output += text
  process.stdout.write(text)
})
turbo.on('error', (error) => process.stderr.write(`can't run turbo: ${error.message}\n`))
turbo.on('close', (code) => {
  if (code !== 0) failed.push('types and tests')
  // Vitest sums up each package by a line such as "Tests  1 failed | 49 passed (50)"; this adds them up.
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const plain = stripVTControlCharacters(output)
  for (const [, line] of plain.matchAll(/:test: +Tests +(.*)/g)) {
    for (const [, count, kind] of line.matchAll(/(\d+) (passed|failed|skipped)/g))
      counts[kind] += Number(count)
  }
  if (counts.passed === 0) failed.push('no test ran')
  for (const failure of failuresIn(plain)) process.stdout.write(`\n${failure}\n`)
  process.stdout.write(failed.length > 0 ? `\nfailed: ${failed.join(', ')}\n` : '\nall checks passed\n')
  process.stdout.write(
    `tests: ${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`,
  )
  if (!hasChromium)
    process.stdout.write(
      'no Chromium could be had, so the tests of pages were skipped: install one, or set CHROMIUM to its path\n',
    )
  if (!hasOthers)
    process.stdout.write(
      'Firefox or WebKitGTK could not be had, so its tests were skipped: install firefox-esr, webkit2gtk-driver and xvfb, or set FIREFOX to its path\n',
    )
  if (!hasRedis)
    process.stdout.write(
      'no redis-server could be had, so the tests of runs over many machines were skipped: install one, or set REDIS_SERVER to its path\n',
    )
  process.exitCode = failed.length > 0 ? 1 : 0
})

/** What Vitest says of each test that failed: told again at the end, as logs are often kept by their ends alone. */
function failuresIn(output) {
  const lines = output.split('\n')
  return lines.flatMap((line, i) => {
    if (!/:test: +FAIL +/.test(line)) return []
    const rest = lines.slice(i + 1, i + 25)
    const end = rest.findIndex((next) => /:test: *(FAIL|⎯)/.test(next))
    return [[line, ...rest.slice(0, end < 0 ? rest.length : end)].join('\n').trimEnd()]
  })
}
