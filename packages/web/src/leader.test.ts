import type { SolveEvent } from '@ptrm/orchestrator/browser'
import { expect, it } from 'vitest'
import { Leaderboard } from './leader.ts'

function step(rollout: number, q: number): SolveEvent {
  return { type: 'step', rollout, step: 1, tokens: Uint8Array.of(rollout), q, verified: false }
}

it('is led by the largest q after each rollout’s latest step, however large it was before', () => {
  const leaders = new Leaderboard(3)
  expect(leaders.leader).toBeUndefined()
  for (const [rollout, q] of [
    [0, 2],
    [1, 5],
    [2, -1],
  ] as const)
    leaders.hear(step(rollout, q))
  expect(leaders.leader).toEqual({ tokens: Uint8Array.of(1), q: 5 })
  leaders.hear(step(1, -8))
  expect(leaders.leader?.q).toBe(2)
})

it('is led by a q that is no number only where no rollout has one', () => {
  const leaders = new Leaderboard(2)
  leaders.hear(step(0, Number.NaN))
  expect(leaders.leader?.tokens).toEqual(Uint8Array.of(0))
  leaders.hear(step(1, -30))
  expect(leaders.leader?.tokens).toEqual(Uint8Array.of(1))
})

it('counts rollouts that have ended', () => {
  const leaders = new Leaderboard(3)
  leaders.hear(step(0, 1))
  const candidate = { rollout: 0, steps: 1, complete: true, tokens: Uint8Array.of(0), q: 1 }
  leaders.hear({ type: 'rollout', candidate })
  expect(leaders.progress).toEqual({ rollouts: 3, done: 1, q: 1 })
})
