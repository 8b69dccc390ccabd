import type { StepEvent } from '@ptrm/orchestrator/browser'
import { expect, it } from 'vitest'
import { narrate } from './narrator.ts'
import { Rollouts } from './rollouts.ts'

function step(rollout: number, q: number, verified = false): StepEvent {
  return { type: 'step', rollout, step: 1, tokens: new Uint8Array(), q, verified }
}

it('tells a run as it goes: alone and stuck, then with noise, who escapes, and what the network is sure of', () => {
  const rollouts = new Rollouts(4, 1)
  const said = () => narrate(rollouts, () => 29)
  expect(said().now).toMatch(/press Solve/)
  rollouts.hear(step(0, -8))
  expect(said()).toEqual({ alone: '', now: 'One try alone, without noise …' })
  rollouts.end(0)
  const alone = 'Alone, without noise: stuck, 29 cells break a rule.'
  expect(said()).toEqual({ alone, now: '' })
  rollouts.hear(step(1, -3))
  expect(said()).toEqual({ alone, now: 'Now 3 tries with noise …' })
  rollouts.hear(step(2, 8, true))
  expect(said()).toEqual({ alone, now: 'With noise: try 2 escapes!' })
  rollouts.hear(step(3, 9, true))
  expect(said().now).toMatch(/: 2 tries escape/)
  for (const number of [1, 2, 3]) rollouts.end(number)
  expect(said()).toEqual({ alone, now: 'The network is sure of 2; all 2 are right.' })
})

it('hides nothing: a sure network that is wrong, or sure of none', () => {
  const run = (...steps: StepEvent[]) => {
    const rollouts = new Rollouts(steps.length, 1)
    for (const event of steps) {
      rollouts.hear(event)
      rollouts.end(event.rollout)
    }
    return narrate(rollouts, () => 1)
  }
  expect(run(step(0, 5, true), step(1, 5))).toEqual({
    alone: 'Alone, without noise: right.',
    now: 'The network is sure of 2; 1 of them is right.',
  })
  expect(run(step(0, -5), step(1, -5))).toEqual({
    alone: 'Alone, without noise: stuck, 1 cell breaks a rule.',
    now: 'The network is sure of none.',
  })
})

it('says of a run that ended early what it came to, not what was to come', () => {
  const rollouts = new Rollouts(64, 16)
  rollouts.hear(step(0, -8))
  rollouts.end(0)
  rollouts.hear(step(1, 9, true))
  rollouts.hear(step(2, 1))
  rollouts.finish()
  expect(narrate(rollouts, () => 2).now).toBe('The network is sure of 1; it is right.')
  const stopped = new Rollouts(64, 16)
  stopped.hear(step(0, -8))
  stopped.finish()
  expect(narrate(stopped, () => 2)).toEqual({ alone: '', now: 'The network is sure of none.' })
})
