/** Chooses one candidate among K. Only `verified` looks at the rules; the others trust the model alone. */
import type { Candidate } from './candidate.ts'
import { isSurer, sigmoid, surest } from './chance.ts'

/** A choice: the candidate, and what of it is meant: its last word or the step that the rules accepted. */
export interface Choice {
  readonly candidate: Candidate
  /** Shape [L]. */
  readonly tokens: Uint8Array
  readonly q: number
}

/** Returns undefined only for no candidates. */
export type Selector = (candidates: readonly Candidate[]) => Choice | undefined

/** How an answer is chosen among K rollouts. */
export type SelectorName = 'best-q' | 'mode' | 'q-weighted' | 'verified'

/** The rollout with the largest halt logit after its last step; of equals the first. */
const bestQ: Selector = (candidates) => {
  const best = surest(finished(candidates))
  return best && lastAnswer(best)
}

/** The most frequent answer; of equally frequent ones that with the largest halt logit. */
const mode: Selector = (candidates) => byVotes(candidates, () => 1)

/** The answer whose rollouts' halt probabilities, sigmoid(q), add up to the most. */
const qWeighted: Selector = (candidates) => byVotes(candidates, ({ q }) => sigmoid(q))

/** The first-verified answer with the largest halt logit; `best-q` where the rules accepted none. */
const verified: Selector = (candidates) => {
  let best: Choice | undefined
  for (const candidate of candidates) {
    const { firstVerified } = candidate
    if (firstVerified && (!best || isSurer(firstVerified, best))) best = { candidate, ...firstVerified }
  }
  return best ?? bestQ(candidates)
}

/** All selectors by name. */
export const selectors: Readonly<Record<SelectorName, Selector>> = {
  'best-q': bestQ,
  mode,
  'q-weighted': qWeighted,
  verified,
}

/** The names of selections. */
export const SELECTIONS: readonly SelectorName[] = Object.keys(selectors) as SelectorName[]

/** Rollouts whose answer is their last word; all of them when none's is. */
function finished(candidates: readonly Candidate[]): readonly Candidate[] {
  const complete = candidates.filter((candidate) => candidate.complete)
  return complete.length > 0 ? complete : candidates
}

function lastAnswer(candidate: Candidate): Choice {
  return { candidate, tokens: candidate.tokens, q: candidate.q }
}

function byVotes(candidates: readonly Candidate[], weigh: (c: Candidate) => number): Choice | undefined {
  const best = heaviest(finished(candidates), { keyOf: ({ tokens }) => tokens.join(), weigh })
  return best && lastAnswer(best)
}

/**
 * Of those that are equal by their key the heaviest in all, for it the one with the largest q (of equals the first); of
 * equally heavy ones that with the largest q. A weight that is no number counts as 0. Undefined only for none.
 */
export function heaviest<One extends { readonly q: number }>(
  all: Iterable<One>,
  { keyOf, weigh }: { readonly keyOf: (one: One) => unknown; readonly weigh: (one: One) => number },
): One | undefined {
  const groups = new Map<unknown, { weight: number; best: One }>()
  for (const one of all) {
    const key = keyOf(one)
    const weight = weigh(one) || 0
    const group = groups.get(key)
    if (!group) groups.set(key, { weight, best: one })
    else {
      group.weight += weight
      if (isSurer(one, group.best)) group.best = one
    }
  }
  let winner: { weight: number; best: One } | undefined
  for (const group of groups.values()) {
    const heavier = !winner || group.weight > winner.weight
    if (heavier || (group.weight === winner!.weight && isSurer(group.best, winner!.best))) winner = group
  }
  return winner?.best
}
