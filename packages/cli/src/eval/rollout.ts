/** The two questions that every figure asks of a recorded rollout. */
import type { RolloutRecord } from './record.ts'

/** Whether its last answer is the published solution; false where none is published. */
export function isRight({ right }: RolloutRecord): boolean {
  return right === true
}

/** Its halt logit after the last step. */
export function lastQ({ q }: RolloutRecord): number {
  return q.at(-1)!
}
