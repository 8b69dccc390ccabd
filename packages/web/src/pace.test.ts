import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Pace } from './pace.ts'

/** Milliseconds that drawing took so far, beside those that the timers count. */
let spent: number

beforeEach(() => {
  spent = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'], now: 0 })
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 0))
  vi.stubGlobal('performance', { now: () => Date.now() + spent })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Pictures drawn in two seconds in which one is asked for every millisecond, each taking so long. */
function drawn(cost: number): number {
  let count = 0
  const pace = new Pace(() => {
    count += 1
    spent += cost
  })
  while (performance.now() < 2000) {
    pace.ask()
    vi.advanceTimersByTime(1)
  }
  return count
}

it('draws at most five times a second, and less often what takes long', () => {
  expect(drawn(1)).toBeGreaterThan(7)
  expect(drawn(1)).toBeLessThanOrEqual(10)
  expect(drawn(100)).toBeLessThanOrEqual(3)
})

it('draws nothing that nobody asks for, and the first picture at once', () => {
  const draw = vi.fn()
  const pace = new Pace(draw)
  vi.advanceTimersByTime(500)
  expect(draw).not.toHaveBeenCalled()
  pace.ask()
  pace.ask()
  vi.advanceTimersByTime(1)
  expect(draw).toHaveBeenCalledTimes(1)
})
