/** One rollout ahead: workers do not wait for the pool's thread, and nobody waits for it longer than for two short rollouts. */
import { flatBoard } from '@ptrm/core-wasm'
import { expect, it } from 'vitest'
import { VirtualTime } from '../../test/simulation.ts'
import { makePlan, type StopRule } from '../rollouts/plan.ts'
import { Pool, type PooledModel } from './pool.ts'
import type { FromWorker, ToWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from './protocol.ts'

/** Milliseconds of a message, either way. */
const LATENCY = 3

interface Held {
  readonly run: number
  readonly model: number
  readonly rollout: number
  readonly puzzle: unknown
}

/** Workers that run one rollout after the other, in the order of their runs, and verify none. */
class Workers implements WorkerAdapter {
  /** Puzzles of rollouts in the order in which they began, and when. */
  readonly begun: { readonly puzzle: unknown; readonly at: number }[] = []
  /** Rollouts that any worker held at once. */
  mostHeld = 0
  /** What came to a worker that was busy: with which model, and whether others had rollouts of the same puzzle. */
  readonly ahead: { readonly isOfAnotherModel: boolean; readonly isSpeculative: boolean }[] = []
  readonly #all: Held[] = []
  readonly #time: VirtualTime
  readonly #rolloutMs: number

  constructor(time: VirtualTime, rolloutMs: number) {
    this.#time = time
    this.#rolloutMs = rolloutMs
  }

  defaultWorkers(): number {
    return 1
  }

  spawn(events: WorkerEvents): WorkerHandle {
    const held: Held[] = []
    const later = (ms: number, happens: () => void) => this.#time.at(this.#time.now() + ms, happens)
    const say = (message: FromWorker) => later(LATENCY, () => events.heard(message))
    const work = () => {
      const [first] = held
      if (!first) return
      const { run, rollout, puzzle } = first
      this.begun.push({ puzzle, at: this.#time.now() })
      later(this.#rolloutMs, () => {
        const candidate = {
          ...{ rollout, steps: 1, complete: true, tokens: new Uint8Array(1), q: 0, firstVerified: undefined },
        }
        say({ type: 'found', run, found: { candidate, cut: false, stops: false } })
        held.shift()
        this.#all.splice(this.#all.indexOf(first), 1)
        work()
      })
    }
    const hear = (message: ToWorker) => {
      if (message.type === 'load') say({ type: 'loaded', model: message.model })
      if (message.type !== 'run') return
      const { run, model, job } = message
      const isIdle = held.length === 0
      if (!isIdle)
        this.ahead.push({
          isOfAnotherModel: held.some((other) => other.model !== model),
          isSpeculative: this.#all.some(({ puzzle }) => puzzle === job.puzzle),
        })
      for (const rollout of job.rollouts) {
        const one = { run, model, rollout, puzzle: job.puzzle }
        held.push(one)
        this.#all.push(one)
      }
      this.mostHeld = Math.max(this.mostHeld, held.length)
      if (isIdle) work()
    }
    return { post: (message) => later(LATENCY, () => hear(message)), terminate: async () => {} }
  }
}

function poolOf(rolloutMs: number, size = 1) {
  const time = new VirtualTime()
  const workers = new Workers(time, rolloutMs)
  const pool = new Pool({ adapter: workers, kernel: {} as never, workers: size, clock: time })
  const model = pool.open(new Uint8Array())
  const run = (
    puzzle: string,
    { on = model, rollouts = 1, stop = 'first-verified' as StopRule, client = 'any' } = {},
  ) => {
    const job = {
      ...{ board: flatBoard(Uint8Array.of(0)), plan: makePlan({ rollouts, stop }), kind: 'none', puzzle },
      rollouts: Array.from({ length: rollouts }, (_, k) => k),
    }
    void (on as PooledModel).run(job, { client })
  }
  const pass = (until = Number.POSITIVE_INFINITY) => {
    while (time.now() < until && time.step());
  }
  return { time, workers, pool, run, pass }
}

const many = (count: number, name = 'batch') => Array.from({ length: count }, (_, i) => `${name} ${i}`)

it('keeps a worker busy while its messages are on their way', () => {
  const { time, workers, run, pass } = poolOf(10)
  for (const puzzle of many(100)) run(puzzle)
  pass()
  expect(workers.begun.map(({ puzzle }) => puzzle)).toEqual(many(100))
  // The first one and the last are not given ahead.
  expect(time.now()).toBeLessThan(100 * 10 + 10 * LATENCY)
  expect(workers.mostHeld).toBe(2)
})

it('is not given of rollouts that take long', () => {
  const { workers, run, pass } = poolOf(60)
  for (const puzzle of many(10)) run(puzzle)
  pass()
  expect(workers.begun.length).toBe(10)
  expect(workers.mostHeld).toBe(1)
})

it('is not given of a puzzle that may be solved by a rollout under way', () => {
  const { workers, run, pass } = poolOf(10, 2)
  run('single', { rollouts: 50, client: 'other' })
  for (const puzzle of many(100)) run(puzzle)
  pass()
  expect(workers.begun.length).toBe(150)
  expect(workers.ahead.length).toBeGreaterThan(20)
  expect(workers.ahead.filter(({ isSpeculative }) => isSpeculative)).toEqual([])
})

it('is not given where another worker would lack it', () => {
  const { workers, run, pass } = poolOf(10, 2)
  for (const puzzle of many(100)) run(puzzle)
  pass()
  expect(workers.mostHeld).toBe(2)
  workers.mostHeld = 0
  for (const puzzle of many(3)) run(puzzle)
  pass()
  expect(workers.mostHeld).toBe(1)
})

it('may be of the same puzzle where all its rollouts run in any case', () => {
  const { workers, run, pass } = poolOf(10)
  run('one', { rollouts: 8, stop: 'all' })
  pass()
  expect(workers.mostHeld).toBe(2)
})

it('passes over no puzzle of another model, whose turn it is', () => {
  const { workers, pool, run, pass } = poolOf(10)
  const other = pool.open(new Uint8Array())
  for (const puzzle of many(5)) run(puzzle)
  run('of another model', { on: other })
  for (const puzzle of many(50, 'later')) run(puzzle)
  pass()
  const order = workers.begun.map(({ puzzle }) => puzzle)
  // It waits until its model is loaded, and a few rollouts beyond.
  expect(order.indexOf('of another model')).toBeGreaterThanOrEqual(5)
  expect(order.indexOf('of another model')).toBeLessThan(12)
  // It would not wait for the others there.
  expect(workers.ahead.filter(({ isOfAnotherModel }) => isOfAnotherModel)).toEqual([])
})

it('lets a single puzzle wait for two rollouts of a batch', () => {
  const { time, workers, run, pass } = poolOf(10)
  for (const puzzle of many(1000)) run(puzzle, { client: 'batch' })
  pass(500)
  const asked = time.now()
  run('single', { client: 'other' })
  pass()
  const { at } = workers.begun.find(({ puzzle }) => puzzle === 'single')!
  expect(at - asked).toBeLessThanOrEqual(2 * 10 + 2 * LATENCY)
})
