import { readFileSync } from 'node:fs'
import { createSolver } from '@ptrm/orchestrator'
import { bundledModel } from '@ptrm/orchestrator/browser'
import { expect, it } from 'vitest'
import { packTokens, play, type Recording, timeline, unpackTokens } from './recording.ts'

const recording: Recording = JSON.parse(readFileSync(new URL('./recorded.json', import.meta.url), 'utf8'))

it('packs and unpacks tokens', () => {
  const steps = [Uint8Array.of(1, 35, 3), Uint8Array.of(1, 2, 3)]
  expect(packTokens(steps)).toEqual(['1z3', '.2.'])
  expect(unpackTokens(packTokens(steps))).toEqual(steps)
})

it('shows the try without noise alone, then every step of the others, in order', async () => {
  const shown = timeline(recording)
  expect(shown.slice(0, recording.steps).map(({ event }) => [event.rollout, event.step])).toEqual(
    Array.from({ length: recording.steps }, (_, i) => [0, i + 1]),
  )
  expect(shown).toHaveLength(recording.rollouts.length * recording.steps)
  let ended = 0
  const count = (_: unknown, isLast: boolean) => {
    if (isLast) ended += 1
  }
  await play(recording, count, { signal: new AbortController().signal, isStill: true })
  expect(ended).toBe(recording.rollouts.length)
})

it('is a run of the bundled model, in which noise matters', async () => {
  expect(recording.model).toBe(bundledModel('sudoku')?.name)
  const isRight = ({ right }: Recording['rollouts'][number]) => right.includes(recording.steps)
  expect(isRight(recording.rollouts[0]!)).toBe(false)
  expect(recording.rollouts.filter(isRight).length).toBeGreaterThan(2)
  const solver = await createSolver({ model: 'sudoku', kernelVariant: 'simd128', workers: 1 })
  const { steps, sigma, seed } = recording
  const plan = { rollouts: 2, steps, sigma, seed, stop: 'all' } as const
  const { candidates } = await solver.solve(recording.puzzle, plan)
  await solver.close()
  for (const { rollout, tokens, q } of candidates) {
    const recorded = recording.rollouts[rollout]!
    expect(unpackTokens(recorded.tokens).at(-1)).toEqual(tokens)
    expect(recorded.q.at(-1)).toBeCloseTo(q, 1)
  }
})
