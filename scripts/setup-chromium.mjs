/**
 * Gets a Chromium for the tests of pages, where there is none: Debian's as root, else Playwright's own. Exits with 1 where
 * none can be had. Runs on the pinned Node, after set-up.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { findChromium } from '../packages/web/test/find-chromium.ts'
import { aptInstall, attempt } from './attempt.mjs'

const byApt = () => aptInstall('Chromium', 'chromium', 'fonts-dejavu-core')

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
