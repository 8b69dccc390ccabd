/** The solver on the bundled model and real worker threads: the same rollouts everywhere, stops, errors. */

import { sudoku } from '@ptrm/puzzles'
import { afterAll, describe, expect, it } from 'vitest'
import { createSolver } from './node.ts'
import type { StopRule } from './rollouts/plan.ts'
import type { SolveEvent, Solver } from './solver.ts'

const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const EMPTY_CORNER = `${'.'.repeat(72)}.........`
const solver: Solver<'sudoku'> = await createSolver({ workers: 2 })
afterAll(() => solver.close())

describe('a rollout', () => {
  it('is the same with 1, 2 and 5 workers, and for a smaller K', async () => {
    const plan = { rollouts: 5, steps: 6, sigma: 0.3, seed: 9, stop: 'all' } as const
    const runs = []
    for (const workers of [1, 2, 5]) {
      const other = await createSolver({ workers })
      runs.push((await other.solve(EASY, plan)).candidates)
      await other.close()
    }
    expect(runs[1]).toEqual(runs[0])
    expect(runs[2]).toEqual(runs[0])
    expect(runs[0]!.map(({ rollout }) => rollout)).toEqual([0, 1, 2, 3, 4])
    expect(new Set(runs[0]!.map(({ q }) => q)).size).toBe(5)
    expect((await solver.solve(EASY, { ...plan, rollouts: 2 })).candidates).toEqual(runs[0]!.slice(0, 2))
  }, 60_000)
})

describe('an exact plan', () => {
  it('gives the same result on any number of workers, of a puzzle with many answers too', async () => {
    const several = `${EASY.slice(0, 30)}${'.'.repeat(51)}`
    const plan = { rollouts: 4, steps: 8, seed: 3, exact: true } as const
    const results = []
    for (const workers of [1, 2, 5]) {
      const other = await createSolver({ workers })
      for (let i = 0; i < 2; i++) {
        for (const puzzle of [EASY, several]) {
          const { stats, ...result } = await other.solve(puzzle, plan)
          const { ms: _, ...counts } = stats
          results.push({ ...result, counts })
        }
      }
      await other.close()
    }
    for (const [i, result] of results.entries()) expect(result).toEqual(results[i % 2])
    expect(results[0]!.status).toBe('verified')
    expect(results[0]!.candidates.filter(({ firstVerified }) => firstVerified)).toHaveLength(1)
  })
})

describe('solve', () => {
  it('solves, says how, and stops at the step that verifies', async () => {
    const events: SolveEvent[] = []
    const result = await solver.solve(EASY, { seed: 1, onEvent: (event) => events.push(event) })
    expect(result.status).toBe('verified')
    expect(result.stoppedBy).toBe('rule')
    expect(result.puzzle).toEqual(sudoku.parse(EASY))
    expect(sudoku.verify(result.puzzle, result.answer!)).toEqual([])
    expect(solver.kind.toText(result.puzzle, result.answer)).toContain('│')
    expect(result.stats.rollouts).toBeLessThanOrEqual(4)
    expect(result.stats.netCalls).toBe(result.stats.steps * 4)
    const types = new Set(events.map(({ type }) => type))
    expect(types).toEqual(new Set(['step', 'rollout', 'final']))
    expect(events.some((event) => event.type === 'step' && event.verified)).toBe(true)
    expect(events.at(-1)).toEqual({ type: 'final', result })
  })

  it('has told of every step when it resolves', async () => {
    for (let seed = 0; seed < 10; seed++) {
      let heard = 0
      const onEvent = (event: SolveEvent) => {
        if (event.type === 'step') heard += 1
      }
      const { stats } = await solver.solve(EASY, { seed, rollouts: 4, steps: 3, stop: 'all', onEvent })
      expect(heard).toBe(stats.steps)
    }
  })

  it('rejects with what the listener throws', async () => {
    const onEvent = () => {
      throw new Error('no thanks')
    }
    await expect(solver.solve(EASY, { onEvent })).rejects.toThrow('no thanks')
    expect((await solver.solve(EASY)).status).toBe('verified')
  })

  it('rejects with what the listener’s promise rejects with, of the result too', async () => {
    const onEvent = async ({ type }: SolveEvent) => {
      if (type === 'final') throw new Error('no thanks')
    }
    await expect(solver.solve(EASY, { onEvent })).rejects.toThrow('no thanks')
  })

  it('waits for a listener up to deadline and signal', async () => {
    const never = () => new Promise<void>(() => {})
    const onEvent = ({ type }: SolveEvent) => (type === 'final' ? undefined : never())
    const plan = { rollouts: 1, steps: 2, stop: 'all', onEvent } as const
    const late = await solver.solve(EASY, { ...plan, deadline: 200 })
    expect([late.stoppedBy, late.stats.steps]).toEqual(['deadline', 2])
    const signal = AbortSignal.timeout(200)
    await expect(solver.solve(EASY, { ...plan, signal })).rejects.toThrow('timeout')
  })

  it('reads a stop rule by the field that it has', async () => {
    const run = (stop: object) => solver.solve(EASY, { rollouts: 3, steps: 16, stop: stop as StopRule })
    const found = await run({ adaptive: { until: 'verified' }, qAbove: undefined })
    expect(found.stats.steps).toBeLessThan(3 * 16)
    expect(found.plan.stop).toEqual({ adaptive: { until: 'verified' } })
    expect((await run({ qAbove: 0, adaptive: undefined })).plan.stop).toEqual({ qAbove: 0 })
    await expect(run({ qAbove: 0, adaptive: { until: 'verified' } })).rejects.toThrow('stop')
  })

  it('solves many puzzles at once', async () => {
    const results = await Promise.all([1, 2, 3, 4].map((seed) => solver.solve(EASY, { seed })))
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('verified'))
  })

  it('refuses contradicting givens before any rollout', async () => {
    await expect(solver.solve(`11${'.'.repeat(79)}`)).rejects.toMatchObject({ name: 'ContradictionError' })
  })

  it("returns the best so far at the deadline, and rejects with the signal's reason", async () => {
    const endless = { rollouts: 1000, steps: 1000, stop: 'all' } as const
    const late = await solver.solve(EMPTY_CORNER, { ...endless, deadline: 300 })
    expect(late.stoppedBy).toBe('deadline')
    expect(late.candidates.length).toBeGreaterThan(0)
    expect(late.stats.ms).toBeLessThan(5000)
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 100)
    await expect(solver.solve(EMPTY_CORNER, { ...endless, signal: abort.signal })).rejects.toThrow('enough')
    expect((await solver.solve(EASY)).status).toBe('verified')
  })
})

describe('createSolver', () => {
  it('says which models there are', async () => {
    await expect(createSolver({ model: 'chess' })).rejects.toMatchObject({
      name: 'ModelUnavailableError',
      message: expect.stringMatching(/no model 'chess'.*sudoku-2/),
    })
  })

  it('refuses a model of another kind than the one named, and takes the model of a kind', async () => {
    await expect(createSolver({ model: 'tapa', kind: 'sudoku' })).rejects.toMatchObject({
      name: 'ModelKindError',
      wanted: 'sudoku',
      found: 'tapa',
    })
    const tapa = await createSolver({ kind: 'tapa' })
    expect(tapa.kind.name).toBe('tapa')
    await tapa.close()
  })

  it('names an engine that it lacks', async () => {
    await expect(createSolver({ backend: 'cuda' })).rejects.toMatchObject({
      name: 'BackendUnavailableError',
    })
  })

  it('leaves nothing running after close, and rejects what was', async () => {
    const other = await createSolver({ workers: 1 })
    const running = other.solve(EMPTY_CORNER, { rollouts: 1000, stop: 'all' })
    running.catch(() => {})
    await other.close()
    await expect(running).rejects.toThrow('the pool was closed')
    await expect(other.solve(EASY)).rejects.toThrow('closed')
  })
})
