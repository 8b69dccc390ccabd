import type { StepEvent } from '@ptrm/orchestrator/browser'
import { expect, it } from 'vitest'
import { qOf, Rollouts } from './rollouts.ts'

function step(rollout: number, q: number, tokens: number[], verified = false): StepEvent {
  return { type: 'step', rollout, step: 1, tokens: Uint8Array.from(tokens), q, verified }
}

it('ranks by the latest q, and finds the best that had noise', () => {
  const rollouts = new Rollouts(4, 16)
  for (const [number, q] of [3, -2, 1].entries()) rollouts.hear(step(number, q, [1, 2]))
  expect(rollouts.ranked().map(({ number }) => number)).toEqual([0, 2, 1])
  expect(rollouts.bestNoisy()?.number).toBe(2)
  rollouts.hear(step(1, 9, [1, 2], true))
  expect(rollouts.ranked().map(qOf)).toEqual([9, 3, 1])
  rollouts.end(1)
  expect(rollouts.tally()).toEqual({ right: 1, done: 1 })
})
