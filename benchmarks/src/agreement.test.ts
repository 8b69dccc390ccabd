/**
 * The ONNX graph and the kernel compute the same step, dense and on free weights; without that no time of the benchmark
 * means anything.
 */
import { flatBoard, stepCost, type TrmConfig } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { tiedFixture } from '../../packages/core-wasm/test/tied.ts'
import { AgreementError, checkAgreement, relativeError, TOLERANCE } from './agreement.ts'
import { NATIVE, openContenders, openExported, openKernel, PEER, type StepOutputs } from './contenders.ts'
import { randomTrm, type TrmSizes } from './random-trm.ts'
import { bundledSubject, devBoards, randomSubject } from './subjects.ts'

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
    const contenders = await openContenders(randomSubject('odd', { ...ODD, prefix }, 7))
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

describe.each(['sudoku', 'lightup'])('the bundled model of %s, on free weights', (kind) => {
  const [PUZZLES, ROLLOUTS, STEPS] = [50, 16, 2]

  it('answers as onnxruntime does on the same written out dense, rollout for rollout', async () => {
    const subject = bundledSubject(kind, PUZZLES)
    const contenders = await openContenders(subject)
    const free = contenders.filter(({ name }) => name.endsWith('free weights'))
    // onnxruntime-node is optional.
    const peer = [NATIVE, PEER].flatMap((wanted) => contenders.filter(({ name }) => name === wanted))[0]!
    let [equal, compared] = [0, 0]
    for (const board of subject.boards) {
      for (let rollout = 0; rollout < ROLLOUTS; rollout++) {
        for (const contender of [...free, peer]) contender.start(board)
        for (let step = 0; step < STEPS; step++) {
          const noise = { seed: 1n, rollout, step, sigma: 0.3, target: 'zL' } as const
          await peer.step(noise)
          const wanted = peer.outputs()
          for (const contender of free) {
            await contender.step(noise)
            const found = contender.outputs()
            if (step === 0) {
              expect(relativeError(found.logits, wanted.logits)).toBeLessThan(TOLERANCE)
              expect(Math.abs(found.q[0]! - wanted.q[0]!)).toBeLessThan(TOLERANCE)
            }
            compared += 1
            if (answerOf(found, subject.dense.config) === answerOf(wanted, subject.dense.config)) equal += 1
          }
        }
      }
    }
    for (const contender of contenders) await contender.close()
    expect(compared).toBe(2 * PUZZLES * ROLLOUTS * STEPS)
    // Where two tokens are all but equally likely, rounding decides.
    expect(equal / compared).toBeGreaterThan(0.995)
  }, 300_000)
})

describe('a mix that knows rooms, with random weights', () => {
  const { model } = tiedFixture('rooms')
  const [PUZZLES, ROLLOUTS] = [20, 4]
  /** Heyawake's boards without their numbers, which the fixture has no tokens for. */
  const boards = devBoards('heyawake', PUZZLES).map((board) => ({
    ...board,
    tokens: board.tokens.map((token) => 3 + ((token - 3) % 16)),
  }))

  it('answers on Heyawake’s boards as its graph does in onnxruntime', async () => {
    const peer = await openExported(model, boards[0]!)
    const kernels = [await openKernel(model, 'relaxed'), await openKernel(model, 'simd128')]
    let [equal, compared] = [0, 0]
    for (const board of boards) {
      for (let rollout = 0; rollout < ROLLOUTS; rollout++) {
        const noise = { seed: 1n, rollout, step: 0, sigma: 0.3, target: 'zL' } as const
        for (const contender of [...kernels, peer]) {
          contender.start(board)
          await contender.step(noise)
        }
        const wanted = peer.outputs()
        for (const kernel of kernels) {
          const found = kernel.outputs()
          expect(relativeError(found.logits, wanted.logits)).toBeLessThan(TOLERANCE)
          expect(Math.abs(found.q[0]! - wanted.q[0]!)).toBeLessThan(TOLERANCE)
          compared += 1
          if (answerOf(found, model.config) === answerOf(wanted, model.config)) equal += 1
        }
      }
    }
    for (const contender of [...kernels, peer]) await contender.close()
    expect(compared).toBe(kernels.length * PUZZLES * ROLLOUTS)
    expect(equal / compared).toBeGreaterThan(0.995)
  })
})

/** Best token of each cell among those that an answer may hold. */
function answerOf({ logits }: StepOutputs, { vocabSize, answerTokens }: TrmConfig): string {
  const allowed = answerTokens.length > 0 ? answerTokens : Array.from({ length: vocabSize }, (_, i) => i)
  return Array.from({ length: logits.length / vocabSize }, (_, cell) => {
    const of = (token: number) => logits[cell * vocabSize + token]!
    return allowed.reduce((best, token) => (of(token) > of(best) ? token : best))
  }).join()
}

it('refuses to compare implementations that run different weights', async () => {
  const { tokens, ...trm } = randomTrm(ODD, 1)
  const one = await openKernel(trm, 'simd128')
  const other = await openKernel(randomTrm(ODD, 2), 'simd128')
  for (const contender of [one, other]) {
    contender.start(flatBoard(tokens))
    await contender.step()
  }
  expect(() => checkAgreement(one, other)).toThrow(AgreementError)
  await one.close()
  await other.close()
})

it('counts the matmuls of a step', () => {
  const sizes = { ...ODD, layers: 1, hCycles: 1, lCycles: 0 }
  const tokenMix = 3 * 21 * 14 * 29
  const channelMix = 3 * 14 * 29 * 43
  const lmHead = 11 * 29 * 5
  expect(stepCost(randomTrm(sizes, 1)).flops).toBe(2 * (tokenMix + channelMix + lmHead))
})
