/** The ONNX graph and the kernel compute the same step; without that no time of the benchmark means anything. */
import { describe, expect, it } from 'vitest'
import { AgreementError, checkAgreement, TOLERANCE } from './agreement.ts'
import { openContenders, openKernel, PEER } from './contenders.ts'
import { randomTrm, stepFlops, type TrmSizes } from './random-trm.ts'

// Odd everywhere, so that no implementation gets by without handling its remainders.
const ODD: TrmSizes = {
  seqLen: 11,
  prefix: 3,
  vocabSize: 5,
  hiddenSize: 29,
  tokenInner: 21,
  channelInner: 43,
  layers: 2,
  hCycles: 2,
  lCycles: 3,
}

describe.each([3, 0])('an odd-sized TRM with %i prefix rows', (prefix) => {
  it('gives the same logits and q on every implementation, over two steps', async () => {
    const contenders = await openContenders(randomTrm({ ...ODD, prefix }, 7))
    const peer = contenders.find(({ name }) => name === PEER)!
    for (let step = 0; step < 2; step++) {
      for (const contender of contenders) await contender.step()
      for (const contender of contenders) {
        const { logits, q } = checkAgreement(contender, peer)
        expect(Math.max(logits, q)).toBeLessThanOrEqual(TOLERANCE)
      }
    }
    for (const contender of contenders) await contender.close()
  })
})

it('refuses to compare implementations that run different weights', async () => {
  const one = await openKernel(randomTrm(ODD, 1), 'simd128')
  const other = await openKernel(randomTrm(ODD, 2), 'simd128')
  await one.step()
  await other.step()
  expect(() => checkAgreement(one, other)).toThrow(AgreementError)
  await one.close()
  await other.close()
})

it('counts the matmuls of a step', () => {
  const sizes = { ...ODD, layers: 1, hCycles: 1, lCycles: 0 }
  const tokenMix = 3 * 21 * 14 * 29
  const channelMix = 3 * 14 * 29 * 43
  const lmHead = 11 * 29 * 5
  expect(stepFlops(sizes)).toBe(2 * (tokenMix + channelMix + lmHead))
})
