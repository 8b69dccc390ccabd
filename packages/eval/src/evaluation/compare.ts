/** Two runs over the same puzzles, side by side: McNemar's test for each selection at each run's whole K. */
import { join } from 'node:path'
import { RunMismatchError } from '../errors.ts'
import { writeFile } from '../files.ts'
import { elect, mcnemar, type Paired } from '../metrics/index.ts'
import { markdownTable } from '../text.ts'
import { type Run, readRun } from './folder.ts'
import type { PuzzleRecord } from './record.ts'
import { SELECTIONS, type Selection } from './results.ts'
import { ballotOf, bestQ, isRight, isVerified } from './rollout.ts'

/** McNemar's test a selection. */
export type Comparison = Readonly<Record<Selection, Paired>>

/** Throws `RunMismatchError` unless both are of the same puzzles, with solutions. */
export function compareRuns(first: Run, second: Run): Comparison {
  const [a, b] = [first.manifest.data, second.manifest.data]
  if (a.sha256 !== b.sha256 || a.puzzles !== b.puzzles || a.perSource !== b.perSource)
    throw new RunMismatchError(
      `the runs are of different puzzles: ${a.puzzles} of ${a.name} and ${b.puzzles} of ${b.name}; compare runs of one file`,
    )
  if (first.records.some(({ plain }) => plain.right === null))
    throw new RunMismatchError(
      `${a.name} has puzzles without solution; there is no telling which run is right`,
    )
  const pairs = SELECTIONS.map((name) => {
    const outcomes = ({ records }: Run) => records.map((record) => outcome(name, record))
    return [name, mcnemar(outcomes(first), outcomes(second))]
  })
  return Object.fromEntries(pairs) as Comparison
}

/** Whether all K rollouts of a puzzle, chosen from so, give the right answer. */
function outcome(name: Selection, { rollouts }: PuzzleRecord): boolean {
  if (name === 'pass') return rollouts.some(isRight)
  if (name === 'verified') return rollouts.some(isVerified)
  if (name === 'best-q') return bestQ(rollouts) === 1
  return elect(name, rollouts.map(ballotOf)).right
}

/** Compares two run folders, and writes `comparison.json` into the first. Throws `RunMismatchError`. */
export function compareFolders(first: string, second: string): Comparison {
  const comparison = compareRuns(readRun(first), readRun(second))
  const named = { first, second, ...comparison }
  writeFile(join(first, 'comparison.json'), `${JSON.stringify(named, null, 2)}\n`)
  return comparison
}

/** A Markdown table of the comparison. */
export function comparisonTable(comparison: Comparison, names: readonly [string, string]): string {
  const head = ['selection', 'both', `only ${names[0]}`, `only ${names[1]}`, 'neither', 'p (McNemar, exact)']
  const rows = SELECTIONS.map((name) => {
    const { bothRight, onlyFirst, onlySecond, bothWrong, p } = comparison[name]
    return [name, bothRight, onlyFirst, onlySecond, bothWrong, p.toPrecision(3)]
  })
  return markdownTable([head, ...rows])
}
