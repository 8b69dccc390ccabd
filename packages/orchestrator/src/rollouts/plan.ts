/** What is to be run: how many rollouts, how deep, with what noise, and when to stop. */
import { NOISE_TARGETS, type NoiseTarget, type RecommendedPlan } from '@ptrm/core-wasm'
import { PlanError } from '../errors.ts'

/** Spends rollouts where they are needed; `stop.ts` says how. */
export interface AdaptiveRule {
  /**
   * `verified`: at the first answer that the rules accept, and at no other. An error rate between 0 and 0.5, without the
   * rules: when the model's own belief in an answer after any step, sigmoid(q), or the finished rollouts' agreement on
   * it, leaves it at most this chance of being wrong. It bounds what is believed at each look, which is as true as the
   * model's Q head is calibrated.
   */
  readonly until: 'verified' | { readonly error: number }
  /** Ends a rollout that has done `after` steps or more while its halt logit is under `below`. */
  readonly prune?: { readonly after: number; readonly below: number } | undefined
}

/**
 * When a run ends early: never; when the rules accept a rollout's answer after any step; when a rollout's halt logit
 * reaches a threshold after any step; or when an adaptive rule has seen enough.
 */
export type StopRule =
  | 'all'
  | 'first-verified'
  | { readonly qAbove: number }
  | { readonly adaptive: AdaptiveRule }

/** A whole plan, as `makePlan` returns it. */
export interface Plan {
  /** K. */
  readonly rollouts: number
  /** D, deep recursion steps a rollout. */
  readonly steps: number
  /** Standard deviation of the noise; a list gives one a step, its last value holds on. */
  readonly sigma: number | readonly number[]
  readonly noiseTarget: NoiseTarget
  /** Unsigned 64-bit. */
  readonly seed: bigint
  /** Rollout 0 runs without noise, so that width never loses to plain TRM. */
  readonly includeDeterministic: boolean
  readonly stop: StopRule
}

/** A plan as callers write it; what is left out comes from the model's recommendation, then from the defaults. */
export type PlanOptions = { readonly [Field in keyof Omit<Plan, 'seed'>]?: Plan[Field] | undefined } & {
  readonly seed?: bigint | number | undefined
}

const DEFAULTS: Plan = {
  rollouts: 64,
  steps: 16,
  sigma: 0.3,
  noiseTarget: 'zL',
  seed: 0n,
  includeDeterministic: true,
  stop: 'first-verified',
}

/** Fills in and checks a plan. Throws `PlanError` naming the field. */
export function makePlan(options: PlanOptions = {}, recommended: RecommendedPlan = {}): Plan {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const seed = options.seed ?? DEFAULTS.seed
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) throw new PlanError('seed', seed, 'an integer')
  const plan: Plan = { ...DEFAULTS, ...recommended, ...given, seed: BigInt(seed) }
  if (plan.seed < 0n || plan.seed >= 1n << 64n)
    throw new PlanError('seed', seed, 'an unsigned 64-bit integer')
  checkCount('rollouts', plan.rollouts, 1_000_000)
  checkCount('steps', plan.steps, 100_000)
  const sigmas = typeof plan.sigma === 'number' ? [plan.sigma] : plan.sigma
  if (sigmas.length === 0 || !sigmas.every((s) => Number.isFinite(s) && s >= 0)) {
    throw new PlanError('sigma', plan.sigma, 'a number of at least 0, or a list of such')
  }
  if (!NOISE_TARGETS.includes(plan.noiseTarget))
    throw new PlanError('noiseTarget', plan.noiseTarget, `one of ${NOISE_TARGETS.join(', ')}`)
  checkStop(plan.stop)
  return plan
}

function checkStop(stop: StopRule): void {
  if (stop === 'all' || stop === 'first-verified') return
  const { qAbove, adaptive } = (stop ?? {}) as { qAbove?: unknown; adaptive?: unknown }
  if (Number.isFinite(qAbove) || isAdaptiveRule(adaptive)) return
  const wanted =
    'all, first-verified, { qAbove: logit } or { adaptive: { until: "verified" or { error: 0 to 0.5 }, prune?: { after: step, below: logit } } }'
  throw new PlanError('stop', JSON.stringify(stop), wanted)
}

/** Whether a value of unknown origin is an adaptive rule with every field in range. */
function isAdaptiveRule(rule: unknown): rule is AdaptiveRule {
  const { until, prune } = (rule ?? {}) as Partial<AdaptiveRule>
  const ends = until === 'verified' || (until !== undefined && until.error > 0 && until.error < 0.5)
  const pruning =
    prune === undefined || (Number.isInteger(prune.after) && prune.after >= 1 && Number.isFinite(prune.below))
  return ends && pruning
}

function checkCount(field: 'rollouts' | 'steps', value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new PlanError(field, value, `an integer from 1 to ${most}`)
}

/** Sigma of one step (from 0) of one rollout. */
export function sigmaAt(plan: Plan, rollout: number, step: number): number {
  if (plan.includeDeterministic && rollout === 0) return 0
  if (typeof plan.sigma === 'number') return plan.sigma
  return plan.sigma[Math.min(step, plan.sigma.length - 1)]!
}
