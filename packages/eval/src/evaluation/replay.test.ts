/** A replayed stop rule does what the real run does, rollout by rollout, and counts what it saves. */
import { type Candidate, createSolver, enoughAgree, type Solver, type StopRule } from '@ptrm/orchestrator'
import { readAllPuzzles } from '@ptrm/puzzles/node'
import { afterAll, describe, expect, it } from 'vitest'
import { openEvaluation } from './open.ts'
import { replay, replayOne } from './replay.ts'

const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const PLAN = { rollouts: 4, steps: 12, sigma: 0.3, seed: 3n }
const evaluation = await openEvaluation(DATA, { plan: PLAN, kernel: 'simd128', perSource: 1, workers: 1 })
await evaluation.run()
await evaluation.close()
const { manifest, records } = evaluation
const solver: Solver = await createSolver({ workers: 1, kernelVariant: 'simd128' })
afterAll(() => solver.close())

const RULES: [StopRule, 'verified' | 'best-q'][] = [
  ['all', 'best-q'],
  ['first-verified', 'verified'],
  [{ qAbove: 3 }, 'best-q'],
  [{ adaptive: { until: { error: 0.01 }, prune: { after: 8, below: -8 } } }, 'best-q'],
  [{ adaptive: { until: 'verified', prune: { after: 6, below: -7 } } }, 'verified'],
]

describe('a replay', () => {
  it.each(RULES)('of %j takes the steps and finds the answer of the real run', async (stop, select) => {
    const { items } = await readAllPuzzles(DATA)
    for (const record of records) {
      const found = items.find((item) => !('error' in item) && item.id === record.id) as { puzzle: unknown }
      const real = await solver.solve(found.puzzle, { ...PLAN, stop, select, includeDeterministic: false })
      const { steps, right } = replayOne(record.rollouts, stop, select)
      expect(steps).toBe(real.stats.steps)
      // By the rules here, by the solution there: each puzzle has one solution only.
      expect(right).toBe(real.status === 'verified')
    }
  })

  it('of a rollout that is pruned at its last step counts it, as the real run does', () => {
    const rollout = (...q: number[]) => {
      return { q, answers: q.map(() => 0), right: true, cells: 1, firstRight: 1, firstVerified: 1 }
    }
    const rollouts = [rollout(0.1, 0.1, -1), ...Array.from({ length: 9 }, () => rollout(0.1, 0.1, 0.1))]
    const stop = { adaptive: { until: { error: 0.2 }, prune: { after: 2, below: 0 } } } as const
    const candidates: Candidate[] = []
    for (const [rollout, { q }] of rollouts.entries()) {
      const found = { rollout, steps: 3, q: q[2]!, tokens: Uint8Array.of(0, 0, 0), firstVerified: undefined }
      candidates.push({ ...found, complete: true })
      if (enoughAgree(stop, candidates)) break
    }
    expect(replayOne(rollouts, stop, 'best-q').steps).toBe(3 * candidates.length)
  })

  it('costs and finds with rule `all` what all rollouts do', () => {
    const { saving, difference, netCalls } = replay(manifest, records, 'all')
    expect(netCalls).toBe(4 * 12 * 4)
    expect(saving).toEqual({ times: 1, interval: [1, 1] })
    expect(difference).toEqual({ mean: 0, interval: [0, 0] })
  })

  it('never calls the net more often than all rollouts do, and loses nothing at the first verified', () => {
    const { saving, difference, solved, fixed } = replay(manifest, records, 'first-verified')
    expect(saving.times).toBeGreaterThan(1)
    expect(difference.mean).toBe(0)
    expect(solved).toEqual(fixed)
  })
})
