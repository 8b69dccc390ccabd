/** Steps that take far too long: the job is over in time all the same, its worker is ended and replaced. */
import { compileKernel } from '@ptrm/core-wasm'
import { sudoku } from '@ptrm/puzzles'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { tinyModel } from '../../../core-wasm/test/tiny-model.ts'
import { createSolver } from '../node.ts'
import { makePlan } from '../rollouts/plan.ts'
import { realClock } from './clock.ts'
import { nodeAdapter } from './node.ts'
import { LATE_MS, LOST_MS, Pool } from './pool.ts'

vi.setConfig({ testTimeout: 60_000 })
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

// A quarter of the operations that a step may have. On onnxruntime less, as the end of the step must be awaited.
describe.each([
  ['wasm', 100],
  ['onnx-cpu', 20],
])('%s with a step of seconds', (backend, calls) => {
  it('keeps a deadline, and hears an abort', async () => {
    const slow = tinyModel({ config: { hidden_size: 2048, H_cycles: calls / 10, L_cycles: 9 } })
    const solver = await createSolver({ model: slow, backend, workers: 1 })
    await solver.load()
    const started = performance.now()
    const result = await solver.solve(EASY, { deadline: 300 })
    expect(result).toMatchObject({ status: 'unsolved', stoppedBy: 'deadline' })
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 300)
    await expect(solver.solve(EASY, { signal: abort.signal })).rejects.toThrow('enough')
    // Two waits for a step that might have come.
    expect(performance.now() - started).toBeLessThan(2 * (300 + LATE_MS) + 1500)
    const closing = performance.now()
    await solver.close()
    // A thread can be ended inside the kernel, but not inside onnxruntime.
    if (backend === 'wasm') expect(performance.now() - closing).toBeLessThan(2000)
  })
})

describe('a pool whose worker hangs', () => {
  const FASTER = 20
  const clock = { ...realClock, after: (ms: number, wake: () => void) => realClock.after(ms / FASTER, wake) }
  const spawned = vi.fn()
  const inner = nodeAdapter({ workerUrl: new URL('../../test/hanging-worker.ts', import.meta.url) })
  const adapter: typeof inner = {
    ...inner,
    spawn: (events) => {
      spawned()
      return inner.spawn(events)
    },
  }
  const puzzle = sudoku.parse(EASY)
  const job = (rollouts: number[], hangs?: number) => ({
    board: sudoku.encode(puzzle),
    plan: makePlan({ rollouts: 8, steps: 4, stop: 'all' }),
    rollouts,
    kind: 'sudoku',
    puzzle: { ...puzzle, hangs },
  })
  let pool: Pool
  afterEach(() => pool.close())

  it('loses nothing that it had, replaces the worker, and runs other jobs on', async () => {
    const kernel = await compileKernel()
    pool = new Pool({ adapter, kernel, workers: 2, slots: 3, clock })
    const model = pool.open(new Uint8Array())
    const hanging = model.run(job([0, 1, 2, 3, 4, 5], 4), { deadline: FASTER * 6000 })
    const others = await Promise.all([1, 2, 3].map(() => model.run(job([0, 1, 2]))))
    expect(others.map(({ candidates }) => candidates.length)).toEqual([3, 3, 3])
    const { candidates, stoppedBy } = await hanging
    expect(stoppedBy).toBe('deadline')
    // 4 hangs in its third step. Whether 5 waited behind it, and never began, depends on which worker had room.
    const known = candidates.map(({ rollout, steps, complete }) => [rollout, steps, complete])
    expect(known.slice(0, 5)).toEqual([
      [0, 4, true],
      [1, 4, true],
      [2, 4, true],
      [3, 4, true],
      [4, 2, false],
    ])
    expect([[], [[5, 4, true]]]).toContainEqual(known.slice(5))
    expect(spawned).toHaveBeenCalledTimes(2)
    await new Promise((resolve) => setTimeout(resolve, (1.5 * LOST_MS) / FASTER))
    // The other worker is there, but two are needed.
    const after = await Promise.all([1, 2].map(() => model.run(job([0, 1, 2]))))
    expect(after.map(({ candidates }) => candidates.length)).toEqual([3, 3])
    expect(spawned).toHaveBeenCalledTimes(3)
  })
})
