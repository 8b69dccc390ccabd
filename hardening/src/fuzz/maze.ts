/** A fault that random changes do not find, for the fuzzer's own test: each byte must be right before the next one counts. */

export function maze(input: Uint8Array): string {
  if (input[0]! >> 5 !== 1) return 'first'
  if (input[1]! >> 5 !== 6) return 'second'
  if (input[2]! >> 5 !== 3) return 'third'
  if (input[3]! >> 5 !== 5) return 'fourth'
  if (input[4]! >> 5 !== 2) return 'fifth'
  if (input[5]! >> 5 !== 4) return 'sixth'
  throw new Error('out')
}
