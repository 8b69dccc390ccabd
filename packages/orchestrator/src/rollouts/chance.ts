/** The two chances that selection and stop rules reckon with. */

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
