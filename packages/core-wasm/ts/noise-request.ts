/**
 * What may name a noise. The kernel counts in whole numbers of 32 and 64 bits that wrap: a rollout or a seed beyond them
 * would take another's noise, and a name that it does not know none at all, both in silence.
 */
import { LATENTS, NOISE_TARGETS, type NoiseDraw, type NoiseRequest } from './config.ts'
import { integerRule, MOST_SIGMA, shown, type ValueRule, wordRule } from './plan-values.ts'

const count = integerRule(0, 2 ** 32 - 1)

const RULES: { readonly [Field in keyof NoiseRequest]: ValueRule } = {
  seed: {
    wanted: 'a bigint from 0 to 2^64 - 1',
    allows: (value) => typeof value === 'bigint' && value >= 0n && value >> 64n === 0n,
  },
  rollout: count,
  step: count,
  sigma: {
    wanted: `a number from 0 to ${MOST_SIGMA}`,
    allows: (value) => typeof value === 'number' && value >= 0 && value <= MOST_SIGMA,
  },
  target: wordRule(NOISE_TARGETS),
}
const OF_ONE_LATENT = { ...RULES, target: wordRule(LATENTS) }

/** Throws a RangeError for a field of a step's request that is out of range. */
export function checkNoise(request: NoiseRequest): void {
  check(request, RULES)
}

/** The same for the noise of one latent. */
export function checkDraw(draw: NoiseDraw): void {
  check(draw, OF_ONE_LATENT)
}

function check(request: NoiseRequest, rules: typeof RULES): void {
  for (const field of FIELDS) {
    const value = request[field]
    if (rules[field].allows(value)) continue
    throw new RangeError(`noise, ${field}: found ${shown(value)}, wanted ${rules[field].wanted}`)
  }
}
const FIELDS = Object.keys(RULES) as (keyof NoiseRequest)[]
