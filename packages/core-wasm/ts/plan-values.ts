/**
 * What the values of a plan may be, in one place: for plans that callers write and for those that model files recommend.
 * Knows no stop rule and no selection.
 */
import { NOISE_TARGETS, type NoiseTarget } from './config.ts'

/** The plan values that a model's makers recommend. */
export interface RecommendedPlan {
  readonly rollouts?: number
  readonly steps?: number
  readonly sigma?: number | readonly number[]
  readonly noiseTarget?: NoiseTarget
}

/** What one value may be: a test, and in words what passes it. */
export interface ValueRule {
  /** For the end of a sentence: `an integer from 1 to 64`. */
  readonly wanted: string
  readonly allows: (value: unknown) => boolean
}

/** Integers from `least` to `most`. */
export function integerRule(least: number, most: number): ValueRule {
  return {
    wanted: `an integer from ${least} to ${most}`,
    allows: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  }
}

/** One of these words. */
export function wordRule(words: readonly string[]): ValueRule {
  return { wanted: `one of ${words.join(', ')}`, allows: (value) => words.includes(value as string) }
}

/**
 * Latents are of the order of 1, so that noise of this size already leaves nothing of them. From 1e19 on its squares
 * are no f32 any more, and q is NaN.
 */
export const MOST_SIGMA = 1000
/** Steps that a list of sigmas may name. */
const MOST_SIGMAS = 100_000

const isSigma = (value: unknown) => typeof value === 'number' && value >= 0 && value <= MOST_SIGMA

/** The rule of each value that a model may recommend. */
export const PLAN_VALUES: { readonly [Field in keyof Required<RecommendedPlan>]: ValueRule } = {
  rollouts: integerRule(1, 1_000_000),
  steps: integerRule(1, 100_000),
  sigma: {
    wanted: `a number from 0 to ${MOST_SIGMA}, or a list of such, one a step`,
    allows: (value) =>
      Array.isArray(value)
        ? value.length > 0 && value.length <= MOST_SIGMAS && value.every(isSigma)
        : isSigma(value),
  },
  noiseTarget: wordRule(NOISE_TARGETS),
}

/** A value as errors show it: short, on one line, and told apart from a text of the same look. */
export function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  const text =
    typeof value === 'number' || typeof value === 'symbol' ? String(value) : (asJson(value) ?? nameOf(value))
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text
}
const LONGEST_SHOWN = 120

/** Of what can't be written; its own words could throw, as those of deeply nested lists do. */
function nameOf(value: unknown): string {
  return value === undefined ? 'undefined' : Object.prototype.toString.call(value)
}

/** Numbers that JSON does not have stay what they are. Undefined for what can't be written. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'bigint' || (typeof inner === 'number' && !Number.isFinite(inner))
        ? String(inner)
        : inner,
    )
  } catch {
    return undefined
  }
}
