/** The one check that every figure at K makes. */

/** Throws RangeError unless K is a whole number of 1 to n. */
export function checkK(n: number, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > n)
    throw new RangeError(`K = ${k}, wanted 1 to ${n}, the rollouts run`)
}
