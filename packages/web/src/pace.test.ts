import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** Anew for each test, as what pictures cost is remembered for all paces. */
let Pace: typeof import('./pace.ts').Pace
/** Milliseconds that drawing took so far, beside those that the timers count. */
let spent: number

beforeEach(async () => {
  vi.resetModules()
  ;({ Pace } = await import('./pace.ts'))
  spent = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 })
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 0))
  vi.stubGlobal('performance', { now: () => Date.now() + spent })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** When pictures are drawn, in six seconds in which all paces are asked every millisecond; a picture takes them so long each. */
function drawn(...costs: number[]): number[][] {
  const times = costs.map((): number[] => [])
  const paces = costs.map(
    (cost, i) =>
      new Pace(() => {
        times[i]!.push(performance.now())
        spent += cost
      }),
  )
  while (performance.now() < 6000) {
    for (const pace of paces) pace.ask()
    vi.advanceTimersByTime(1)
  }
  return times
}

it.each([
  ['five times a second what takes little', 1, 200],
  ['less often what takes longer', 15, 300],
  ['three times in two seconds at least', 100, 600],
])('draws %s', (_, cost, wait) => {
  const [times] = drawn(cost)
  const gaps = times!.slice(1).map((time, i) => time - times![i]!)
  // What pictures take is learnt from the first.
  expect(gaps[0]).toBeGreaterThan(150)
  for (const gap of gaps.slice(-4)) expect(Math.abs(gap - wait)).toBeLessThanOrEqual(100)
})

it('keeps paces of different cost in step', () => {
  const [board, wall] = drawn(1, 30)
  expect(board!.length).toBeLessThan(15)
  expect(Math.abs(board!.length - wall!.length)).toBeLessThanOrEqual(1)
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

it('draws at once for whoever does not want to wait, and not again for what was asked before', () => {
  const draw = vi.fn()
  const pace = new Pace(draw)
  pace.ask()
  vi.advanceTimersByTime(1)
  pace.ask()
  vi.advanceTimersByTime(50)
  expect(draw).toHaveBeenCalledTimes(1)
  pace.askAtOnce()
  pace.askAtOnce()
  vi.advanceTimersByTime(1)
  expect(draw).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(2000)
  expect(draw).toHaveBeenCalledTimes(2)
})
