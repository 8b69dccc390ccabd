/** The soak itself, for seconds: all its calls end as they must, and a leak that was put there is seen. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, expect, it } from 'vitest'
import { CALLS, ROUND } from './calls.ts'
import { BOUNDS, soak } from './soak.ts'

beforeAll(() => {
  setFlagsFromString('--expose-gc')
  globalThis.gc = runInNewContext('gc')
})

it('makes every call, in rounds', () => {
  expect(new Set(ROUND)).toEqual(new Set(Object.keys(CALLS)))
})

it('sees a leak of bytes, of handles and of threads’ memory, and that calls end as they must', async () => {
  const kept: unknown[] = []
  const timers: NodeJS.Timeout[] = []
  const figures = await soak({
    ms: 6_000,
    every: 300,
    afterCall() {
      kept.push(
        new Array(10_000).fill(0).map((_, i) => i / 3),
        new ArrayBuffer(20_000),
      )
      timers.push(setTimeout(() => {}, 1e8))
    },
  })
  for (const timer of timers) clearTimeout(timer)
  expect(figures.wrong).toEqual([])
  expect(figures.calls).toBeGreaterThan(ROUND.length / 4)
  const { heap, arrayBuffers, handles } = figures.trends
  expect(heap).toMatchObject({ grows: true, bound: BOUNDS['heap'] })
  expect(arrayBuffers).toMatchObject({ grows: true })
  expect(arrayBuffers!.slope / 20_000).toBeCloseTo(1, 1)
  expect(handles).toMatchObject({ grows: true })
  expect(handles!.slope).toBeCloseTo(1, 1)
  expect(kept.length).toBe(2 * timers.length)
})
