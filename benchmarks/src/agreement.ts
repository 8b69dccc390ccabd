/** The check before the clock: a time counts only for an implementation that computes the same thing. */
import type { Contender, StepOutputs } from './contenders.ts'

/** Largest allowed difference, relative to the largest value. */
export const TOLERANCE = 2e-4

export class AgreementError extends Error {
  override readonly name = 'AgreementError'
}

/** How far a contender is from the reference, per output. */
export type Agreement = Readonly<Record<keyof StepOutputs, number>>

/** Throws `AgreementError` where two contenders' outputs of the same step differ by more than the tolerance. */
export function checkAgreement(contender: Contender, reference: Contender): Agreement {
  const [found, wanted] = [contender.outputs(), reference.outputs()]
  const agreement = {
    logits: relativeError(found.logits, wanted.logits),
    q: relativeError(found.q, wanted.q),
  }
  for (const [output, error] of Object.entries(agreement)) {
    // Negated, so that NaN does not pass.
    if (!(error <= TOLERANCE)) {
      throw new AgreementError(
        `${output} of ${contender.name} and ${reference.name} differ by ${error.toExponential(1)} of the largest value, ` +
          `allowed ${TOLERANCE}: their times can't be compared; look for a change of the graph or the kernel`,
      )
    }
  }
  return agreement
}

/** Largest absolute difference over the largest absolute value; NaN where the lengths differ or a value is NaN. */
export function relativeError(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) return Number.NaN
  let [difference, largest] = [0, 0]
  for (const [i, value] of wanted.entries()) {
    difference = Math.max(difference, Math.abs(found[i]! - value))
    largest = Math.max(largest, Math.abs(value))
  }
  return difference / largest
}
