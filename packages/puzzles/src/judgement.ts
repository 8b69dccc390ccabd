/** The rules' word on an answer, filled in whole or in part: what it breaks, and where. */
import { type Place, placeOf } from './board/place.ts'
import type { AnyKind } from './kind.ts'
import type { Violation } from './violation.ts'

/** `incomplete`: cells are undecided, but nothing is broken yet. */
export type Verdict = 'solved' | 'wrong' | 'incomplete'

export interface Judgement {
  readonly verdict: Verdict
  readonly violations: readonly Violation[]
  /** The same with places as people count them. */
  readonly broken: readonly { readonly rule: string; readonly cells: readonly Place[] }[]
}

/** Judges an answer by the rules alone. */
export function judge(kind: AnyKind, puzzle: unknown, answer: unknown): Judgement {
  const complete = kind.isComplete(puzzle, answer)
  const violations = complete ? kind.verify(puzzle, answer) : kind.partial(puzzle, answer)
  const verdict = violations.length > 0 ? 'wrong' : complete ? 'solved' : 'incomplete'
  const size = kind.size(puzzle)
  const broken = violations.map(({ rule, cells }) => ({
    rule,
    cells: cells.map((cell) => placeOf(size, cell)),
  }))
  return { verdict, violations, broken }
}
