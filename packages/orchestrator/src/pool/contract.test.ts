/** What the pool must hold on every platform's workers: run over each adapter there is. */
import { compileKernel, ModelFormatError } from '@ptrm/core-wasm'
import { sudoku } from '@ptrm/puzzles'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { crashOrder, THROWN } from '../../test/crashing.ts'
import { hereAdapter } from '../../test/here-adapter.ts'
import { oneThreadAdapter } from '../../test/one-thread-adapter.ts'
import { loadModelBytes } from '../node.ts'
import { makePlan, type PlanOptions } from '../rollouts/plan.ts'
import { nodeAdapter } from './node.ts'
import { Pool } from './pool.ts'
import type { WorkerAdapter, WorkerEvents } from './protocol.ts'

// Starting workers takes long on a busy machine.
vi.setConfig({ testTimeout: 30_000 })
const ADAPTERS: readonly [name: string, adapter: WorkerAdapter][] = [
  ['worker threads', nodeAdapter({ workerUrl: new URL('../../test/crashing-worker.ts', import.meta.url) })],
  ['one thread', oneThreadAdapter],
  ['this thread', hereAdapter],
]
const ENDLESS = { rollouts: 1000, steps: 1000, stop: 'all' } as const
const puzzle = sudoku.parse(
  '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.',
)
const kernel = await compileKernel()
const modelBytes = await loadModelBytes('sudoku')

function job(options: PlanOptions, extra: object = {}) {
  const plan = makePlan({ seed: 3, ...options })
  const rollouts = Array.from({ length: plan.rollouts }, (_, k) => k)
  return { board: sudoku.encode(puzzle), plan, rollouts, kind: 'sudoku', puzzle: { ...puzzle, ...extra } }
}

/** The adapter, with a count of its workers that neither died nor were ended. */
function counted(adapter: WorkerAdapter) {
  const counts = { spawned: 0, live: 0 }
  const spawn = (events: WorkerEvents) => {
    let live = true
    const gone = () => {
      if (live) counts.live -= 1
      live = false
    }
    counts.spawned += 1
    counts.live += 1
    const died = (cause: Error) => {
      gone()
      events.died(cause)
    }
    const handle = adapter.spawn({ ...events, died })
    return { ...handle, terminate: () => handle.terminate().then(gone) }
  }
  return { adapter: { ...adapter, spawn }, counts }
}

/** Class, message, fields, causes and the errors of an aggregate, so deep as a test's errors are. */
function expectSame(found: Error, wanted: Error, depth = 3): void {
  // A class that is on no list becomes its nearest ancestor that is.
  const type = wanted.name === 'StrangeError' ? RangeError : wanted.constructor
  expect(found.constructor).toBe(type)
  expect([found.name, found.message]).toEqual([wanted.name, wanted.message])
  const { uncloneable: _, cause: __, ...fields } = { ...wanted } as Record<string, unknown>
  expect({ ...found }).toEqual(fields)
  if (wanted instanceof AggregateError)
    for (const [i, one] of wanted.errors.entries()) expectSame((found as AggregateError).errors[i], one)
  if (wanted.cause instanceof Error && depth > 0) expectSame(found.cause as Error, wanted.cause, depth - 1)
  else if (depth > 0) expect(found.cause).toEqual(wanted.cause)
}

describe.each(ADAPTERS)('a pool of %s', (_, platform) => {
  const open: Pool[] = []
  const poolOf = (workers: number, bytes = modelBytes, slots = 1) => {
    const { adapter, counts } = counted(platform)
    const pool = new Pool({ adapter, kernel, workers, slots })
    open.push(pool)
    return { pool, model: pool.open(bytes), counts }
  }
  afterEach(async () => {
    for (const pool of open.splice(0)) await pool.close()
  })

  it('finds the same candidates with 1, 2 and 5 workers', async () => {
    const [one, two, five] = await Promise.all(
      [1, 2, 5].map((workers) => poolOf(workers).model.run(job({ rollouts: 5, steps: 4, stop: 'all' }))),
    )
    expect(one!.candidates.map(({ rollout }) => rollout)).toEqual([0, 1, 2, 3, 4])
    expect(new Set(one!.candidates.map(({ q }) => q)).size).toBe(5)
    expect(two).toEqual(one)
    expect(five).toEqual(one)
  })

  it('has no more workers than it was given, and none before there is work', async () => {
    const { model, counts } = poolOf(2)
    expect(counts.spawned).toBe(0)
    await Promise.all([1, 2, 3].map((seed) => model.run(job({ rollouts: 3, steps: 1, stop: 'all', seed }))))
    expect(counts.spawned).toBe(2)
  })

  it('tells of every step before its rollout is finished, and of every rollout before the job is', async () => {
    const { model } = poolOf(2)
    const heard: string[] = []
    await model.run(job({ rollouts: 40, steps: 2, stop: 'all' }), {
      onStep: ({ rollout, step }) => heard.push(`${rollout}, step ${step}`),
      onCandidate: ({ rollout }) => heard.push(`${rollout}, end`),
    })
    for (let rollout = 0; rollout < 40; rollout++)
      expect(heard.filter((event) => event.startsWith(`${rollout},`))).toEqual(
        ['step 1', 'step 2', 'end'].map((what) => `${rollout}, ${what}`),
      )
  })

  it('rejects with what the listener throws, and goes on', async () => {
    const { model, counts } = poolOf(1)
    const broken = new TypeError('the listener is broken')
    const onStep = () => {
      throw broken
    }
    const run = model.run(job({ rollouts: 2, steps: 2, stop: 'all' }), { onStep })
    await expect(run).rejects.toThrow(broken)
    expect((await model.run(job({ rollouts: 2, steps: 2, stop: 'all' }))).candidates).toHaveLength(2)
    expect(counts).toEqual({ spawned: 1, live: 1 })
  })

  it('ends all workers of a job when the stop rule fires in one, and starts no further rollout', async () => {
    const { model } = poolOf(2)
    const { candidates, stoppedBy } = await model.run(job({ ...ENDLESS, stop: { qAbove: -1e9 } }))
    expect(stoppedBy).toBe('rule')
    expect(candidates.length).toBeLessThanOrEqual(2)
    expect(candidates.some(({ complete, steps }) => complete && steps === 1)).toBe(true)
  })

  it('comes to the same with 1, 2 and 5 workers where a rule ends an exact plan', async () => {
    const pools = [1, 2, 5].map((workers) => poolOf(workers).model)
    for (const stop of [{ qAbove: 0.5 }, { adaptive: { until: { error: 0.3 } } }] as const) {
      const plan = { rollouts: 12, steps: 3, sigma: 0.4, stop, exact: true } as const
      const [one, two, five] = await Promise.all(pools.map((model) => model.run(job(plan))))
      expect(one).toEqual(await pools[0]!.run(job({ ...plan, exact: false })))
      expect(one!.stoppedBy).toBe('rule')
      expect(two).toEqual(one)
      expect(five).toEqual(one)
    }
  })

  it('ends a job when the rollouts of all its workers agree', async () => {
    const { model } = poolOf(2)
    // Plain TRM each time, so all rollouts have one answer: 1 / 2^(m + 1) <= 0.1 after 3 of them.
    const stop = { adaptive: { until: { error: 0.1 } } }
    const outcome = await model.run(job({ rollouts: 50, steps: 1, sigma: 0, stop }))
    expect(outcome.stoppedBy).toBe('rule')
    expect(outcome.candidates.length).toBeGreaterThanOrEqual(3)
    expect(outcome.candidates.length).toBeLessThanOrEqual(4)
  })

  it('ends a job at its signal with what there is, beside another job that goes on', async () => {
    const { model } = poolOf(2)
    const abort = new AbortController()
    const endless = model.run(job(ENDLESS), { signal: abort.signal, onStep: () => abort.abort() })
    const other = model.run(job({ rollouts: 2, steps: 3, stop: 'all' }))
    const { candidates, stoppedBy } = await endless
    expect(stoppedBy).toBe('signal')
    expect(candidates.length).toBeGreaterThan(0)
    expect(candidates.every(({ complete }) => !complete)).toBe(true)
    expect((await other).candidates).toHaveLength(2)
    const late = await model.run(job(ENDLESS), { signal: abort.signal })
    expect(late).toEqual({ candidates: [], stoppedBy: 'signal' })
  })

  it('replaces a worker that crashes, and runs its rollout again to the same end', async () => {
    const { model, counts } = poolOf(2)
    const plan = { rollouts: 4, steps: 2, stop: 'all' } as const
    const calm = await model.run(job(plan))
    const order = crashOrder(2, 2)
    expect(await model.run(job(plan, order))).toEqual(calm)
    expect(order.crashesLeft[0]).toBe(-1) // both crashes, then one attempt that went well
    expect(counts.spawned - counts.live).toBe(2)
    expect(counts.live).toBeLessThanOrEqual(2) // a replacement comes when there is work for it
  })

  it('fails a job by name after three crashes of a rollout; other jobs and later ones go on', async () => {
    const { model } = poolOf(2)
    const order = crashOrder(2, 99)
    const plan = { rollouts: 4, steps: 2, stop: 'all' } as const
    const doomed = model.run(job(plan, order))
    const other = model.run(job(plan))
    await expect(doomed).rejects.toMatchObject({ name: 'WorkerCrashedError', rollout: 2, attempts: 3 })
    expect(order.crashesLeft[0]).toBe(99 - 3)
    expect((await other).candidates).toHaveLength(4)
    expect((await model.run(job(plan))).candidates).toHaveLength(4)
  })

  it('fails no other job with one whose rollout kills the worker that they share', async () => {
    const { model } = poolOf(1, modelBytes, 6)
    const plan = { rollouts: 2, steps: 2, stop: 'all' } as const
    const order = crashOrder(0, 99)
    const others = [1, 2, 3].map((seed) => model.run(job({ ...plan, seed })))
    await expect(model.run(job(plan, order))).rejects.toMatchObject({
      name: 'WorkerCrashedError',
      attempts: 3,
    })
    for (const other of others) expect((await other).candidates).toHaveLength(2)
    expect(order.crashesLeft[0]).toBe(99 - 3)
  })

  it('rejects with what the workers say of a model that they cannot load', async () => {
    const { model } = poolOf(2, modelBytes.subarray(0, 1000))
    const error: unknown = await model.run(job({ rollouts: 2 })).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ModelFormatError)
    expect(error).toMatchObject({ code: 'truncated', message: expect.stringMatching(/model|safetensors/) })
  })

  it.each(Object.entries(THROWN))('rejects with %s as it was thrown', async (throws, make) => {
    const { model } = poolOf(1)
    const found: unknown = await model
      .run(job({ rollouts: 1 }, { throws }))
      .catch((thrown: unknown) => thrown)
    const wanted: unknown = make()
    if (!(wanted instanceof Error)) {
      expect(found).toBe(wanted)
      return
    }
    expectSame(found as Error, wanted)
    expect((found as Error).stack).toContain('crashing')
  })

  it('leaves nothing running after close, and rejects what was and what comes', async () => {
    const { pool, model, counts } = poolOf(2)
    let closing: Promise<void> | undefined
    const onStep = () => {
      closing ??= pool.close()
    }
    await expect(model.run(job(ENDLESS), { onStep })).rejects.toThrow('the pool was closed')
    await closing
    expect(counts).toEqual({ spawned: 2, live: 0 })
    await expect(model.run(job(ENDLESS))).rejects.toThrow('the pool is closed')
  })
})
