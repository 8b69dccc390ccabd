/** Two runs over the same puzzles, compared puzzle by puzzle. */
import { halfBinomialTail } from '@ptrm/orchestrator'

export interface Paired {
  /** Puzzles that only the first run, or only the second, has right. */
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly bothRight: number
  readonly bothWrong: number
  /** Two-sided p of no difference. */
  readonly p: number
}

/**
 * McNemar's exact test: of the puzzles that the runs disagree on, each run has the right one with chance 1/2 when
 * neither is better, so p = 2 P(Bin(b + c, 1/2) <= min(b, c)), at most 1 (McNemar 1947, in its binomial form).
 * Throws RangeError unless both have shape [puzzles].
 */
export function mcnemar(first: readonly boolean[], second: readonly boolean[]): Paired {
  if (first.length !== second.length)
    throw new RangeError(`found ${first.length} and ${second.length} outcomes, wanted as many of each`)
  const count = (a: boolean, b: boolean) => first.filter((right, i) => right === a && second[i] === b).length
  const onlyFirst = count(true, false)
  const onlySecond = count(false, true)
  const p = Math.min(1, 2 * halfBinomialTail(onlyFirst + onlySecond, Math.min(onlyFirst, onlySecond)))
  return { onlyFirst, onlySecond, bothRight: count(true, true), bothWrong: count(false, false), p }
}
