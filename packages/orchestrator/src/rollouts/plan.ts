/** What is to be run: how many rollouts, how deep, with what noise, and when to stop. */
import type { NoiseTarget } from '@ptrm/core-wasm'
import type { RecommendedPlan } from '@ptrm/core-wasm/plan-values'
import { PlanError } from '../errors.ts'
import { checkOptions, PLAN_RULES } from '../options.ts'

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
  /**
   * Where a stop rule ends the run, answer and candidates are those of one worker that runs rollout after rollout, so
   * that they depend on the seed alone and not on how many workers there are or which was quicker. Rollouts that come
   * before the one that ends it are waited for.
   */
  readonly exact: boolean
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
  exact: false,
}

/** Fills in and checks a plan. Throws `PlanError` naming the field. */
export function makePlan(options: PlanOptions = {}, recommended: RecommendedPlan = {}): Plan {
  checkOptions(options, PLAN_RULES, 'plan')
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const plan: Plan = { ...DEFAULTS, ...recommended, ...given, seed: BigInt(options.seed ?? DEFAULTS.seed) }
  // The recommendation may be a caller's own.
  checkOptions(plan, PLAN_RULES, 'plan')
  const stop = stopRule(plan.stop)
  if (!stop) throw new PlanError('stop', plan.stop, STOP_RULES)
  return { ...plan, stop }
}

const STOP_RULES =
  'all, first-verified, { qAbove: logit } or { adaptive: { until: "verified" or { error: 0 to 0.5 }, prune?: { after: step, below: logit } } }'

/** A stop rule of unknown origin, with its one field alone; undefined where a field is missing, too much or out of range. */
function stopRule(stop: unknown): StopRule | undefined {
  if (stop === 'all' || stop === 'first-verified') return stop
  const { qAbove, adaptive } = fieldsOf(stop)
  if (adaptive === undefined) return Number.isFinite(qAbove) ? { qAbove: qAbove as number } : undefined
  const isRule = qAbove === undefined && isAdaptiveRule(fieldsOf(adaptive))
  return isRule ? { adaptive: adaptive as AdaptiveRule } : undefined
}

function isAdaptiveRule({ until, prune }: Readonly<Record<string, unknown>>): boolean {
  const { error } = fieldsOf(until)
  const ends = until === 'verified' || (typeof error === 'number' && error > 0 && error < 0.5)
  const { after, below } = fieldsOf(prune)
  return (
    ends &&
    (prune === undefined || (Number.isInteger(after) && (after as number) >= 1 && Number.isFinite(below)))
  )
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Sigma of one step (from 0) of one rollout. */
export function sigmaAt(plan: Plan, rollout: number, step: number): number {
  if (plan.includeDeterministic && rollout === 0) return 0
  if (typeof plan.sigma === 'number') return plan.sigma
  return plan.sigma[Math.min(step, plan.sigma.length - 1)]!
}
