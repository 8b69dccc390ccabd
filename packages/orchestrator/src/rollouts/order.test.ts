/** Rollouts may end in any order: what counts is what one worker would have come to. */

import { flatBoard } from '@ptrm/core-wasm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Engine, StepRequest } from '../engines/engine.ts'
import type { Candidate } from './candidate.ts'
import { StopInOrder } from './order.ts'
import { makePlan, type StopRule } from './plan.ts'
import { runRollouts } from './run.ts'
import { enoughAgree } from './stop.ts'

const candidate = (rollout: number, answer = 0, q = 0): Candidate => {
  return { rollout, steps: 1, complete: true, tokens: Uint8Array.of(answer), q }
}
const K = 12
const numbers = Array.from({ length: K }, (_, k) => k)

describe('the stop rule in the order of rollouts', () => {
  it('waits for those before the one that stops, and for no other', () => {
    const order = new StopInOrder('first-verified', numbers)
    const belows = [
      [3, false],
      [7, true],
      [5, true],
      [9, true],
      [2, false],
      [5, true],
    ].map(([rollout, stops]) => {
      order.add(candidate(rollout as number), stops as boolean)
      return order.below
    })
    expect(belows).toEqual([Number.POSITIVE_INFINITY, 8, 6, 6, 6, 6])
  })

  it('comes to the same in every order', () => {
    const stop: StopRule = { adaptive: { until: { error: 0.1 } } }
    const rollouts = fc.array(fc.record({ answer: fc.nat(1), q: fc.nat(3), stops: fc.boolean() }), {
      minLength: K,
      maxLength: K,
    })
    const shuffled = fc.shuffledSubarray(numbers, { minLength: K })
    fc.assert(
      fc.property(rollouts, shuffled, fc.integer({ min: 0, max: 9 }), (all, ends, rarely) => {
        const found = all.map(({ answer, q }, k) => candidate(k, answer, q))
        const stops = (k: number) => all[k]!.stops && k % 10 === rarely
        let wanted = Number.POSITIVE_INFINITY
        for (const k of numbers) {
          if (!stops(k) && !enoughAgree(stop, found.slice(0, k + 1))) continue
          wanted = k + 1
          break
        }
        const order = new StopInOrder(stop, numbers)
        for (const k of ends) order.add(found[k]!, stops(k))
        expect(order.below).toBe(wanted)
      }),
      { numRuns: 500 },
    )
  })
})

/** An engine whose answers and q are a mixed function of rollout and step. */
function mixed(slots: number): Engine {
  const mix = (rollout: number, step: number) => Math.imul(rollout * 31 + step + 1, 0x9e3779b1) >>> 24
  return {
    slots,
    start() {},
    step: (requests: readonly StepRequest[]) =>
      requests.map(({ slot, rollout, step }) => {
        const value = mix(rollout, step)
        return { slot, tokens: Uint8Array.of(value % 3), q: (value % 13) - 6 }
      }),
    close() {},
  }
}

describe('an exact plan', () => {
  it.each<[string, StopRule]>([
    ['all', 'all'],
    ['first-verified', 'first-verified'],
    ['a q', { qAbove: 5 }],
    ['agreement', { adaptive: { until: { error: 0.2 } } }],
    ['agreement and pruning', { adaptive: { until: { error: 0.3 }, prune: { after: 1, below: -3 } } }],
  ])('comes to the same on any number of slots: %s', async (_, stop) => {
    for (const seed of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const verify = ([answer]: Uint8Array) => answer === 0 && seed > 3
      const plan = { rollouts: K, steps: 1 + (seed % 4), stop }
      const run = (slots: number, exact: boolean) =>
        runRollouts(
          mixed(slots),
          { board: flatBoard(Uint8Array.of()), plan: makePlan({ ...plan, exact }), rollouts: numbers },
          { verify },
        )
      const wanted = await run(1, false)
      for (const slots of [1, 2, 3, 5, 12, 20]) expect(await run(slots, true)).toEqual(wanted)
    }
  })
})
