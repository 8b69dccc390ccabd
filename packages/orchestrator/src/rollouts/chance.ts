/** What selection and stop rules reckon with: how sure a rollout is, and two chances. */

/** A halt logit to compare others with. One that is no number, of a network whose numbers overflowed, says least: -Infinity. */
export function sureness(q: number): number {
  return Number.isNaN(q) ? Number.NEGATIVE_INFINITY : q
}

/** Whether the first of two rollouts, or of its answers, is the surer one; of equals neither is. */
export function isSurer(one: { readonly q: number }, other: { readonly q: number }): boolean {
  return sureness(one.q) > sureness(other.q)
}

/** The surest of some rollouts or answers, of equals the first; undefined only for none. */
export function surest<One extends { readonly q: number }>(all: Iterable<One>): One | undefined {
  let best: One | undefined
  for (const one of all) if (best === undefined || isSurer(one, best)) best = one
  return best
}

/** The halt probability that a halt logit stands for. */
export function sigmoid(q: number): number {
  return 1 / (1 + Math.exp(-q))
}

/** P(Bin(n, 1/2) <= k), by logarithms so that large n does not underflow. */
export function halfBinomialTail(n: number, k: number): number {
  let logTerm = -n * Math.LN2
  let sum = 0
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(logTerm)
    logTerm += Math.log((n - i) / (i + 1))
  }
  return sum
}
