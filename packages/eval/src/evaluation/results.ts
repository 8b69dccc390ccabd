/** The figures of a run, from its records alone: the same records, the same bytes. */
import type { StopRule } from '@ptrm/orchestrator'
import {
  auroc,
  bestQAtK,
  type Calibration,
  calibration,
  type Draws,
  type Estimate,
  mean,
  meanShare,
  passAtK,
  percentile,
  stepsUntilFirst,
  type Vote,
  voteAtK,
} from '../metrics/index.ts'
import { byJudge, type Judged } from './judge.ts'
import type { Manifest } from './manifest.ts'
import type { PuzzleRecord, RolloutRecord } from './record.ts'
import { type Replay, replay } from './replay.ts'
import { ballotOf, bestQ, isRight, isVerified, judgedRecords, lastQ } from './rollout.ts'

/** Subsets drawn for each puzzle and K where a vote has no closed form, and their seed. */
const DRAWS: Draws = { count: 400, seed: 20260101 }

/** What can be asked at K; all but `verified` by what the run judges by: the published solutions, or the rules. */
export const SELECTIONS = ['pass', 'best-q', 'mode', 'q-weighted', 'verified'] as const
export type Selection = (typeof SELECTIONS)[number]

/** What the selections are called in texts and pictures; `selectionTitles` adds who judged. */
export const SELECTION_TITLES: Readonly<Record<Selection, string>> = {
  pass: 'pass@K',
  'best-q': 'best-Q@K',
  mode: 'mode@K',
  'q-weighted': 'q-weighted@K',
  verified: 'verified@K',
}

/** What the selections of a run are called. */
export function selectionTitles(run: Judged): Record<Selection, string> {
  return Object.fromEntries(SELECTIONS.map((name) => [name, byJudge(run, SELECTION_TITLES[name])])) as Record<
    Selection,
    string
  >
}

/** What K rollouts come to. */
export interface AtK {
  readonly k: number
  /** Null where there is nothing to judge by (`verified` needs nothing). */
  readonly solved: Readonly<Record<Selection, Estimate | null>>
  /** pass@K - best-Q@K: what a perfect Q head would add. */
  readonly gap: number | null
  /** Cells right in the answer with the largest q of K; null without published solutions. */
  readonly cells: number | null
  /** Net calls a puzzle: all K rollouts to their end, or one after the other until the rules accept an answer. */
  readonly netCalls: { readonly fixed: number; readonly untilVerified: number }
}

/** What is told of a set of puzzles; accuracy is null where there is nothing to judge by. */
export interface Figures {
  readonly puzzles: number
  /** Where the rules judged, and not published solutions. */
  readonly judge?: 'rules'
  /** In a run that the rules judge: puzzles with several solutions, which figures of accuracy leave out. */
  readonly severalSolutions?: number
  /** Plain TRM: one rollout without noise. */
  readonly plain: Estimate | null
  readonly atK: readonly AtK[]
  readonly qHead:
    | (Calibration & { readonly auroc: number | null; readonly aurocWithinPuzzles: number | null })
    | null
  /** Of the rollouts that ever have the solution: the first step that has it. */
  readonly firstRight: { readonly rollouts: number; readonly median: number; readonly p95: number } | null
  /** Puzzles that plain TRM fails, and of each how many of its K rollouts are right. */
  readonly escapes: Escapes | null
}

export interface Escapes {
  /** That plain TRM fails. */
  readonly puzzles: number
  /** Of these, the ones with a rollout that is right. */
  readonly escaped: number
  readonly rolloutsRight: readonly { readonly id: string; readonly right: number; readonly of: number }[]
}

/** The figures of all puzzles (`all`), or of those of one source, which is `all (source)` where it has that name. */
export interface Group extends Figures {
  readonly group: string
}

/** `results.json`. */
export interface Results {
  readonly run: Manifest
  readonly draws: Draws
  /** Over all puzzles, then over those of each source. */
  readonly groups: readonly [Group, ...Group[]]
  /** What stop rules would have saved, over all puzzles. */
  readonly stops: readonly Replay[]
}

/** K = 1, 2, 5, 10, 25, 50, 100, ... below n, and n: the points of a width curve. */
export function widths(n: number): number[] {
  const all = Array.from({ length: 7 }, (_, i) =>
    [1, 2, 5].map((x) => (x === 2 && i > 0 ? 2.5 : x) * 10 ** i),
  ).flat()
  return [...all.filter((k) => k < n), n]
}

/** Throws RangeError for a K that was not run. */
export function resultsOf(
  run: Manifest,
  records: readonly PuzzleRecord[],
  ks: readonly number[],
  rules: readonly StopRule[] = [],
): Results {
  const sources = [...new Set(records.map(({ source }) => source))]
  const groups: [Group, ...Group[]] = [{ group: ALL, ...figures(run, records, ks) }]
  if (sources.length > 1)
    for (const source of sources) {
      const of = records.filter((record) => record.source === source)
      groups.push({ group: groupOf(source), ...figures(run, of, ks) })
    }
  const replayed = run.judge === 'rules' ? judgedRecords(records) : records
  const stops = replayed.length === 0 ? [] : rules.map((rule) => replay(run, replayed, rule))
  return { run, draws: DRAWS, groups, stops }
}

const [ALL, NO_SOURCE, OF_SOURCE] = ['all', 'no source', ' (source)']

/** What the puzzles of a source are called: never as all of them are, or those without one. */
function groupOf(source: string | null): string {
  if (source === null) return NO_SOURCE
  const [name] = source.split(OF_SOURCE)
  return name === ALL || name === NO_SOURCE ? `${source}${OF_SOURCE}` : source
}

function figures(run: Manifest, records: readonly PuzzleRecord[], ks: readonly number[]): Figures {
  const judged = judgedRecords(records)
  const several = records.filter(({ severalSolutions }) => severalSolutions).length
  const rollouts = judged.flatMap((record) => record.rollouts)
  const scored = rollouts.map((rollout) => ({ q: lastQ(rollout), right: isRight(rollout) }))
  const none = judged.length === 0
  return {
    puzzles: records.length,
    ...(run.judge && { judge: run.judge }),
    ...(several > 0 && { severalSolutions: several }),
    plain: none ? null : meanShare(judged.map(({ plain }) => Number(isRight(plain)))),
    atK: ks.map((k) => atK(run, records, judged, k)),
    qHead: none
      ? null
      : { auroc: auroc(scored), aurocWithinPuzzles: withinPuzzles(judged), ...calibration(scored) },
    firstRight: none ? null : firstRight(rollouts),
    escapes: none ? null : escapes(judged),
  }
}

function atK(
  run: Manifest,
  records: readonly PuzzleRecord[],
  judged: readonly PuzzleRecord[],
  k: number,
): AtK {
  const share = (chance: (record: PuzzleRecord) => number) => {
    return judged.length === 0 ? null : meanShare(judged.map(chance))
  }
  const pass = share(({ rollouts }) => passAtK(rollouts.length, rollouts.filter(isRight).length, k))
  const best = share(({ rollouts }) => bestQ(rollouts, k))
  const vote = (name: Vote) => share(({ rollouts }) => voteAtK(name, rollouts.map(ballotOf), k, DRAWS))
  const verified = meanShare(
    records.map(({ rollouts }) => passAtK(rollouts.length, rollouts.filter(isVerified).length, k)),
  )
  const withCells = judged.filter(({ plain }) => plain.cells !== null)
  const cells = withCells.map(({ rollouts }) =>
    bestQAtK(
      rollouts.map(lastQ),
      rollouts.map((r) => r.cells!),
      k,
    ),
  )
  const { steps } = run.plan
  const untilVerified = records.map(({ rollouts }) => {
    return stepsUntilFirst(
      rollouts.map(({ firstVerified }) => firstVerified),
      steps,
      k,
    )
  })
  return {
    k,
    solved: { pass, 'best-q': best, mode: vote('mode'), 'q-weighted': vote('q-weighted'), verified },
    gap: pass && best && pass.share - best.share,
    cells: cells.length === 0 ? null : mean(cells),
    netCalls: {
      fixed: k * steps * run.netCallsPerStep,
      untilVerified: mean(untilVerified) * run.netCallsPerStep,
    },
  }
}

/** The mean AUROC of the puzzles that have right and wrong rollouts: what best-Q lives on. */
function withinPuzzles(judged: readonly PuzzleRecord[]): number | null {
  const each = judged
    .map(({ rollouts }) => auroc(rollouts.map((rollout) => ({ q: lastQ(rollout), right: isRight(rollout) }))))
    .filter((value) => value !== null)
  return each.length === 0 ? null : mean(each)
}

function firstRight(rollouts: readonly RolloutRecord[]): Figures['firstRight'] {
  const steps = rollouts.map((rollout) => rollout.firstRight).filter((step) => step !== null)
  return { rollouts: steps.length, median: percentile(steps, 0.5), p95: percentile(steps, 0.95) }
}

function escapes(judged: readonly PuzzleRecord[]): Escapes {
  const stuck = judged.filter(({ plain }) => !isRight(plain))
  const rolloutsRight = stuck.map(({ id, rollouts }) => {
    return { id, right: rollouts.filter(isRight).length, of: rollouts.length }
  })
  return {
    puzzles: stuck.length,
    escaped: rolloutsRight.filter(({ right }) => right > 0).length,
    rolloutsRight,
  }
}
