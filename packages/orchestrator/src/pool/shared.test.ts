/** One pool for many puzzles of several models: the same rollouts as alone, shared slots, a fair turn for each client. */
import { compileKernel, flatBoard } from '@ptrm/core-wasm'
import { sudoku } from '@ptrm/puzzles'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { quickEngine } from '../../test/quick-engine.ts'
import { Random, type Script, SimulatedWorkers, VirtualTime } from '../../test/simulation.ts'
import { createPool, createSolver, loadModelBytes } from '../node.ts'
import { makePlan } from '../rollouts/plan.ts'
import type { Solver } from '../solver.ts'
import type { SolverPool } from '../solver-pool.ts'
import { Pool } from './pool.ts'
import type { FromWorker } from './protocol.ts'
import { workerBody } from './worker.ts'

vi.setConfig({ testTimeout: 60_000 })
const SUDOKU = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const LIGHTUP = 'https://puzz.link/p?akari/10/10/i.ibchci7bcoar0.6.gbn1bcaibmbh1.'
const PLAN = { rollouts: 6, steps: 4, stop: 'all', seed: 3 } as const

describe('solvers on one pool', () => {
  let pool: SolverPool
  const solvers: Solver[] = []
  const on = async (model: string) => {
    const solver = await createSolver({ model, pool })
    solvers.push(solver)
    return solver
  }
  afterEach(async () => {
    for (const solver of solvers.splice(0)) await solver.close()
    await pool.close()
  })

  it('come to what they come to alone, on no more workers than it has', async () => {
    pool = await createPool({ backend: 'wasm', workers: 2 })
    const [digits, lights] = [await on('sudoku'), await on('lightup')]
    const shared = await Promise.all(
      [digits, lights, digits].map((solver) => solver.solve(textFor(solver), PLAN)),
    )
    expect(pool.stats.workers).toBeLessThanOrEqual(2)
    const alone = await createSolver({ model: 'lightup', workers: 1 })
    expect(shared[1]!.candidates).toEqual((await alone.solve(textFor(alone), PLAN)).candidates)
    await alone.close()
    expect(shared[2]!.candidates).toEqual(shared[0]!.candidates)
    expect(pool.stats).toMatchObject({
      jobs: 3,
      rollouts: 18,
      steps: 72,
      sparedRollouts: 0,
      busySlots: 0,
      openJobs: 0,
    })
  })

  it('leave alone: the pool goes on, and what they had running rejects', async () => {
    pool = await createPool({ backend: 'wasm', workers: 1 })
    const [digits, lights] = [await on('sudoku'), await on('lightup')]
    const endless = digits.solve(SUDOKU, { rollouts: 1000, steps: 1000, stop: 'all' })
    setTimeout(() => void digits.close(), 50)
    await expect(endless).rejects.toThrow('the solver was closed')
    expect((await lights.solve(textFor(lights), PLAN)).candidates).toHaveLength(6)
    await expect(digits.solve(SUDOKU)).rejects.toThrow('the pool is closed')
  })

  it('say what a right answer spared', async () => {
    pool = await createPool({ backend: 'wasm', workers: 1 })
    const { candidates } = await (await on('sudoku')).solve(SUDOKU, { rollouts: 64 })
    expect(pool.stats.sparedRollouts).toBe(64 - candidates.length)
  })

  it('say so of an exact plan without those that ran and do not count', async () => {
    pool = await createPool({ backend: 'wasm', workers: 2 })
    await (await on('sudoku')).solve(SUDOKU, { rollouts: 64, exact: true })
    const { rollouts, sparedRollouts } = pool.stats
    expect(rollouts + sparedRollouts).toBe(64)
  })

  it.each([
    { workers: 2 },
    { backend: 'wasm' },
    { onnx: {} },
    { slots: 4 },
    { kernelVariant: 'simd128' },
  ] as const)('have no workers of their own: %j is refused', async (options) => {
    pool = await createPool({ backend: 'wasm', workers: 1 })
    const [field] = Object.keys(options)
    await expect(createSolver({ model: 'sudoku', pool, ...options })).rejects.toThrow(
      new RegExp(`options.${field}: found .*, wanted nothing beside pool`),
    )
  })
})

it('rollouts of ranges, run apart and judged together, are those of one run', async () => {
  const solver = await createSolver({ model: 'sudoku', workers: 2 })
  const whole = await solver.solve(SUDOKU, PLAN)
  const [low, high] = await Promise.all(
    [[0, 2] as const, [2, 6] as const].map((range) => solver.solve(SUDOKU, { ...PLAN, range })),
  )
  expect(low!.candidates.map(({ rollout }) => rollout)).toEqual([0, 1])
  const joined = solver.judge(low!.puzzle, {
    plan: whole.plan,
    candidates: [...low!.candidates, ...high!.candidates],
    stoppedBy: 'end',
    ms: whole.stats.ms,
  })
  expect(joined).toEqual(whole)
  await solver.close()
})

it('a worker of many slots runs the rollouts of several puzzles in the same steps', async () => {
  const posted: FromWorker[] = []
  const steps: number[][] = []
  const hear = workerBody({
    post: (message) => posted.push(message),
    pause: async () => {},
    makeEngine: async () => {
      const engine = quickEngine(4)
      return {
        ...engine,
        step: (requests) => {
          steps.push(requests.map(({ rollout }) => rollout))
          return engine.step(requests)
        },
      }
    },
  })
  hear({ type: 'load', model: 0, kernel: await compileKernel(), modelBytes: await loadModelBytes('sudoku') })
  await vi.waitFor(() => expect(posted).toEqual([{ type: 'loaded', model: 0 }]))
  const puzzle = sudoku.parse('.'.repeat(81))
  const plan = makePlan({ rollouts: 99, steps: 2, stop: 'all' })
  const job = { board: sudoku.encode(puzzle), plan, kind: 'sudoku', puzzle }
  hear({ type: 'run', run: 1, model: 0, job: { ...job, rollouts: [10, 11, 12] }, steps: false })
  hear({ type: 'run', run: 2, model: 0, job: { ...job, rollouts: [20, 21] }, steps: false })
  await vi.waitFor(() => expect(posted.filter(({ type }) => type === 'done')).toHaveLength(2))
  // The first step was on its way when the second puzzle came; 21 has the slot that a rollout of the first leaves.
  expect(steps).toEqual([[10, 11, 12], [10, 11, 12, 20], [20, 21], [21]])
})

describe('a batch of ten thousand puzzles beside a single one', () => {
  const hard: Script = () => ({ tokens: Uint8Array.of(0), q: 0 })

  /** Virtual milliseconds until a single puzzle of eight rollouts is done that comes when the batch is under way. */
  function waited(slots: number, batch: number, client: string | undefined): number {
    const time = new VirtualTime()
    const calm = { loadCrash: 0, loadError: 0, crash: 0, hang: 0, error: 0, slots }
    const workers = new SimulatedWorkers(time, new Random(1), calm, [hard])
    const pool = new Pool({ adapter: workers, kernel: {} as never, workers: 1, slots, clock: time })
    const model = pool.open(new Uint8Array())
    const run = (client: string | undefined) => {
      const plan = makePlan({ rollouts: 8, steps: 4, stop: 'all' })
      const rollouts = Array.from({ length: 8 }, (_, k) => k)
      return model.run(
        { board: flatBoard(Uint8Array.of(0)), plan, rollouts, kind: 'none', puzzle: 0 },
        { client },
      )
    }
    for (let i = 0; i < batch; i++) void run('batch').catch(() => {})
    let [from, to] = [0, 0]
    time.at(1000, () => {
      from = time.now()
      let left = 8
      const plan = makePlan({ rollouts: 8, steps: 4, stop: 'all' })
      const job = {
        board: flatBoard(Uint8Array.of(0)),
        plan,
        rollouts: [0, 1, 2, 3, 4, 5, 6, 7],
        kind: 'none',
        puzzle: 0,
      }
      const onCandidate = () => {
        left -= 1
        if (left === 0) to = time.now()
      }
      void model.run(job, { client, onCandidate }).catch(() => {})
    })
    while (to === 0 && time.step());
    void pool.close()
    return to - from
  }

  it.each([1, 16])('of %d slots, the single one has half of them', (slots) => {
    const alone = waited(slots, 0, 'single')
    expect(waited(slots, 10_000, 'single')).toBeLessThan(2.5 * alone + 60)
    // As a client of the same name it waits behind the others.
    expect(waited(slots, 500, 'batch')).toBeGreaterThan(20 * alone)
  })
})

function textFor(solver: Solver): string {
  return solver.kind.name === 'sudoku' ? SUDOKU : LIGHTUP
}
