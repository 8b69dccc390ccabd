/** `npm run dependencies`: licences, install scripts and origins of all that is installed, and its known weaknesses where a registry tells. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import {
  type LockFile,
  licenceFaults,
  lockFaults,
  readAudit,
  scriptFaults,
  shippedScriptFaults,
} from './policy.ts'
import { installed, pnpm, ROOT } from './tree.ts'

const read = (name: string) => parse(readFileSync(join(ROOT, name), 'utf8'))

const all = installed()
const shipped = installed('--prod', '--filter', './packages/*')
const lock: LockFile = read('pnpm-lock.yaml')
const audit = readAudit(pnpm('audit', '--json').stdout)
const faults = [
  ...licenceFaults(all, false),
  ...licenceFaults(shipped, true).map((fault) => `${fault}, and is shipped`),
  ...scriptFaults(all, read('pnpm-workspace.yaml')),
  ...shippedScriptFaults(shipped),
  ...lockFaults(lock),
  ...audit.faults,
]
const scripts = new Set(all.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name))
process.stdout.write(`${all.length} packages are installed, ${shipped.length} of them shipped\n`)
process.stdout.write(`with install scripts: ${[...scripts].sort().join(', ')}; one may run\n`)
process.stdout.write(`${Object.keys(lock.packages ?? {}).length} packages in the lock file\n`)
process.stdout.write(`${audit.text}\n`)
for (const fault of faults) process.stdout.write(`FAULT: ${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
