/** Measures bundled models on boards of each size, by `ptrm eval`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Results } from '@ptrm/eval'
import { evaluate } from './evaluate.ts'
import { thisMachine } from './machine.ts'
import { readSizes, SIDES, SIZED_KINDS, sizeRecord, testSet, WIDTH, writtenSizes } from './sizes.ts'

/** Puzzles of each set that are run. */
const PUZZLES = 50

/** Kinds and sizes that there are test sets of, as `tapa-15`. */
function measurable(root: string): string[] {
  const there = (kind: string, side: number) =>
    existsSync(join(root, 'training', 'testsets', testSet(kind, side)))
  return SIZED_KINDS.flatMap((kind) =>
    SIDES.filter((side) => there(kind, side)).map((side) => `${kind}-${side}`),
  )
}

/**
 * Runs `ptrm eval` on these kinds and sizes (default: all), going on where a run was ended, and puts what it found into
 * `file` after each. Throws for a name that has no test set, or where `ptrm eval` fails.
 */
export function measureSizes(root: string, file: string, wanted: readonly string[]): void {
  const all = measurable(root)
  for (const name of wanted)
    if (!all.includes(name)) throw new Error(`no test set of ${name}; there are ${all.join(', ')}`)
  for (const name of wanted.length > 0 ? wanted : all) {
    const [kind, side] = name.split('-') as [string, string]
    const results = resultsOf(root, kind, Number(side))
    const before = existsSync(file) ? readSizes(readFileSync(file, 'utf8')) : []
    writeFileSync(file, writtenSizes([...before, sizeRecord(results, Number(side), thisMachine())]))
  }
}

function resultsOf(root: string, kind: string, side: number): Results {
  const args = [
    ...[join('training', 'testsets', testSet(kind, side)), '--model', kind],
    ...['--per-source', String(PUZZLES), '--rollouts', String(WIDTH), '--at', `1,${WIDTH}`],
    ...['--seed', '1', '--backend', 'wasm'],
  ]
  const run = evaluate(root, `${kind}-${side}`, args)
  return JSON.parse(readFileSync(join(run, 'results.json'), 'utf8')) as Results
}
