/** The command as a user runs it, and inputs that several tests give it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export { BIN, objects, ptrm } from './command.ts'

export const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
export const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
export const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
export const AKARI_SOLUTION = '.o..../o-..o./..-o../-.o-.o/.o..-./-..o.-'

/** A folder for the tests of one file, removed after them. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-cli-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  return folder
}
