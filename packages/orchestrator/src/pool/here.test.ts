/** A first worker in the caller's thread, beside threads: the same answers from both. */
import { describe, expect, it, vi } from 'vitest'
import { tinyModel } from '../../../core-wasm/test/tiny-model.ts'
import { createSolver } from '../node.ts'
import { nodeAdapter } from './node.ts'

vi.setConfig({ testTimeout: 60_000 })
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

  it('is ended between two steps, by a signal, a deadline and its end', async () => {
    const solver = await createSolver({ firstHere: true, workers: 1 })
    const endless = { rollouts: 1000, steps: 1000, stop: 'all' } as const
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 50)
    await expect(solver.solve(EASY, { ...endless, signal: abort.signal })).rejects.toThrow('enough')
    expect((await solver.solve(EASY, { ...endless, deadline: 100 })).stoppedBy).toBe('deadline')
    const run = solver.solve(EASY, endless)
    setTimeout(() => void solver.close(), 50)
    await expect(run).rejects.toThrow('the pool was closed')
  })

  it('is a thread where a step is long', async () => {
    const model = tinyModel({ config: { hidden_size: 512, H_cycles: 10, L_cycles: 9 } })
    const solver = await createSolver({ model, backend: 'wasm', firstHere: true, workers: 1 })
    expect(await startedBy(() => solver.load())).toBe(1)
    await solver.close()
  })
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
