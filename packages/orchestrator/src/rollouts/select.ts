/** Chooses one candidate among K. Only `verified` looks at the rules; the others trust the model alone. */
import type { Candidate } from './candidate.ts'
import { sigmoid } from './chance.ts'

/** A choice: the candidate, and what of it is meant: its last word or the step that the rules accepted. */
export interface Choice {
  readonly candidate: Candidate
  /** Shape [L]. */
  readonly tokens: Uint8Array
  readonly q: number
}

/** Returns undefined only for no candidates. */
export type Selector = (candidates: readonly Candidate[]) => Choice | undefined

export type SelectorName = 'best-q' | 'mode' | 'q-weighted' | 'verified'

/** The rollout with the largest halt logit after its last step; of equals the first. */
const bestQ: Selector = (candidates) => {
  const pool = finished(candidates)
  let best = pool[0]
  for (const candidate of pool) if (candidate.q > best!.q) best = candidate
  return best && lastAnswer(best)
}

/** The most frequent answer; of equally frequent ones that with the largest halt logit. */
const mode: Selector = (candidates) => heaviestAnswer(candidates, () => 1)

/** The answer whose rollouts' halt probabilities, sigmoid(q), add up to the most. */
const qWeighted: Selector = (candidates) => heaviestAnswer(candidates, ({ q }) => sigmoid(q))

/** The first-verified answer with the largest halt logit; `best-q` where the rules accepted none. */
const verified: Selector = (candidates) => {
  let best: Choice | undefined
  for (const candidate of candidates) {
    const { firstVerified } = candidate
    if (firstVerified && (!best || firstVerified.q > best.q)) best = { candidate, ...firstVerified }
  }
  return best ?? bestQ(candidates)
}

export const selectors: Readonly<Record<SelectorName, Selector>> = {
  'best-q': bestQ,
  mode,
  'q-weighted': qWeighted,
  verified,
}

/** Rollouts whose answer is their last word; all of them when none's is. */
function finished(candidates: readonly Candidate[]): readonly Candidate[] {
  const complete = candidates.filter((candidate) => candidate.complete)
  return complete.length > 0 ? complete : candidates
}

function lastAnswer(candidate: Candidate): Choice {
  return { candidate, tokens: candidate.tokens, q: candidate.q }
}

function heaviestAnswer(
  candidates: readonly Candidate[],
  weigh: (c: Candidate) => number,
): Choice | undefined {
  const groups = groupByAnswer(finished(candidates))
  let best: { weight: number; choice: Choice } | undefined
  for (const group of groups.values()) {
    const weight = group.reduce((sum, candidate) => sum + weigh(candidate), 0)
    const choice = bestQ(group)!
    if (!best || weight > best.weight || (weight === best.weight && choice.q > best.choice.q))
      best = { weight, choice }
  }
  return best?.choice
}

function groupByAnswer(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const groups = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const key = candidate.tokens.join()
    groups.set(key, [...(groups.get(key) ?? []), candidate])
  }
  return groups
}
