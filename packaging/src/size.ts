/** `npm run size`: what comes with `npm install @ptrm/cli`, installed by npm from packages as they are packed here. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { overridesOf } from './apps.ts'
import { packAll } from './packed.ts'
import { run } from './run.ts'

const workshop = mkdtempSync(join(tmpdir(), 'ptrm-size-'))
try {
  await packAll(workshop)
  const folder = join(workshop, 'app')
  mkdirSync(folder)
  const overrides = overridesOf(workshop)
  const dependencies = { '@ptrm/cli': overrides['@ptrm/cli'] }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }))
  const started = performance.now()
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, timeout: 600_000 })
  const seconds = (performance.now() - started) / 1000
  const lock = readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8')
  const count = Object.keys(JSON.parse(lock).packages).length
  const { stdout } = spawnSync('du', ['-sh', 'node_modules'], { cwd: folder, encoding: 'utf8' })
  process.stdout.write(
    `${count} packages, du -sh node_modules: ${stdout.split('\t')[0]}, ${seconds.toFixed(0)} s\n`,
  )
} finally {
  rmSync(workshop, { recursive: true, force: true })
}
