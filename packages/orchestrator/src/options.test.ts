/** Every option out of range is refused by its name and value, before any work; what is in range works. */
import { shown } from '@ptrm/core-wasm'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { tinyModel } from '../../core-wasm/test/tiny-model.ts'
import { oneThreadAdapter } from '../test/one-thread-adapter.ts'
import { createSolver as createPageSolver } from './browser.ts'
import { PlanError } from './errors.ts'
import { createPool, createSolver } from './node.ts'
import { realClock } from './pool/clock.ts'
import { Pool } from './pool/pool.ts'
import type { WorkerAdapter } from './pool/protocol.ts'
import { makePlan } from './rollouts/plan.ts'
import type { SolveOptions } from './solver.ts'

const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const spawned = vi.fn()
const adapter: WorkerAdapter = {
  ...oneThreadAdapter,
  spawn: (events) => {
    spawned()
    return oneThreadAdapter.spawn(events)
  },
}
const solver = await createSolver({ model: tinyModel(), adapter, workers: 1 })
afterAll(() => solver.close())

const counts = [0, -1, 1.5, nan, infinity, 1e30, '3', null, true, [1]]
const BAD: Readonly<Record<string, readonly unknown[]>> = {
  rollouts: counts,
  steps: counts,
  sigma: [-0.1, nan, infinity, 1000.001, 1e19, '0.3', null, [], [0.3, nan], [-1], [[0.3]], [1e19], {}],
  noiseTarget: ['zX', '', null, ['zL'], 1],
  seed: [-1, 0.5, nan, infinity, 2 ** 53, -1n, 1n << 64n, '1', null, true],
  includeDeterministic: ['false', 0, null],
  stop: [
    'never',
    null,
    1,
    {},
    [],
    { qAbove: nan },
    { qAbove: '1' },
    { qAbove: 1, adaptive: null },
    { adaptive: {} },
  ],
  select: ['best', '', 0, null, 'toString', ['verified']],
  client: [1, null, {}],
  range: [[], [0], [0, 0], [2, 1], [-1, 2], [0, 65], [0, 1, 2], [0.5, 2], '0-2', null],
  deadline: [0, -5, nan, infinity, 2 ** 53, '10', null, 10n],
  sketch: [0, -1, 1.5, nan, infinity, 1e9, '8', null],
  signal: [true, {}, null, 'abort'],
  onEvent: [true, {}, null, 'log'],
}
const SOLVER: Readonly<Record<string, readonly unknown[]>> = {
  workers: counts.filter((count) => count !== 0),
  slots: [0, -1, 1.5, nan, infinity, '3', null],
  kernelVariant: ['fast', 1, null, ''],
}
const pairs = (table: typeof BAD) =>
  Object.entries(table).flatMap(([field, values]) =>
    values.map((value) => [`${field}: ${shown(value)}`, field, value] as const),
  )

function expectRefusal(error: unknown, field: string, value: unknown): void {
  expect(error).toBeInstanceOf(PlanError)
  expect(error).toMatchObject({ field })
  expect((error as PlanError).found).toBe(value)
  expect((error as Error).message).toMatch(new RegExp(`\\.${field}: found .+, wanted .+`))
}

describe('solve', () => {
  it.each(pairs(BAD))('refuses %s before it runs or even reads anything', async (_, field, value) => {
    const options = { [field]: value } as SolveOptions
    for (const puzzle of [EASY, 'no puzzle'])
      expectRefusal(await solver.solve(puzzle, options).catch((error: unknown) => error), field, value)
    expect(spawned).not.toHaveBeenCalled()
  })

  it.each([null, 1, 'fast'])('refuses %j for its options', async (options) => {
    await expect(solver.solve(EASY, options as never)).rejects.toThrow(/options: found .*, wanted an object/)
  })

  it('takes the ends of each range', async () => {
    const other = await createSolver({ model: tinyModel(), adapter: oneThreadAdapter, workers: 1 })
    const plan = { rollouts: 1, steps: 1, stop: 'all' } as const
    for (const options of [
      { sigma: 1000 },
      { sigma: [0, 1000, 0] },
      { seed: 0 },
      { seed: 2 ** 53 - 1 },
      { seed: (1n << 64n) - 1n },
      { deadline: Number.MAX_SAFE_INTEGER },
      { deadline: 1e9 + 0.5 },
      { sketch: 1 },
      { sketch: 4096, onEvent: () => {} },
      { select: undefined, deadline: undefined, signal: undefined, sigma: undefined },
    ]) {
      const { candidates } = await other.solve(EASY, { ...plan, ...options })
      expect(candidates).toHaveLength(1)
      expect(candidates[0]!.q).not.toBeNaN()
    }
    await other.close()
    expect(makePlan({ rollouts: 1_000_000, steps: 100_000 })).toMatchObject({ rollouts: 1_000_000 })
  })

  it('waits out deadlines that are longer than a timer can be', async () => {
    const other = await createSolver({ model: tinyModel(), adapter: oneThreadAdapter, workers: 1 })
    // setTimeout would take each of these for 1 ms: 2^31 ms, 40,000 and 80,000 minutes.
    for (const deadline of [2 ** 31, 40_000 * 60_000, 80_000 * 60_000]) {
      const plan = { rollouts: 30, steps: 20, stop: 'all' } as const
      const { stoppedBy, candidates } = await other.solve(EASY, { ...plan, deadline })
      expect([stoppedBy, candidates.length]).toEqual(['end', 30])
    }
    await other.close()
  })
})

describe('the clock', () => {
  it('wakes after the whole time, however long, and not once called off', () => {
    vi.useFakeTimers()
    try {
      const woken: string[] = []
      const long = 2 * (2 ** 31 - 1) + 5
      realClock.after(long, () => woken.push('long'))
      const callOff = realClock.after(long, () => woken.push('called off'))
      vi.advanceTimersByTime(long - 1)
      expect(woken).toEqual([])
      callOff()
      vi.advanceTimersByTime(1)
      expect(woken).toEqual(['long'])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('createSolver', () => {
  const model = tinyModel()
  it.each(pairs(SOLVER))('refuses %s, in Node and in a page', async (_, field, value) => {
    const options = { [field]: value, adapter }
    // There is no such model, and nothing is fetched: the option comes first.
    for (const made of [
      createSolver({ ...options, model: 'no-such-model' }),
      createPageSolver({ ...options, modelUrl: 'https://models.test/none' }),
    ])
      expectRefusal(await made.catch((error: unknown) => error), field, value)
    expect(spawned).not.toHaveBeenCalled()
  })

  it('has the kernel alone in the calling thread, and no workers of the caller', async () => {
    for (const make of [createSolver, createPool]) {
      await expect(make({ workers: 0, backend: 'onnx-cpu' })).rejects.toThrow(
        `options.backend: found "onnx-cpu", wanted 'wasm' or 'auto' beside workers: 0`,
      )
      await expect(make({ workers: 0, adapter })).rejects.toThrow(
        'options.workers: found 0, wanted 1 or more; @ptrm/orchestrator/edge does without',
      )
    }
  })

  it.each(pairs({ puzzles: [-1, nan, 0.5], rollouts: counts, steps: counts, all: ['no'] }))(
    'refuses expected.%s',
    async (_, field, value) => {
      const made = createSolver({ model, expected: { [field]: value } })
      expectRefusal(await made.catch((error: unknown) => error), field, value)
    },
  )

  it.each(
    pairs({
      slots: counts,
      stepsPerRun: counts,
      threads: counts,
      devices: [0, [], [-1], [0.5], [nan], [0, 0], [256], ['0']],
      fp16: [1, 'yes'],
      tf32: [1, 'yes'],
    }),
  )('refuses onnx.%s whatever the backend', async (_, field, value) => {
    for (const backend of ['auto', 'wasm', 'onnx-cpu']) {
      const error = await createSolver({ model, backend, onnx: { [field]: value } }).catch((e: unknown) => e)
      expectRefusal(error, field, value)
      expect((error as Error).message).toContain(`options.onnx.${field}`)
    }
  })
})

describe('a pool', () => {
  it.each([0, -1, nan, 1.5])('refuses %d workers', (size) => {
    for (const field of ['workers', 'slots'])
      expect(() => new Pool({ adapter, kernel: {} as never, [field]: size })).toThrow(PlanError)
  })
})

it.each([
  [1.5, '1.5'],
  [nan, 'NaN'],
  ['a', '"a"'],
  [[0.3, nan], '[0.3,"NaN"]'],
  [-1n, '-1n'],
  [null, 'null'],
  [() => 1, 'a function'],
  [Array(1000).fill(1), `[${'1,'.repeat(59)}1...`],
])('an error shows %o as %s', (found, text) => {
  expect(new PlanError('x', found, 'better').message).toBe(`plan.x: found ${text}, wanted better`)
})
