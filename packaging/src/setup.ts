/** Before the tests: packs our packages, has npm install them, fetches the runtimes. After them: prints the table. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installApps } from './apps.ts'
import { packAll } from './packed.ts'
import { installRuntimes } from './runtimes.ts'
import { tableText } from './table.ts'

export default async function setup({ provide }: TestProject): Promise<() => void> {
  // A blank and a '#', which URLs spell otherwise than paths.
  const workshop = mkdtempSync(join(tmpdir(), 'ptrm packaging #'))
  try {
    await packAll(workshop)
    await Promise.all([installApps(workshop), installRuntimes()])
  } catch (error) {
    rmSync(workshop, { recursive: true, force: true })
    throw new Error('the packages could not be installed; npm needs its registry once, or its cache', {
      cause: error,
    })
  }
  provide('workshop', workshop)
  return () => {
    process.stdout.write(`\n${tableText(workshop)}\n\n`)
    rmSync(workshop, { recursive: true, force: true })
  }
}
