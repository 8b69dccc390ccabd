/** Runs calls for minutes and samples what the process holds in between; says whether any of it grows. */
import { readFileSync } from 'node:fs'
import { setImmediate as tick, setTimeout as wait } from 'node:timers/promises'
import { createSolver } from '@ptrm/orchestrator'
import { tinyModel } from '../../../packages/core-wasm/test/tiny-model.ts'
import { CALLS, ROUND, type Solvers } from './calls.ts'
import { type Sample, type Trend, trendOf } from './trend.ts'

/**
 * What is sampled, each with the growth that is allowed, bytes or things a call. The smallest leak that the pool ever had
 * took 200 bytes of heap a rollout. RSS counts the garbage of all threads, so its bound is wider.
 */
export const BOUNDS: Readonly<Record<string, number>> = {
  heap: 64,
  arrayBuffers: 64,
  rss: 1024,
  handles: 1e-4,
  threads: 1e-4,
}

export interface SoakOptions {
  readonly ms: number
  /** Calls in flight; default 4, which keep two workers busy. */
  readonly lanes?: number
  /** Milliseconds between samples. */
  readonly every?: number
  /** Hears of each sample. */
  readonly onSample?: (calls: number, values: Readonly<Record<string, number>>) => void
  /** Called with each call: a test's own leak. */
  readonly afterCall?: () => void
}

export interface SoakFigures {
  readonly calls: number
  /** Calls by name. */
  readonly counts: Readonly<Record<string, number>>
  /** Calls that ended as they must not: name and ending. */
  readonly wrong: readonly string[]
  readonly trends: Readonly<Record<string, Trend & { readonly bound: number; readonly grows: boolean }>>
}

/** The first part of a run is not looked at: caches fill, code is compiled, heaps take their size. */
const WARM_UP = 0.3

export async function soak(options: SoakOptions): Promise<SoakFigures> {
  const { ms, lanes = 4, every = 5_000, onSample, afterCall } = options
  const quickModel = tinyModel()
  const real = await createSolver({ model: 'sudoku', workers: 1, backend: 'wasm' })
  const quick = await createSolver({ model: quickModel, kind: 'sudoku', workers: 2, backend: 'wasm' })
  await Promise.all([real.load(), quick.load()])
  const state = { turn: 0, counts: {} as Record<string, number>, wrong: [] as string[] }
  const samples: Record<string, Sample[]> = {}
  const started = performance.now()
  while (performance.now() - started < ms) {
    const until = Math.min(performance.now() + every, started + ms)
    await Promise.all(
      Array.from({ length: lanes }, () => lane({ real, quick, quickModel }, until, state, afterCall)),
    )
    const values = await holdings()
    onSample?.(state.turn, values)
    if (performance.now() - started < WARM_UP * ms) continue
    for (const [name, value] of Object.entries(values)) {
      samples[name] ??= []
      samples[name].push({ calls: state.turn, value })
    }
  }
  await Promise.all([real.close(), quick.close()])
  const trends = Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, judged(name, all)]))
  return { calls: state.turn, counts: state.counts, wrong: state.wrong, trends }
}

/** Above its bound by all that the spread leaves open. */
function judged(name: string, samples: readonly Sample[]): SoakFigures['trends'][string] {
  const trend = trendOf(samples)
  const bound = BOUNDS[name]!
  return { ...trend, bound, grows: trend.low > bound }
}

interface State {
  turn: number
  readonly counts: Record<string, number>
  readonly wrong: string[]
}

async function lane(solvers: Solvers, until: number, state: State, afterCall?: () => void): Promise<void> {
  while (performance.now() < until) {
    const turn = state.turn++
    const name = ROUND[turn % ROUND.length]!
    const ending = await CALLS[name]!.run(solvers, turn)
    state.counts[name] = (state.counts[name] ?? 0) + 1
    if (!CALLS[name]!.endings.includes(ending)) state.wrong.push(`${name}: ${ending}`)
    afterCall?.()
  }
}

/** What the process holds while no call is open, after its garbage is gone. */
async function holdings(): Promise<Record<string, number>> {
  // Ended threads are gone some moments after their solver is closed.
  await wait(100)
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await tick()
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { heap: heapUsed, arrayBuffers, rss, handles: process.getActiveResourcesInfo().length, ...threads() }
}

/** Where the system says how many threads there are. */
function threads(): { threads?: number } {
  if (process.platform !== 'linux') return {}
  const count = /^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return count === undefined ? {} : { threads: Number(count) }
}
