/**
 * A pool in virtual time: workers that are a queue of events, which load, step, crash, hang and are slow as a seed says,
 * and whose messages take their time. The loop inside a worker is the real one. Each seed is one schedule, the same
 * every time.
 */
import type { Engine, StepOutput, StepRequest } from '../src/engines/engine.ts'
import type { Clock } from '../src/pool/clock.ts'
import { toThrown } from '../src/pool/error-transfer.ts'
import type { FromWorker, ToWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from '../src/pool/protocol.ts'
import { type DueStep, WorkerRuns } from '../src/pool/worker-runs.ts'

/** Numbers in [0, 1) from a seed: mulberry32. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let z = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** An integer from `least` to `most`. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.integer(0, values.length - 1)]!
  }
}

interface Event {
  readonly at: number
  readonly number: number
  readonly happens: () => void
}

/** Events by time; those of one time in the order in which they were made. A binary heap. */
export class VirtualTime implements Clock {
  #now = 0
  #made = 0
  /** Timers that were set and neither woke nor were called off. */
  timers = 0
  readonly #heap: Event[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, wake: () => void): () => void {
    let pending = true
    this.timers += 1
    const end = () => {
      if (pending) this.timers -= 1
      const was = pending
      pending = false
      return was
    }
    this.at(this.#now + ms, () => {
      if (end()) wake()
    })
    return () => void end()
  }

  at(at: number, happens: () => void): void {
    const heap = this.#heap
    const event = { at, number: this.#made++, happens }
    let hole = heap.length
    heap.push(event)
    for (; hole > 0; hole = (hole - 1) >> 1) {
      const above = heap[(hole - 1) >> 1]!
      if (isBefore(above, event)) break
      heap[hole] = above
    }
    heap[hole] = event
  }

  /** Lets the next thing happen; false where nothing is left that happens by then. */
  step(until: number = Number.POSITIVE_INFINITY): boolean {
    const heap = this.#heap
    const first = heap[0]
    if (!first || first.at > until) return false
    const last = heap.pop()!
    if (heap.length > 0) sink(heap, last)
    this.#now = first.at
    first.happens()
    return true
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number)
}

function sink(heap: Event[], event: Event): void {
  let hole = 0
  for (;;) {
    let below = 2 * hole + 1
    if (below >= heap.length) break
    if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1
    if (isBefore(event, heap[below]!)) break
    heap[hole] = heap[below]!
    hole = below
  }
  heap[hole] = event
}

/** What may befall workers. Shares of one. */
export interface Weather {
  readonly loadCrash: number
  readonly loadError: number
  /** Of steps. */
  readonly crash: number
  readonly hang: number
  readonly error: number
  readonly slots: number
}

/** What a worker's engine says of a rollout's step, from 0; a pure function. */
export type Script = (rollout: number, step: number) => { readonly tokens: Uint8Array; readonly q: number }

/** Milliseconds that a hanging step takes; longer than any patience. */
export const HANG_MS = 1e6

/** Milliseconds that a message takes at most. */
export const LATENCY_MS = 3

/** Spawns simulated workers, and counts what becomes of them. */
export class SimulatedWorkers implements WorkerAdapter {
  live = 0
  mostLive = 0
  /** Jobs that shared a step. */
  mostJobsAStep = 0
  /** Rollouts that a worker was given and had not told the end of. */
  mostHeld = 0
  readonly events = { crashes: 0, hangs: 0, errors: 0, loadCrashes: 0, loadErrors: 0 }
  /** Hears of every step that begins: of which job, for which rollouts, and whether it hangs. */
  onStep: (job: number, requests: readonly StepRequest[], hangs: boolean) => void = () => {}
  readonly time: VirtualTime
  readonly random: Random
  weather: Weather
  /** By the number on a job's board. */
  readonly scripts: readonly Script[]

  constructor(time: VirtualTime, random: Random, weather: Weather, scripts: readonly Script[]) {
    this.time = time
    this.random = random
    this.weather = weather
    this.scripts = scripts
  }

  defaultWorkers(): number {
    return 2
  }

  spawn(events: WorkerEvents): WorkerHandle {
    this.live += 1
    this.mostLive = Math.max(this.mostLive, this.live)
    return new SimulatedWorker(this, events)
  }
}

class SimulatedWorker implements WorkerHandle {
  readonly #all: SimulatedWorkers
  readonly #events: WorkerEvents
  /** `dying`: it does nothing more, but what it said is still on its way. */
  #state: 'live' | 'dying' | 'gone' = 'live'
  #heardAt = 0
  #saidAt = 0
  #steps = false
  /** Rollouts of each run that the pool does not know the end of. */
  readonly #held = new Map<number, number>()
  readonly #runs = new WorkerRuns(
    (message) => this.#say(message),
    () => ({ verify: isVerified }),
  )

  constructor(all: SimulatedWorkers, events: WorkerEvents) {
    this.#all = all
    this.#events = events
  }

  post(message: ToWorker): void {
    const { time, random } = this.#all
    if (message.type === 'run') this.#hold(message.run, message.job.rollouts.length)
    this.#heardAt = Math.max(this.#heardAt, time.now() + random.integer(0, LATENCY_MS))
    time.at(this.#heardAt, () => {
      if (this.#state === 'live') this.#hear(message)
    })
  }

  async terminate(): Promise<void> {
    if (this.#state === 'live') this.#all.live -= 1
    this.#state = 'gone'
  }

  #hear(message: ToWorker): void {
    if (message.type === 'load') this.#later(this.#all.random.integer(0, 20), () => this.#load(message.model))
    else if (message.type === 'end') this.#runs.end(message.run, message.from)
    else if (message.type === 'run') {
      this.#runs.start(message)
      this.#goOn()
    } else {
      this.#runs.close(message.model)
      if (!this.#steps) this.#runs.due()
    }
  }

  #load(model: number): void {
    const { random, weather, events } = this.#all
    if (random.chance(weather.loadCrash)) {
      events.loadCrashes += 1
      this.#die()
    } else if (random.chance(weather.loadError)) {
      events.loadErrors += 1
      this.#say({ type: 'not-loaded', model, thrown: toThrown(new RangeError('no memory')) })
    } else {
      this.#runs.open(model, this.#engine())
      this.#say({ type: 'loaded', model })
    }
  }

  /** A board's first token says which script is its own. */
  #engine(): Engine {
    const { weather, scripts } = this.#all
    const jobs: number[] = []
    return {
      slots: weather.slots,
      start: (slot, { tokens }) => {
        jobs[slot] = tokens[0]!
      },
      step: (requests) =>
        requests.map(({ slot, rollout, step }) => {
          return { slot, ...scripts[jobs[slot]!]!(rollout, step) }
        }),
      close() {},
      // The jobs of slots, for those who watch.
      latent: (slot) => Float32Array.of(jobs[slot]!),
    }
  }

  #goOn(): void {
    if (this.#steps) return
    const due = this.#runs.due()
    if (!due) return
    this.#steps = true
    this.#step(due)
  }

  #step(due: DueStep): void {
    const { engine, requests } = due
    const { random, weather, events, onStep } = this.#all
    const hangs = random.chance(weather.hang)
    if (hangs) events.hangs += 1
    const jobs = new Map<number, StepRequest[]>()
    for (const request of requests) {
      const job = engine.latent!(request.slot)[0]!
      jobs.set(job, [...(jobs.get(job) ?? []), request])
    }
    this.#all.mostJobsAStep = Math.max(this.#all.mostJobsAStep, jobs.size)
    for (const [job, own] of jobs) onStep(job, own, hangs)
    this.#later(hangs ? HANG_MS : random.integer(1, 10), () => {
      if (random.chance(weather.crash)) {
        events.crashes += 1
        this.#die()
        return
      }
      if (random.chance(weather.error)) {
        events.errors += 1
        for (const share of this.#runs.shares(due))
          this.#runs.fail(share, new TypeError('the engine is broken'))
      } else this.#runs.book(due, engine.step(requests) as StepOutput[])
      this.#steps = false
      this.#goOn()
    })
  }

  #later(ms: number, happens: () => void): void {
    const { time } = this.#all
    time.at(time.now() + ms, () => {
      if (this.#state === 'live') happens()
    })
  }

  #say(message: FromWorker): void {
    this.#deliver(() => {
      if (message.type === 'found') this.#hold(message.run, -1)
      if (message.type === 'done' || message.type === 'failed') this.#held.delete(message.run)
      this.#events.heard(message)
    })
  }

  #hold(run: number, by: number): void {
    this.#held.set(run, (this.#held.get(run) ?? 0) + by)
    const held = [...this.#held.values()].reduce((sum, one) => sum + one, 0)
    this.#all.mostHeld = Math.max(this.#all.mostHeld, held)
  }

  #die(): void {
    this.#state = 'dying'
    this.#all.live -= 1
    this.#deliver(() => {
      this.#state = 'gone'
      this.#events.died(new Error('crashed as ordered'))
    })
  }

  #deliver(arrive: () => void): void {
    const { time, random } = this.#all
    this.#saidAt = Math.max(this.#saidAt, time.now() + random.integer(0, LATENCY_MS))
    time.at(this.#saidAt, () => {
      if (this.#state !== 'gone') arrive()
    })
  }
}

/** The rules, in a simulation: the first token says it. */
export function isVerified(tokens: Uint8Array): boolean {
  return tokens[0] === 1
}
