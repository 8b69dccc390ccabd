/** The command as a user runs it, and inputs that several tests give it. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

export const BIN: string = fileURLToPath(new URL('../bin/ptrm.js', import.meta.url))
export const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
export const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
export const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
export const AKARI_SOLUTION = '.o..../o-..o./..-o../-.o-.o/.o..-./-..o.-'

/** Runs `ptrm` to its end. */
export function ptrm(args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', input, timeout: 170_000 })
}

/** A folder for the tests of one file, removed after them. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-cli-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The objects of NDJSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
export function objects(ndjson: string): any[] {
  return ndjson
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
