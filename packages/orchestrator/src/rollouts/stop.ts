/**
 * The stop rules as pure functions: after each step of a rollout (in the worker that runs it) and after each finished
 * rollout (in the pool, which sees all). Knows no engine; asks the rules nothing, is told their verdict.
 */
import type { Candidate } from './candidate.ts'
import { halfBinomialTail, sureness, surest } from './chance.ts'
import type { StopRule } from './plan.ts'

/**
 * What a step means for its rollout and its run: `go` on; `prune` this rollout, which is not worth its remaining steps;
 * `settle`: the run ends with this rollout's answer, which counts as finished; `stop`: the run ends.
 */
export type StepVerdict = 'go' | 'prune' | 'settle' | 'stop'

/** The verdict on a rollout that has done `step` steps (from 1), with halt logit `q`. */
export function afterStep(rule: StopRule, step: number, q: number, verified: boolean): StepVerdict {
  if (rule === 'all') return 'go'
  if (rule === 'first-verified') return verified ? 'stop' : 'go'
  if ('qAbove' in rule) return q >= rule.qAbove ? 'settle' : 'go'
  const { until, prune } = rule.adaptive
  if (until === 'verified' && verified) return 'stop'
  if (until !== 'verified' && q >= qOfError(until.error)) return 'settle'
  return prune && step >= prune.after && sureness(q) < prune.below ? 'prune' : 'go'
}

/**
 * Whether the finished rollouts agree on their best answer so far that the rest need not run. Of m finished rollouts v
 * gave the answer with the largest q; with a uniform prior its share of all votes has the posterior
 * Beta(v + 1, m - v + 1), and the run ends when the share is below one half with a chance of at most `error` (the stop
 * rule of Aggarwal et al. 2023, arXiv 2305.11860, against all other answers together). Never where the rules decide.
 */
export function enoughAgree(rule: StopRule, candidates: readonly Candidate[]): boolean {
  if (typeof rule !== 'object' || !('adaptive' in rule) || rule.adaptive.until === 'verified') return false
  const { error } = rule.adaptive.until
  const finished = candidates.filter(({ complete }) => complete)
  const best = surest(finished)
  if (!best) return false
  const votes = finished.filter(({ tokens }) => tokens.every((token, i) => token === best.tokens[i])).length
  return disagreement(votes, finished.length) <= error
}

/** P(share < 1/2) for a share with posterior Beta(v + 1, m - v + 1): P(Bin(m + 1, 1/2) <= m - v). */
export function disagreement(votes: number, of: number): number {
  return halfBinomialTail(of + 1, of - votes)
}

/** The halt logit above which the model gives its answer less than `error` chance of being wrong. */
export function qOfError(error: number): number {
  return Math.log((1 - error) / error)
}
