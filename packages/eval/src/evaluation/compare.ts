/** Two runs over the same puzzles, side by side: McNemar's test for each selection at each run's whole K. */
import { join } from 'node:path'
import { RunMismatchError } from '../errors.ts'
import { writeFile } from '../files.ts'
import { elect, mcnemar, type Paired } from '../metrics/index.ts'
import { markdownTable } from '../text.ts'
import { COMPARISON, firstDifference, type Run, readRun, valueText } from './folder.ts'
import { byJudge, type Judged } from './judge.ts'
import type { Manifest } from './manifest.ts'
import { mayNameOne, type PuzzleRecord } from './record.ts'
import { SELECTIONS, type Selection } from './results.ts'
import { ballotOf, bestQ, isRight, isVerified, judgedRecords } from './rollout.ts'
import { shardText } from './shard.ts'

/** McNemar's test a selection. */
export type Comparison = Readonly<Record<Selection, Paired>>

/** Throws `RunMismatchError` unless both are of the same puzzles, judged in the same way. Puzzles with several solutions are left out. */
export function compareRuns(first: Run, second: Run): Comparison {
  checkSamePuzzles(first, second)
  if (first.records.some(({ plain }) => plain.right === null))
    throw new RunMismatchError(
      `${first.manifest.data.name} has puzzles without solution; there is no telling which run is right`,
    )
  const judges = [first, second].map(({ manifest }) => manifest.judge ?? 'solutions')
  if (judges[0] !== judges[1])
    throw new RunMismatchError(
      `the runs are judged differently, by ${judges.join(' and by ')}; compare runs of one --judge`,
    )
  const left = judgedIn(first, second)
  const pairs = SELECTIONS.map((name) => {
    const outcomes = ({ records }: Run) => {
      return records.filter(({ index }) => left.has(index)).map((record) => outcome(name, record))
    }
    return [name, mcnemar(outcomes(first), outcomes(second))]
  })
  return Object.fromEntries(pairs) as Comparison
}

/** Throws `RunMismatchError`. The names are looked at as well, since no manifest says of what kind grids were read that no line names. */
function checkSamePuzzles(first: Run, second: Run): void {
  const refuse = (what: string) =>
    new RunMismatchError(
      `the runs are of different puzzles: ${what}; compare runs of one file, kind, --size and --per-source`,
    )
  const changed = firstDifference(selectedBy(first.manifest), selectedBy(second.manifest))
  if (changed) {
    const [was, is] = [changed.was, changed.is].map(valueText)
    throw refuse(`${changed.field} is ${was} in the first and ${is} in the second`)
  }
  const names = new Map(second.records.map(({ index, id }) => [index, id]))
  for (const { index, id } of first.records) {
    const other = names.get(index) ?? id
    if (!mayNameOne(id, other))
      throw refuse(`puzzle ${index} is ${id} in the first and ${other} in the second`)
  }
}

/** All that says which puzzles a run is of. */
function selectedBy({ model, data, shard }: Manifest) {
  return {
    data: { sha256: data.sha256 },
    kind: model.kind,
    size: data.size ?? null,
    perSource: data.perSource,
    shard: shard ? shardText(shard) : null,
    puzzles: data.puzzles,
  }
}

/** The puzzles that both runs have figures of accuracy of. */
function judgedIn(first: Run, second: Run): Set<number> {
  const there = new Set(judgedRecords(first.records).map(({ index }) => index))
  const both = judgedRecords(second.records).filter(({ index }) => there.has(index))
  return new Set(both.map(({ index }) => index))
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
  const run = readRun(first)
  const comparison = compareRuns(run, readRun(second))
  const { judge } = run.manifest
  const named = { first, second, ...(judge && { judge }), ...comparison }
  writeFile(join(first, COMPARISON), `${JSON.stringify(named, null, 2)}\n`)
  return comparison
}

/** A Markdown table of the comparison; `run` says who judged it, and whatever else. */
export function comparisonTable(
  comparison: Comparison,
  names: readonly [string, string],
  run: Judged = {},
): string {
  const head = ['selection', 'both', `only ${names[0]}`, `only ${names[1]}`, 'neither', 'p (McNemar, exact)']
  const rows = SELECTIONS.map((name) => {
    const { bothRight, onlyFirst, onlySecond, bothWrong, p } = comparison[name]
    return [byJudge(run, name), bothRight, onlyFirst, onlySecond, bothWrong, p.toPrecision(3)]
  })
  return markdownTable([head, ...rows])
}
