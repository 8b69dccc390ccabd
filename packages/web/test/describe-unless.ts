/** Tests that want something which not every machine has. */
import { describe, type SuiteAPI } from 'vitest'

/** `describe`; where something is lacking, its tests are skipped, counted, and the lack is printed. */
export function describeUnless(lack: string | undefined, name: string, tests: () => void): void {
  if (lack !== undefined) process.stderr.write(`SKIPPED: "${name}": ${lack}.\n`)
  const suite: SuiteAPI | SuiteAPI['skip'] = lack === undefined ? describe : describe.skip
  suite(name, tests)
}
