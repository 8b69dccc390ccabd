/** The stop rules alone, then on a scripted engine whose q and answers are known. */
import { flatBoard } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import type { Engine, StepRequest } from '../engines/engine.ts'
import { makePlan, type PlanOptions, type StopRule } from './plan.ts'
import { runRollouts } from './run.ts'
import { selectors } from './select.ts'
import { afterStep, disagreement, qOfError } from './stop.ts'

/** A rollout's q after each step, and its answer. */
type Script = readonly (readonly [q: readonly number[], answer: number])[]

function scripted(script: Script): Engine {
  return {
    slots: 1,
    start() {},
    step: ([request]: readonly StepRequest[]) => {
      const { slot, rollout, step } = request!
      const [q, answer] = script[rollout]!
      return [{ slot, q: q[step]!, tokens: Uint8Array.of(answer) }]
    },
    close() {},
  }
}

async function run(script: Script, stop: StopRule, more: PlanOptions = {}) {
  const plan = makePlan({ rollouts: script.length, steps: 3, stop, ...more })
  const verify = ([answer]: Uint8Array) => answer === 7
  const rollouts = script.map((_, k) => k)
  const outcome = await runRollouts(
    scripted(script),
    { board: flatBoard(Uint8Array.of()), plan, rollouts },
    { verify },
  )
  return { ...outcome, ran: outcome.candidates.map(({ steps, complete }) => [steps, complete]) }
}

const low = [-5, -5, -5]

describe('afterStep', () => {
  const q99 = Math.log(99)

  it('settles at the logit of the error rate', () => {
    const rule = { adaptive: { until: { error: 0.01 } } } as const
    expect(qOfError(0.01)).toBeCloseTo(q99, 12)
    expect(afterStep(rule, 1, q99 + 1e-9, false)).toBe('settle')
    expect(afterStep(rule, 1, q99 - 1e-9, true)).toBe('go')
  })

  it('asks the rules alone where they decide', () => {
    const rule = { adaptive: { until: 'verified', prune: { after: 2, below: -3 } } } as const
    expect(afterStep(rule, 1, 99, false)).toBe('go')
    expect(afterStep(rule, 2, -9, true)).toBe('stop')
    expect([1, 2, 3].map((step) => afterStep(rule, step, -3.1, false))).toEqual(['go', 'prune', 'prune'])
    expect(afterStep(rule, 2, -3, false)).toBe('go')
  })
})

describe('a q that is no number', () => {
  const none = Number.NaN

  it('ends no run, and prunes its rollout', () => {
    for (const rule of [{ qAbove: -99 }, { adaptive: { until: { error: 0.49 } } }] as const)
      expect(afterStep(rule, 1, none, false)).toBe('go')
    const rule = { adaptive: { until: { error: 0.01 }, prune: { after: 2, below: -3 } } } as const
    expect([1, 2].map((step) => afterStep(rule, step, none, false))).toEqual(['go', 'prune'])
  })

  it('is the best of no rollouts that might agree', async () => {
    const script: Script = [[[none, none, none], 5], ...Array.from({ length: 8 }, () => [low, 4] as const)]
    const { stopped, candidates } = await run(script, { adaptive: { until: { error: 0.1 } } })
    expect(stopped).toBe(true)
    expect(selectors['best-q'](candidates)?.tokens).toEqual(Uint8Array.of(4))
  })
})

describe('disagreement', () => {
  it('is the posterior chance of no majority', () => {
    expect(disagreement(3, 3)).toBeCloseTo(1 / 16, 12)
    expect(disagreement(1, 2)).toBeCloseTo(0.5, 12)
    // Numerically: the integral of x^4 (1-x) from 0 to 1/2, over that to 1.
    const area = (to: number) => to ** 5 / 5 - to ** 6 / 6
    expect(disagreement(4, 5)).toBeCloseTo(area(0.5) / area(1), 12)
  })
})

describe('an adaptive run', () => {
  it('ends at a rollout that is sure of its answer, and keeps that one', async () => {
    const script: Script = [
      [low, 1],
      [[-5, 5, 5], 2],
      [low, 3],
    ]
    const { ran, stopped, candidates } = await run(script, { adaptive: { until: { error: 0.01 } } })
    expect(stopped).toBe(true)
    expect(ran).toEqual([
      [3, true],
      [2, true],
    ])
    expect(selectors['best-q'](candidates)?.tokens).toEqual(Uint8Array.of(2))
  })

  it('ends when enough rollouts agree on the answer with the best q, and not before', async () => {
    const agree: Script = Array.from({ length: 9 }, () => [low, 4] as const)
    // 2^-(m + 1) <= 0.05 from m = 4 on.
    expect((await run(agree, { adaptive: { until: { error: 0.05 } } })).ran).toHaveLength(4)
    const other: Script = [[[-5, -5, -4], 5], ...agree]
    // The minority has the best q: whatever the majority, it does not end the run.
    expect((await run(other, { adaptive: { until: { error: 0.05 } } })).stopped).toBe(false)
    expect((await run(agree, { adaptive: { until: 'verified' } })).stopped).toBe(false)
  })

  it('prunes hopeless rollouts, which then have no vote', async () => {
    const script: Script = [
      [low, 1],
      [[-5, -5, -1], 2],
      [low, 1],
      [[-1, -1, -2], 2],
    ]
    const { ran, candidates } = await run(script, {
      adaptive: { until: { error: 0.01 }, prune: { after: 2, below: -3 } },
    })
    expect(ran).toEqual([
      [2, false],
      [2, false],
      [2, false],
      [3, true],
    ])
    expect(selectors.mode(candidates)?.tokens).toEqual(Uint8Array.of(2))
  })

  it('stops at what the rules accept, whatever q says', async () => {
    const { ran, stopped } = await run(
      [
        [[9, 9, 9], 1],
        [low, 7],
      ],
      { adaptive: { until: 'verified' } },
    )
    expect(stopped).toBe(true)
    expect(ran).toEqual([
      [3, true],
      [1, false],
    ])
  })

  it.each([
    { until: { error: 0.5 } },
    { until: { error: 0 } },
    { until: 'agreed' },
    { until: 'verified', prune: { after: 0, below: 1 } },
    {},
  ])('is refused where a field is out of range: %j', (adaptive) => {
    expect(() => makePlan({ stop: { adaptive } as unknown as StopRule })).toThrow('plan.stop')
  })
})
