import { readFileSync } from 'node:fs'
import { createSolver } from '@ptrm/orchestrator'
import { bundledModel } from '@ptrm/orchestrator/browser'
import { afterEach, expect, it, vi } from 'vitest'
import { packTokens, play, type Recording, timeline, unpackTokens, withTries } from './recording.ts'

const recording: Recording = JSON.parse(readFileSync(new URL('./recorded.json', import.meta.url), 'utf8'))

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

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
  vi.useFakeTimers()
  const signal = new AbortController().signal
  const playing = play(recording, count, { signal, isStill: false })
  await vi.runAllTimersAsync()
  await playing
  expect(ended).toBe(recording.rollouts.length)
})

it('is shown in three stills where nothing is to move: the same steps', async () => {
  vi.useFakeTimers()
  // Ends early, as browsers' timers now and then do. What is shown in one task is in one picture.
  const { setTimeout } = globalThis
  let task = 0
  const early = (end: () => void, wait: number) => {
    const ended = () => {
      task += 1
      end()
    }
    setTimeout(ended, wait - 1)
  }
  vi.stubGlobal('setTimeout', early)
  const stills = new Map<number, number>()
  const count = () => stills.set(task, (stills.get(task) ?? 0) + 1)
  const signal = new AbortController().signal
  const playing = play(withTries(recording, 16), count, { signal, isStill: true })
  await vi.runAllTimersAsync()
  await playing
  expect(stills.size).toBe(3)
  const counts = [...stills.values()]
  expect(counts[0]).toBe(recording.steps)
  expect(counts.reduce((sum, n) => sum + n)).toBe(16 * recording.steps)
})

it('holds right tries among those that phones show', () => {
  const isRight = ({ right }: Recording['rollouts'][number]) => right.includes(recording.steps)
  const right = withTries(recording, 16).rollouts.filter(isRight).length
  expect(right).toBeGreaterThan(1)
  expect(right).toBeLessThan(16)
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
