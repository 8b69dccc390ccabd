/** The questions that every figure asks of recorded rollouts. */
import { type Ballot, bestQAtK } from '../metrics/index.ts'
import type { PuzzleRecord, RolloutRecord } from './record.ts'

/** The records that figures of accuracy are made of: those of puzzles whose one solution is known, or judged by the rules. */
export function judgedRecords(records: readonly PuzzleRecord[]): PuzzleRecord[] {
  return records.filter(({ plain, severalSolutions }) => plain.right !== null && !severalSolutions)
}

/** Whether its last answer is the solution, by whatever judges the run; false where nothing does. */
export function isRight({ right }: RolloutRecord): boolean {
  return right === true
}

/** Whether the rules accepted one of its answers. */
export function isVerified({ firstVerified }: RolloutRecord): boolean {
  return firstVerified !== null
}

/** Its halt logit after the last step. */
export function lastQ({ q }: RolloutRecord): number {
  return q.at(-1)!
}

/** The chance that the rollout with the largest q of K is right. */
export function bestQ(rollouts: readonly RolloutRecord[], k: number = rollouts.length): number {
  return bestQAtK(
    rollouts.map(lastQ),
    rollouts.map((rollout) => Number(isRight(rollout))),
    k,
  )
}

/** What a vote sees of it. */
export function ballotOf(rollout: RolloutRecord): Ballot {
  return { answer: rollout.answers.at(-1)!, q: lastQ(rollout), right: isRight(rollout) }
}
