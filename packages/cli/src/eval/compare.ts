/** Two runs over the same puzzles, side by side: McNemar's test for each selection at each run's whole K. */
import { elect, mcnemar, type Paired } from '@ptrm/eval'
import { type Manifest, RunMismatchError } from './folder.ts'
import type { PuzzleRecord } from './record.ts'
import { SELECTIONS, type Selection } from './results.ts'
import { isRight, lastQ } from './rollout.ts'

export interface Run {
  readonly manifest: Manifest
  readonly records: readonly PuzzleRecord[]
}

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
  if (name === 'verified') return rollouts.some(({ firstVerified }) => firstVerified !== null)
  if (name === 'best-q') return isRight(rollouts.reduce((best, r) => (lastQ(r) > lastQ(best) ? r : best)))
  return elect(
    name,
    rollouts.map((r) => ({ answer: r.answers.at(-1)!, q: lastQ(r), right: isRight(r) })),
  ).right
}

/** A Markdown table of the comparison. */
export function comparisonTable(comparison: Comparison, names: readonly [string, string]): string {
  const head = ['selection', 'both', `only ${names[0]}`, `only ${names[1]}`, 'neither', 'p (McNemar, exact)']
  const rows = SELECTIONS.map((name) => {
    const { bothRight, onlyFirst, onlySecond, bothWrong, p } = comparison[name]
    return [name, bothRight, onlyFirst, onlySecond, bothWrong, p.toPrecision(3)]
  })
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
