/**
 * Gets a Chromium for the tests of pages, where there is none: Debian's as root, else Playwright's own. Exits with 1 where
 * none can be had. Runs on the pinned Node, after set-up.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { findChromium } from '../packages/web/test/find-chromium.ts'

/** Runs a command in silence; keeps the end of what it said where it fails. Ten minutes at most. */
function attempt(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 600_000 })
  if (status === 0) return true
  const said = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-3).join('\n')
  process.stderr.write(`  ${command} ${args.join(' ')}: ${said}\n`)
  return false
}

/** Debian's. Elsewhere apt may hold a stand-in that runs nothing, or not be there. */
function byApt() {
  if (process.getuid?.() !== 0) return
  if (spawnSync('apt-get', ['--version']).error) return
  process.stderr.write('no Chromium: installing the one of this system\n')
  if (attempt('apt-get', ['update']))
    attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
}

function byPlaywright() {
  process.stderr.write("no Chromium: downloading Playwright's\n")
  const require = createRequire(new URL('../packages/web/package.json', import.meta.url))
  const cli = join(dirname(require.resolve('playwright-core/package.json')), 'cli.js')
  attempt(process.execPath, [cli, 'install', 'chromium', '--no-shell'])
}

/** Whether there is one that starts. */
function works() {
  const path = findChromium()
  return path !== undefined && spawnSync(path, ['--version'], { timeout: 60_000 }).status === 0
}

for (const get of [() => {}, byApt, byPlaywright]) {
  get()
  if (works()) process.exit(0)
}
process.exit(1)
