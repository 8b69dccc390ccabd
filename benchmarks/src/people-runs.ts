/** Measures bundled models on files of people's puzzles, by `ptrm eval`; keeps nothing of the puzzles but counts and shares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type EvaluationData, type Results, readData } from '@ptrm/eval'
import { evaluate } from './evaluate.ts'
import { thisMachine } from './machine.ts'
import {
  CLASSES,
  type Class,
  isOfClass,
  PER_SOURCE,
  peopleRecords,
  readPeople,
  widthOf,
  writtenPeople,
} from './people.ts'

/**
 * Runs `ptrm eval` on each file, of one kind each, and each class of sizes that it has boards of, going on where a run was
 * ended; puts what it found into `out` after each. Throws for a file that holds several kinds or can't be read, or where
 * `ptrm eval` fails.
 */
export async function measurePeople(root: string, out: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) throw new Error('wanted files of puzzles behind --people')
  for (const path of files.map((file) => resolve(file))) {
    const { kind, sides } = contents(await readData(path))
    for (const found of CLASSES.filter((name) => sides.some((side) => isOfClass(side, name)))) {
      const records = peopleRecords(resultsOf(root, path, kind, found), found, thisMachine())
      const before = existsSync(out) ? readPeople(readFileSync(out, 'utf8')) : []
      writeFileSync(out, writtenPeople(before, records))
    }
  }
}

/** The kind of a file's puzzles, and the longer side of each. */
function contents({ path, puzzles }: EvaluationData): { kind: string; sides: number[] } {
  const [[kind, found], ...others] = [...puzzles] as [[string, NonNullable<ReturnType<typeof puzzles.get>>]]
  if (others.length > 0)
    throw new Error(`${path} holds ${[...puzzles.keys()].join(', ')}; wanted one kind a file`)
  const sizes = found.map(({ kind, puzzle }) => kind.size(puzzle))
  return { kind, sides: sizes.map(({ rows, cols }) => Math.max(rows, cols)) }
}

function resultsOf(root: string, path: string, kind: string, sides: Class): Results {
  const most = PER_SOURCE[sides]
  const width = String(widthOf(sides))
  const args = [
    ...[path, '--model', kind, '--size', sides],
    ...(most === null ? [] : ['--per-source', String(most)]),
    ...['--rollouts', width, '--at', `1,${width}`, '--seed', '1', '--backend', 'wasm'],
  ]
  const run = evaluate(root, `people-${kind}-${sides}`, args)
  return JSON.parse(readFileSync(join(run, 'results.json'), 'utf8')) as Results
}
