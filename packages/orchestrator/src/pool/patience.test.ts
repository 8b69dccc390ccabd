/** How many workers a pool starts, and when, in virtual time. */
import { flatBoard } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { Random, type Script, SimulatedWorkers, VirtualTime } from '../../test/simulation.ts'
import { makePlan, type PlanOptions } from '../rollouts/plan.ts'
import { Pool } from './pool.ts'

const CALM = { loadCrash: 0, loadError: 0, crash: 0, hang: 0, error: 0, slots: 1 }
/** Right at once, never, and by rollout 9 alone. */
const EASY: Script = () => ({ tokens: Uint8Array.of(1), q: 0 })
const HARD: Script = () => ({ tokens: Uint8Array.of(0), q: 0 })
const LATE: Script = (rollout) => ({ tokens: Uint8Array.of(rollout === 9 ? 1 : 0), q: 0 })

/** Everything takes its longest: a load 20 ms, a step 10, a message 3. */
class Slow extends Random {
  override integer(_: number, most: number): number {
    return most
  }
}

function poolOf(...scripts: Script[]) {
  const time = new VirtualTime()
  const workers = new SimulatedWorkers(time, new Slow(1), CALM, scripts)
  const pool = new Pool({ adapter: workers, kernel: {} as never, workers: 4, clock: time })
  const model = pool.open(new Uint8Array())
  const run = (puzzle: number, options: PlanOptions) => {
    const plan = makePlan({ rollouts: 16, steps: 4, ...options })
    const rollouts = Array.from({ length: plan.rollouts }, (_, k) => k)
    return model.run({ board: flatBoard(Uint8Array.of(puzzle)), plan, rollouts, kind: 'none', puzzle })
  }
  const finish = () => {
    while (time.step());
  }
  return { time, workers, pool, run, finish }
}

describe('a pool of four workers', () => {
  it('has one for puzzles that end sooner than another one loads, however many come one by one', async () => {
    const { workers, run, finish, pool, time } = poolOf(EASY)
    for (let i = 0; i < 100; i++) {
      const done = run(0, { steps: 1 })
      finish()
      expect((await done).stoppedBy).toBe('rule')
    }
    expect(workers.mostLive).toBe(1)
    await pool.close()
    expect(time.timers).toBe(0)
  })

  it('starts the others when the work lasts as long as the first took to load', async () => {
    const { workers, run, finish, time } = poolOf(LATE)
    const done = run(0, {})
    const at: number[] = []
    do while (at.length < workers.mostLive) at.push(time.now())
    while (time.step())
    expect((await done).stoppedBy).toBe('rule')
    const load = 3 + 20 + 3
    expect(at).toEqual([0, 2 * load, 2 * load, 2 * load])
    // From then on it has them.
    const again = run(0, {})
    finish()
    await again
    expect(workers.live).toBe(4)
  })

  it.each([
    ['of a plan that runs them all', [[0, { stop: 'all' }]]],
    ['of four puzzles at once', [0, 0, 0, 0].map((puzzle) => [puzzle, {}])],
  ] as [string, [number, PlanOptions][]][])('starts them at once for rollouts %s', async (_, jobs) => {
    const { workers, run, finish } = poolOf(HARD)
    const done = jobs.map(([puzzle, options]) => run(puzzle, options))
    expect(workers.live).toBe(4)
    finish()
    await Promise.all(done)
  })

  it('starts one for a second puzzle, and no more, while the first is at its first rollouts', () => {
    const { workers, run } = poolOf(HARD)
    void run(0, {})
    expect(workers.live).toBe(1)
    void run(0, {})
    expect(workers.live).toBe(2)
  })
})
