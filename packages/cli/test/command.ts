/** The command as a user runs it, for tests and for scripts beside them. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const BIN: string = fileURLToPath(new URL('../bin/ptrm.js', import.meta.url))

/** Runs `ptrm` to its end, which may take so many milliseconds. */
export function ptrm(args: readonly string[], input = '', timeout = 170_000): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', input, timeout, maxBuffer: 2 ** 28 })
}

/** The objects of NDJSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
export function objects(ndjson: string): any[] {
  return ndjson
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
