/** Workers in the caller's thread, alone or the first beside threads: the same answers from all, and a thread that goes on. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { compileKernel } from '@ptrm/core-wasm'
import { describe, expect, it, vi } from 'vitest'
import { tinyModel } from '../../../core-wasm/test/tiny-model.ts'
import type { Engine } from '../engines/engine.ts'
import { createPool, createSolver } from '../node.ts'
import type { StepEvent } from '../rollouts/run.ts'
import type { SolveEvent } from '../solver.ts'
import { Here, hereAdapter } from './here.ts'
import { nodeAdapter } from './node.ts'
import { Pool } from './pool.ts'

vi.setConfig({ testTimeout: 60_000 })
setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const plan = { rollouts: 6, steps: 4, stop: 'all', seed: 3 } as const

const threads = vi.hoisted(() => ({ started: 0 }))
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>()
  class Worker extends real.Worker {
    constructor(...args: ConstructorParameters<typeof real.Worker>) {
      super(...args)
      threads.started += 1
    }
  }
  return { ...real, Worker }
})
/** The threads that `work` starts. */
async function startedBy(work: () => Promise<unknown>): Promise<number> {
  const before = threads.started
  await work()
  return threads.started - before
}

describe('a solver whose first worker is here', () => {
  it('comes to what threads come to, alone and beside them', async () => {
    const results = []
    for (const options of [{}, { firstHere: true }, { firstHere: true, workers: 1 }]) {
      const solver = await createSolver({ workers: 3, ...options })
      results.push((await solver.solve(EASY, plan)).candidates)
      await solver.close()
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
  })

  it('starts no thread where there is to be no other', async () => {
    const started = await startedBy(async () => {
      const solver = await createSolver({ firstHere: true, workers: 1 })
      expect((await solver.solve(EASY)).status).toBe('verified')
      await solver.close()
    })
    expect(started).toBe(0)
  })

  it.each([{ firstHere: true, workers: 1 }, { workers: 0 }])(
    'is ended between two steps: %o',
    async (options) => {
      const solver = await createSolver(options)
      const endless = { rollouts: 1000, steps: 1000, stop: 'all' } as const
      const abort = new AbortController()
      setTimeout(() => abort.abort(new Error('enough')), 50)
      await expect(solver.solve(EASY, { ...endless, signal: abort.signal })).rejects.toThrow('enough')
      expect((await solver.solve(EASY, { ...endless, deadline: 100 })).stoppedBy).toBe('deadline')
      const run = solver.solve(EASY, endless)
      setTimeout(() => void solver.close(), 50)
      await expect(run).rejects.toThrow('the pool was closed')
    },
  )

  it('is a thread where a step is long', async () => {
    const model = tinyModel({ config: { hidden_size: 512, H_cycles: 10, L_cycles: 9 } })
    const solver = await createSolver({ model, backend: 'wasm', firstHere: true, workers: 1 })
    expect(await startedBy(() => solver.load())).toBe(1)
    await solver.close()
  })
})

describe('a solver without workers', () => {
  it('comes to what threads come to, step by step, and starts none', async () => {
    const [threads, here] = await Promise.all([createSolver({ workers: 2 }), createSolver({ workers: 0 })])
    const heard = async (solver: typeof here) => {
      const steps: StepEvent[] = []
      const onEvent = (event: SolveEvent) => void (event.type === 'step' && steps.push(event))
      const { candidates } = await solver.solve(EASY, { ...plan, sketch: 4, onEvent })
      return { candidates, steps: steps.sort((a, b) => a.rollout - b.rollout || a.step - b.step) }
    }
    const wanted = await heard(threads)
    await threads.close()
    const started = await startedBy(async () => {
      expect(await heard(here)).toEqual(wanted)
    })
    expect([started, here.workers, here.slots]).toEqual([0, 0, 1])
    await here.close()
  })

  it('makes a step a turn at most, however many puzzles wait, and shares them fairly', async () => {
    const solver = await createSolver({ workers: 0 })
    await solver.solve(EASY, plan)
    let [turns, isOver] = [0, false]
    const steps: { readonly puzzle: number; readonly rollout: number; readonly turn: number }[] = []
    const count = () => {
      turns += 1
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const solve = (_: unknown, puzzle: number) =>
      solver.solve(EASY, {
        ...plan,
        onEvent: (event) => {
          if (event.type === 'step') steps.push({ puzzle, rollout: event.rollout, turn: turns })
        },
      })
    await Promise.all(Array.from({ length: 5 }, solve))
    isOver = true
    expect(steps).toHaveLength(5 * plan.rollouts * plan.steps)
    expect(new Set(steps.map(({ turn }) => turn)).size).toBe(steps.length)
    const begun = [0, 0, 0, 0, 0]
    for (const { puzzle } of steps.filter((_, i) => i % plan.steps === 0)) {
      begun[puzzle]! += 1
      // The first was given two while it was alone, and then its turn. Without turns it would be at six.
      expect(Math.max(...begun) - Math.min(...begun)).toBeLessThanOrEqual(3)
    }
    await solver.close()
  })

  it('shares a pool between models, each step for one of them', async () => {
    const pool = await createPool({ workers: 0 })
    expect(pool.workers).toBe(0)
    const [sudoku, lightup] = await Promise.all(
      ['sudoku', 'lightup'].map((model) => createSolver({ model, pool })),
    )
    const akari = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
    const both = await Promise.all([sudoku!.solve(EASY, plan), lightup!.solve(akari, plan)])
    const alone = await createSolver({ model: 'lightup', workers: 1 })
    expect((await alone.solve(akari, plan)).candidates).toEqual(both[1].candidates)
    expect(both[0].candidates).toHaveLength(plan.rollouts)
    for (const closed of [alone, pool]) await closed.close()
  })

  it('leaves nothing that keeps the program alive, and nothing to do after the last puzzle', async () => {
    const solver = await createSolver({ workers: 0 })
    await solver.solve(EASY, plan)
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Immediate').length
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(
      process.getActiveResourcesInfo().filter((name) => name === 'Immediate').length,
    ).toBeLessThanOrEqual(before)
    await solver.close()
  })
})

it('holds no engine of a model that was closed, and closes the others once', async () => {
  const made: WeakRef<Engine>[] = []
  let closed = 0
  const makeEngine = async () => {
    const close = () => {
      closed += 1
    }
    const engine = { slots: 1, start() {}, step: () => [], close }
    made.push(new WeakRef(engine))
    return engine
  }
  const pool = new Pool({ adapter: hereAdapter(makeEngine), kernel: await compileKernel(), workers: 1 })
  for (let i = 0; i < 20; i++) {
    const model = pool.open(new Uint8Array())
    await model.load()
    model.close()
  }
  await pool.open(new Uint8Array()).load()
  await vi.waitFor(() => {
    gc()
    expect(made.filter((engine) => engine.deref())).toHaveLength(1)
  })
  expect(closed).toBe(20)
  await pool.close()
  expect(closed).toBe(21)
})

it('those who attend make steps without each other, as any of them may be gone', async () => {
  const here = new Here(async () => ({ slots: 1, start() {}, step: () => [], close() {} }))
  let due = 9
  const step = () => {
    due -= 1
    return due >= 0 ? Promise.resolve() : undefined
  }
  here.spawn({ heard() {} }, () => ({ hear() {}, step }))
  // As in workerd, where a turn that belongs to a request that is over never comes.
  const lost = vi.spyOn(globalThis, 'setImmediate').mockImplementationOnce((() => {}) as never)
  void here.attend(new Promise(() => {}))
  expect(lost).toHaveBeenCalledOnce()
  lost.mockRestore()
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  const attended = here.attend(over)
  await vi.waitFor(() => expect(due).toBe(-1))
  end()
  await attended
})

it('one worker at a time is here', async () => {
  const adapter = nodeAdapter({ firstHere: true })
  const events = { heard: () => {}, died: () => {} }
  const isThread = (handle: object) => 'worker' in handle
  const [first, second] = [adapter.spawn(events), adapter.spawn(events)]
  expect([first, second].map(isThread)).toEqual([false, true])
  await first.terminate()
  const third = adapter.spawn(events)
  expect(isThread(third)).toBe(false)
  for (const handle of [second, third]) await handle.terminate()
})
