/**
 * What a stop rule would have cost and found, from rollouts that all ran to their end: the rule sees the recorded steps
 * one after the other, as one worker would show them to it. No rollout runs again.
 */
import { afterStep, type Candidate, enoughAgree, type StopRule, selectors } from '@ptrm/orchestrator'
import { bootstrap95, type Estimate, mean, meanShare, shuffles } from '../metrics/index.ts'
import type { Manifest } from './manifest.ts'
import type { PuzzleRecord, RolloutRecord } from './record.ts'
import { bestQ, isVerified } from './rollout.ts'

/** Orders of the rollouts over which a puzzle's cost and outcome are averaged, and bootstrap draws over puzzles. */
const ORDERS = { count: 20, seed: 20260102 }
const BOOTSTRAP = { count: 2000, seed: 20260103 }

type Interval = readonly [number, number]

/** What a stop rule would have found and cost, over all puzzles of a run. */
export interface Replay {
  readonly rule: StopRule
  /** The rule as `--stop` reads it. */
  readonly stop: string
  /** Who answers: the rules where the rule may ask them, else the largest q. */
  readonly select: 'verified' | 'best-q'
  /** Where the rules say what is solved, and not published solutions. */
  readonly judge?: 'rules'
  readonly solved: Estimate
  /** Of all K rollouts run to their end, chosen from in the same way. */
  readonly fixed: Estimate
  /** solved - fixed, puzzle by puzzle, with its 95% bootstrap interval over puzzles. */
  readonly difference: { readonly mean: number; readonly interval: Interval }
  /** Net calls a puzzle, and how many times fewer they are than those of all K rollouts, with its bootstrap interval. */
  readonly netCalls: number
  readonly fixedNetCalls: number
  readonly saving: { readonly times: number; readonly interval: Interval }
}

/** One puzzle's run under a rule. */
interface Outcome {
  readonly steps: number
  readonly right: boolean
}

/** Replays a rule over records with solutions (rules that ask the puzzle's rules need none). */
export function replay(run: Manifest, records: readonly PuzzleRecord[], rule: StopRule): Replay {
  const select = asksRules(rule) ? 'verified' : 'best-q'
  const each = records.map(({ rollouts }) => {
    const outcomes = [...shuffles(rollouts.length, ORDERS)].map((order) => {
      return replayOne(
        order.map((i) => rollouts[i]!),
        rule,
        select,
      )
    })
    const fixed = select === 'verified' ? rollouts.some(isVerified) : bestQ(rollouts) === 1
    return {
      steps: mean(outcomes.map(({ steps }) => steps)),
      right: mean(outcomes.map(({ right }) => Number(right))),
      fixed: Number(fixed),
    }
  })
  const fixedSteps = run.plan.rollouts * run.plan.steps
  const over = (value: (i: number) => number) => (indices: readonly number[]) => mean(indices.map(value))
  const difference = over((i) => each[i]!.right - each[i]!.fixed)
  const saving = (indices: readonly number[]) => fixedSteps / over((i) => each[i]!.steps)(indices)
  const all = [...each.keys()]
  return {
    rule,
    stop: stopText(rule),
    select,
    ...(run.judge && { judge: run.judge }),
    solved: meanShare(each.map(({ right }) => right)),
    fixed: meanShare(each.map(({ fixed }) => fixed)),
    difference: { mean: difference(all), interval: bootstrap95(each.length, difference, BOOTSTRAP) },
    netCalls: mean(each.map(({ steps }) => steps)) * run.netCallsPerStep,
    fixedNetCalls: fixedSteps * run.netCallsPerStep,
    saving: { times: saving(all), interval: bootstrap95(each.length, saving, BOOTSTRAP) },
  }
}

function asksRules(rule: StopRule): boolean {
  return (
    rule === 'first-verified' ||
    (typeof rule === 'object' && 'adaptive' in rule && rule.adaptive.until === 'verified')
  )
}

/** The rollouts one after the other, as `runRollouts` runs them on one slot. */
export function replayOne(
  rollouts: readonly RolloutRecord[],
  rule: StopRule,
  select: 'verified' | 'best-q',
): Outcome {
  const candidates: Candidate[] = []
  let steps = 0
  for (const [rollout, record] of rollouts.entries()) {
    const { ran, verdict } = advance(record, rule)
    steps += ran
    candidates.push(candidate(record, rollout, ran, ran === record.q.length || verdict === 'settle'))
    if (verdict === 'stop' || verdict === 'settle' || enoughAgree(rule, candidates)) break
  }
  if (select === 'verified') return { steps, right: candidates.some(({ firstVerified }) => firstVerified) }
  return { steps, right: selectors['best-q'](candidates)!.tokens.every((byte) => byte === 0) }
}

function advance(record: RolloutRecord, rule: StopRule) {
  for (const [i, q] of record.q.entries()) {
    const verdict = afterStep(rule, i + 1, q, record.firstVerified === i + 1)
    if (verdict !== 'go') return { ran: i + 1, verdict }
  }
  return { ran: record.q.length, verdict: 'end' as const }
}

/** A candidate whose tokens are the bytes of the answer's number; 0 is the solution. */
function candidate(record: RolloutRecord, rollout: number, steps: number, complete: boolean): Candidate {
  const at = (step: number) => ({ tokens: bytesOf(record.answers[step - 1]!), q: record.q[step - 1]! })
  const { firstVerified: first } = record
  const firstVerified = first !== null && first <= steps ? { step: first, ...at(first) } : undefined
  return { rollout, steps, complete, ...at(steps), firstVerified }
}

function bytesOf(number: number): Uint8Array {
  return Uint8Array.of(number & 255, (number >> 8) & 255, (number >> 16) & 255)
}

/** A stop rule as `--stop` reads it. */
function stopText(rule: StopRule): string {
  if (typeof rule === 'string') return rule
  if ('qAbove' in rule) return `q-above:${rule.qAbove}`
  const { until, prune } = rule.adaptive
  const error = until === 'verified' ? '' : `:${until.error}`
  return `adaptive${error}${prune ? `,prune:${prune.after}:${prune.below}` : ''}`
}
