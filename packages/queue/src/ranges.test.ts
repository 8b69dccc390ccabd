/** Rollouts of a puzzle over several jobs: the answers of one machine, whichever range is quicker; what is not wanted ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Candidate,
  createSolver,
  makePlan,
  recordOf,
  type SolveOptions,
  type SolveResult,
} from '@ptrm/orchestrator'
import type { AnyItem } from '@ptrm/puzzles'
import { readAllPuzzles } from '@ptrm/puzzles/node'
import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasNoRedis, TestRedis } from '../test/redis-server.ts'
import { collect } from './collect.ts'
import type { Engine, Engines } from './engines.ts'
import { keysOf } from './keys.ts'
import { joined, type Part } from './ranges.ts'
import { connect } from './redis.ts'
import { removeRun } from './removal.ts'
import { readRun } from './spec.ts'
import { type SubmitOptions, submit } from './submit.ts'
import { type WorkerOptions, work } from './worker.ts'

const candidate = (rollout: number, of = ''): Candidate => ({
  ...{ rollout, steps: 3, complete: true, tokens: new Uint8Array([rollout]) },
  q: [...of].reduce((sum, letter, i) => sum + letter.charCodeAt(0) * i, rollout / 3),
})

describe('the parts of a puzzle', () => {
  it('come to the rollouts up to the first with which the rule fires, however they are cut', () => {
    const cases = fc.tuple(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
    )
    fc.assert(
      fc.property(cases, ([fires, range]) => {
        const parts: Part[] = []
        for (let from = 0; from < fires.length; from += range) {
          const own = fires.slice(from, from + range)
          const stop = own.indexOf(true)
          const counted = stop < 0 ? own : own.slice(0, stop + 1)
          parts.push({ candidates: counted.map((_, i) => candidate(from + i)), stops: stop >= 0, ms: 1 })
        }
        const first = fires.indexOf(true)
        const wanted = first < 0 ? fires.length : first + 1
        const whole = joined(parts)!
        expect(whole.candidates.map(({ rollout }) => rollout)).toEqual(
          Array.from({ length: wanted }, (_, i) => i),
        )
        expect(whole.stoppedBy).toBe(first < 0 ? 'end' : 'rule')
        // What counts is waited for; what does not is not.
        const needed = Math.ceil(wanted / range)
        for (let missing = 0; missing < parts.length; missing++)
          expect(joined(parts.map((part, i) => (i === missing ? undefined : part))) === undefined).toBe(
            missing < needed,
          )
      }),
    )
  })
})

const folder = mkdtempSync(join(tmpdir(), 'ptrm-ranges-'))
afterAll(() => rmSync(folder, { recursive: true }))
const data = join(folder, 'data.csv')
const lines = readFileSync(new URL('../../../examples/sudoku-dev-200.csv', import.meta.url), 'utf8').split(
  '\n',
)
writeFileSync(data, lines.slice(0, 9).join('\n'))
const two = join(folder, 'two.csv')
writeFileSync(two, lines.slice(0, 3).join('\n'))
const PLAN = { rollouts: 5, steps: 3, seed: 5n } as const

/** An engine that does `run` for each range, in each of which the rule then fires. */
function rangeEngines(run: (puzzle: unknown, options: SolveOptions) => Promise<void>): Engines {
  const result = (puzzle: unknown, candidates: readonly Candidate[]): SolveResult => ({
    ...{ puzzle: puzzle as never, status: 'verified', answer: undefined, rollout: 0, candidates },
    // What the record shows of the candidates.
    q: candidates[0]?.q ?? 0,
    ...{ stoppedBy: 'rule', plan: makePlan(PLAN), stats: { rollouts: 1, steps: 1, netCalls: 4, ms: 1 } },
  })
  const solve: Engine['solve'] = async (puzzle, options) => {
    await run(puzzle, options)
    return result(puzzle, [candidate(options.range![0], JSON.stringify(puzzle))])
  }
  const judge: Engine['judge'] = (puzzle, { candidates }) => result(puzzle, candidates)
  const close = async () => {}
  const engine: Engine = { model: { recommended: {} }, backend: 'stub', slots: 8, solve, judge, close }
  return { open: async () => engine, close }
}

function puzzleOf(item: AnyItem): unknown {
  if ('error' in item) throw item.error
  return item.puzzle
}

describe.skipIf(hasNoRedis())('a run in ranges', () => {
  let server: TestRedis
  let redis: Redis
  beforeAll(async () => {
    server = await TestRedis.start()
    redis = await connect(server.url)
  })
  afterAll(async () => {
    redis?.disconnect()
    await server?.end()
  })

  const send = (name: string, { input = data, ...options }: Partial<SubmitOptions> & { input?: string }) =>
    submit(redis, input, { name, jobSeconds: 0.05, plan: PLAN, ...options })
  const help = (options: WorkerOptions = {}) => work(redis, { untilDone: true, workers: 1, ...options })
  const all = async (name: string) => {
    const records: string[] = []
    for await (const record of collect(redis, name)) records.push(exactly(record))
    return records
  }
  const exactly = (record: unknown) => JSON.stringify(record).replace(/"ms":[\d.]+/, '"ms":0')

  /** The records of one machine without a queue. */
  async function alone(plan: SubmitOptions['plan'], select: 'verified' | 'mode'): Promise<string[]> {
    const solver = await createSolver({ model: 'sudoku', kernelVariant: 'simd128', workers: 1 })
    try {
      const records: string[] = []
      for (const found of (await readAllPuzzles(data)).items) {
        if ('error' in found) throw found.error
        const result = await solver.solve(found.puzzle as never, { ...plan, exact: true, select })
        records.push(exactly(recordOf(found, result, { select, backend: 'wasm' })))
      }
      return records
    } finally {
      await solver.close()
    }
  }

  it.each([
    ['first', 2, PLAN, 'verified'],
    ['single', 1, PLAN, 'verified'],
    ['all', 3, { ...PLAN, stop: 'all' }, 'mode'],
    ['above', 3, { ...PLAN, stop: { qAbove: 1 } }, 'verified'],
    [
      'pruned',
      3,
      { ...PLAN, stop: { adaptive: { until: 'verified', prune: { after: 2, below: -4 } } } },
      'verified',
    ],
  ] as const)(
    'has the records of one machine: %s, %i rollouts a job',
    async (name, jobRollouts, plan, select) => {
      await send(name, { jobRollouts, plan, select })
      const reports = await Promise.all([help(), help()])
      expect(reports[0].puzzles + reports[1].puzzles).toBe(8)
      const records = await all(name)
      expect(records).toEqual(await alone(plan, select))
      expect(new Set(records.map((record) => JSON.parse(record).status))).toContain('unsolved')
      const { parts, stops } = keysOf(await readRun(redis, name))
      expect(await redis.exists(parts, stops)).toBe(0)
    },
  )

  it('ends everywhere what is no longer wanted, in the middle of it', async () => {
    await send('ended', { jobRollouts: 1, jobPuzzles: 8 })
    const [ended, ran]: [number[], number[]] = [[], []]
    const engines = rangeEngines(async (_, { range, signal }) => {
      const [from] = range!
      ran.push(from)
      // The first rollout is slow to be right, the second would take for ever.
      try {
        await sleep(from === 0 ? 600 : 60_000, undefined, { signal: signal ?? undefined })
      } catch (error) {
        ended.push(from)
        throw error
      }
    })
    await help({ engines })
    expect(ran.filter((from) => from === 0)).toHaveLength(8)
    // The worker has two jobs in hand: the second's rollouts were begun, and the others' never.
    expect(ended).toEqual(Array(8).fill(1))
    expect(ran).toHaveLength(16)
    expect(await all('ended')).toHaveLength(8)
  })

  it('ends what is no longer wanted while another puzzle keeps the run open', async () => {
    await send('open', { jobRollouts: 1, jobPuzzles: 2, input: two })
    const events: string[] = []
    const slow = JSON.stringify((await readAllPuzzles(two)).items.map((item) => puzzleOf(item))[1])
    const engines = rangeEngines(async (puzzle, { range, signal }) => {
      const [from] = range!
      const isSlow = JSON.stringify(puzzle) === slow
      const ms = from > 0 ? 60_000 : isSlow ? 2000 : 300
      const name = `${isSlow ? 'slow' : 'quick'} ${from}`
      try {
        await sleep(ms, undefined, { signal: signal ?? undefined })
        events.push(`${name} is right`)
      } catch (error) {
        events.push(`${name} ended`)
        throw error
      }
    })
    await help({ engines })
    expect(events.slice(0, 3)).toEqual(['quick 0 is right', 'quick 1 ended', 'slow 0 is right'])
    expect(await all('open')).toHaveLength(2)
  })

  it('never has a part of a removed run of its name, however late that comes', async () => {
    const [before, after] = [1, 2].map((line) => join(folder, `${line}.csv`)) as [string, string]
    for (const [i, path] of [before, after].entries())
      writeFileSync(path, [lines[0], lines[i + 1]].join('\n'))
    const old = JSON.stringify(puzzleOf((await readAllPuzzles(before)).items[0]!))
    let running = 0
    let goOn = () => {}
    const removed = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const engines = rangeEngines(async (puzzle) => {
      if (JSON.stringify(puzzle) !== old) return
      running += 1
      await removed
    })
    const { run } = await send('late', { jobRollouts: 1, input: before })
    const leave = new AbortController()
    const late = help({ engines, untilDone: false, signal: leave.signal })
    await vi.waitUntil(() => running === 2, { timeout: 10_000 })
    await removeRun(redis, run)
    for (const name of ['late', 'other']) await send(name, { jobRollouts: 1, input: after })
    goOn()
    expect(await all('late')).toEqual(await all('other'))
    leave.abort()
    await late
    expect(await redis.keys(`*${run.id}*`)).toEqual([])
  })

  it('is refused where rollouts must be seen together', async () => {
    const plan = { ...PLAN, stop: { adaptive: { until: { error: 0.01 } } } }
    await expect(send('agreed', { jobRollouts: 2, plan })).rejects.toThrow('can not be split')
    await send('agreed', { plan, jobSeconds: 1e-6 })
    await help()
    expect(await all('agreed')).toEqual(await alone(plan, 'verified'))
  })
})
