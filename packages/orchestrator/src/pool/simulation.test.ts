/**
 * Many thousand schedules of pool and workers in virtual time: whatever the order of messages, crashes, hangs,
 * aborts, deadlines and closing, no rollout is lost, none counts twice, every promise settles, and in time.
 * `SEED=7 vitest run simulation` runs one of them.
 */
import { flatBoard } from '@ptrm/core-wasm'
import { expect, it } from 'vitest'
import {
  HANG_MS,
  isVerified,
  LATENCY_MS,
  Random,
  type Script,
  SimulatedWorkers,
  VirtualTime,
  type Weather,
} from '../../test/simulation.ts'
import { WorkerCrashedError } from '../errors.ts'
import type { Candidate } from '../rollouts/candidate.ts'
import { makePlan, type Plan, type StopRule } from '../rollouts/plan.ts'
import { afterStep, enoughAgree } from '../rollouts/stop.ts'
import type { PoolOutcome, PoolRunOptions } from './open-job.ts'
import { LATE_MS, Pool, type PooledModel } from './pool.ts'
import { AGAIN_MS } from './staff.ts'

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 20_000)
const STOPS: readonly StopRule[] = [
  'all',
  'first-verified',
  { qAbove: 5 },
  { adaptive: { until: { error: 0.2 }, prune: { after: 2, below: -4 } } },
  { adaptive: { until: 'verified', prune: { after: 1, below: -5 } } },
]

/** What a rollout says after each step: often nothing right, now and then the answer, sometimes what others say. */
function scriptOf(seed: number, right: number): Script {
  return (rollout, step) => {
    const random = new Random(seed + 7919 * rollout + 104_729 * step)
    const verified = random.chance(right) ? 1 : 0
    return { tokens: Uint8Array.of(verified, random.integer(0, 2)), q: random.integer(-6, 6) + rollout / 100 }
  }
}

/** A rollout so far: after all its steps, or as many as a stop rule leaves it. */
function follow(script: Script, plan: Plan, rollout: number, most = plan.steps) {
  let firstVerified: Candidate['firstVerified']
  for (let step = 1; ; step++) {
    const { tokens, q } = script(rollout, step - 1)
    const verified = isVerified(tokens)
    if (verified) firstVerified ??= { step, tokens, q }
    const verdict = afterStep(plan.stop, step, q, verified)
    const stops = verdict === 'stop' || verdict === 'settle'
    const complete = step === plan.steps || verdict === 'settle'
    const ends = complete || verdict !== 'go'
    if (ends || step === most)
      return { candidate: { rollout, steps: step, complete, tokens, q, firstVerified }, stops, ends }
  }
}

/** What one worker comes to that runs rollout after rollout. */
function oneByOne(script: Script, plan: Plan): PoolOutcome {
  const candidates: Candidate[] = []
  for (let rollout = 0; rollout < plan.rollouts; rollout++) {
    const { candidate, stops } = follow(script, plan, rollout)
    candidates.push(candidate)
    if (stops || enoughAgree(plan.stop, candidates)) return { candidates, stoppedBy: 'rule' }
  }
  return { candidates, stoppedBy: 'end' }
}

/** A signal that tells when the pool has let go of it, which is when the run is settled. */
class ToldSignal {
  aborted = false
  isSettled = false
  readonly #time: VirtualTime
  #listener: (() => void) | undefined
  settledAt = 0
  abortedAt = Number.POSITIVE_INFINITY

  constructor(time: VirtualTime) {
    this.#time = time
  }

  addEventListener(_: string, listener: () => void): void {
    this.#listener = listener
  }

  removeEventListener(): void {
    this.#listener = undefined
    this.isSettled = true
    this.settledAt = this.#time.now()
  }

  abort(): void {
    this.aborted = true
    this.abortedAt = Math.min(this.abortedAt, this.#time.now())
    this.#listener?.()
  }
}

interface SimulatedJob {
  readonly model: PooledModel
  readonly plan: Plan
  readonly script: Script
  readonly signal: ToldSignal
  readonly deadline: number | undefined
  readonly listens: 'not' | 'at once' | 'by promise'
  readonly listenerThrows: Error | undefined
  startedAt: number
  readonly told: Map<number, Candidate>
  readonly heard: Map<number, number>
  /** By the stop rule: rollouts below this, as is known since then. */
  wanted: { readonly below: number; readonly since: number }
  /** A step of it hung. */
  hung: boolean
  outcome?: PoolOutcome
  error?: unknown
}

/** How often what happened, over all schedules: that the simulation meets what it is there for. */
const met: Record<string, number> = {}
function meet(what: string, often = 1): void {
  met[what] = (met[what] ?? 0) + often
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}

class Schedule {
  readonly #random: Random
  readonly #time = new VirtualTime()
  readonly #jobs: SimulatedJob[] = []
  readonly #workers: SimulatedWorkers
  readonly #pool: Pool
  readonly #models: readonly PooledModel[]
  readonly #size: number
  readonly #weather: Weather
  #closed = false
  #modelClosed = false

  constructor(seed: number) {
    const random = new Random(seed)
    this.#random = random
    const rough = random.chance(0.5)
    const share = (values: readonly number[]) => (rough ? random.pick(values) : 0)
    this.#weather = {
      loadCrash: share([0, 0.1, 0.5]),
      loadError: share([0, 0, 0.1, 0.5]),
      crash: share([0, 0.02, 0.2]),
      hang: share([0, 0.02, 0.1]),
      error: share([0, 0, 0, 0.01]),
      slots: random.pick([1, 1, 2, 3]),
    }
    const jobs = random.integer(1, 3)
    const scripts = Array.from({ length: jobs }, () =>
      scriptOf(random.integer(0, 1e9), random.pick([0, 0.1, 0.3])),
    )
    this.#workers = new SimulatedWorkers(this.#time, random, this.#weather, scripts)
    this.#size = random.integer(1, 4)
    this.#pool = new Pool({
      adapter: this.#workers,
      kernel: {} as never,
      workers: this.#size,
      slots: random.pick([1, 1, 2, 3, 6]),
      clock: this.#time,
    })
    this.#models = [1, 2].map(() => this.#pool.open(new Uint8Array()))
    for (const script of scripts) this.#jobs.push(this.#jobOf(script))
    this.#workers.onStep = (number, requests, hangs) => {
      const job = this.#jobs[number]!
      if (hangs) job.hung = true
      for (const { rollout, step } of requests) this.#judgeStep(job, rollout, step)
    }
  }

  async run(): Promise<void> {
    for (const [i, job] of this.#jobs.entries())
      this.#time.at(this.#random.integer(0, 40), () => this.#start(i, job))
    if (this.#random.chance(0.1)) {
      const load = () => void this.#models[0]!.load().catch((error: unknown) => this.#expectError(error))
      this.#time.at(this.#random.integer(0, 40), load)
    }
    if (this.#random.chance(0.03)) this.#time.at(this.#random.integer(0, 100), () => this.#close())
    if (this.#random.chance(0.05))
      this.#time.at(this.#random.integer(0, 100), () => {
        this.#modelClosed = true
        this.#random.pick(this.#models).close()
      })
    await this.#drain()
    for (const [i, job] of this.#jobs.entries()) this.#judge(i, job)
    // Else a worker hung that was no longer needed, and was not replaced.
    const isLate = ({ signal, listens }: SimulatedJob) =>
      listens !== 'by promise' && signal.settledAt >= HANG_MS
    if (this.#jobs.some(isLate))
      check(
        this.#jobs.some(({ hung, signal }) => hung && signal.settledAt >= HANG_MS),
        'a job waited for a step of another one, which was over',
      )
    check(this.#workers.mostLive <= this.#size, `${this.#workers.mostLive} workers live, of ${this.#size}`)
    this.#close()
    check(this.#time.timers === 0, `${this.#time.timers} timers left after closing`)
    check(this.#workers.live === 0, `${this.#workers.live} workers left after closing`)
    for (const [what, often] of Object.entries(this.#workers.events)) meet(what, often)
    if (this.#workers.mostJobsAStep > 1) meet('jobs shared a step')
    const { slots } = this.#pool
    check(this.#workers.mostHeld <= slots + 1, `a worker held ${this.#workers.mostHeld}, of ${slots} slots`)
    if (this.#workers.mostHeld > slots) meet('a rollout was given ahead')
  }

  #jobOf(script: Script): SimulatedJob {
    const random = this.#random
    const options = {
      rollouts: random.integer(1, 6),
      steps: random.integer(1, 4),
      stop: random.pick(STOPS),
      exact: random.chance(0.5),
    }
    return {
      model: random.pick(this.#models),
      plan: makePlan(options),
      script,
      signal: new ToldSignal(this.#time),
      deadline: random.chance(0.2) ? random.integer(1, 120) : undefined,
      listens: random.pick(['not', 'not', 'at once', 'by promise']),
      listenerThrows: random.chance(0.05) ? new Error('the listener is broken') : undefined,
      startedAt: 0,
      told: new Map(),
      heard: new Map(),
      wanted: { below: Number.POSITIVE_INFINITY, since: Number.POSITIVE_INFINITY },
      hung: false,
    }
  }

  #start(number: number, job: SimulatedJob): void {
    const { plan, signal, deadline, listens } = job
    const random = this.#random
    job.startedAt = this.#time.now()
    if (random.chance(0.02)) signal.abort()
    else if (random.chance(0.15))
      this.#time.at(job.startedAt + random.integer(0, 120), () => {
        if (!signal.isSettled) signal.abort()
      })
    const rollouts = Array.from({ length: plan.rollouts }, (_, k) => k)
    const options: PoolRunOptions = {
      signal: signal as unknown as AbortSignal,
      deadline,
      client: random.pick(['anna', 'ben']),
      onStep: listens === 'not' ? undefined : ({ rollout, step }) => this.#hearStep(job, rollout, step),
      onCandidate: (candidate) => {
        const { rollout } = candidate
        check(!signal.isSettled, `rollout ${rollout} of job ${number} is told of after the job's end`)
        const before = job.told.get(rollout)
        check(!before, `rollout ${rollout} of job ${number} is told of twice`)
        job.told.set(rollout, candidate)
        if (!follow(job.script, plan, rollout).stops) return
        const below = plan.exact ? rollout + 1 : 0
        if (below < job.wanted.below) job.wanted = { below, since: this.#time.now() }
      },
    }
    const run = job.model.run(
      { board: flatBoard(Uint8Array.of(number, 0)), plan, rollouts, kind: 'none', puzzle: number },
      options,
    )
    run.then(
      (outcome) => {
        job.outcome = outcome
      },
      (error: unknown) => {
        job.error = error
      },
    )
  }

  /** Nothing is run in vain: not what is known already, nor, once the news is with the worker, what is not wanted. */
  #judgeStep(job: SimulatedJob, rollout: number, step: number): void {
    const { told, signal, wanted } = job
    check(step > 0 || !told.has(rollout), `rollout ${rollout} is run again after its end`)
    const now = this.#time.now()
    if (signal.isSettled && now > signal.settledAt + LATENCY_MS)
      check(false, `step ${step} of rollout ${rollout} begins when the job is over`)
    if (now > wanted.since + LATENCY_MS)
      check(rollout < wanted.below, `step ${step} of rollout ${rollout} begins though the rule has fired`)
  }

  #hearStep(job: SimulatedJob, rollout: number, step: number): Promise<void> | undefined {
    job.heard.set(rollout, Math.max(step, job.heard.get(rollout) ?? 0))
    if (job.listenerThrows && step === 2) {
      if (job.listens === 'at once') throw job.listenerThrows
      return Promise.reject(job.listenerThrows)
    }
    return job.listens === 'by promise' ? Promise.resolve() : undefined
  }

  #close(): void {
    this.#closed = true
    void this.#pool.close()
  }

  async #drain(): Promise<void> {
    for (;;) {
      while (this.#time.step());
      // Promises of listeners, and those of the runs.
      await new Promise((resolve) => setImmediate(resolve))
      if (!this.#time.step()) return
    }
  }

  #judge(number: number, job: SimulatedJob): void {
    const { outcome, error } = job
    check(outcome !== undefined || error !== undefined, `job ${number} is never settled`)
    if (outcome) this.#judgeOutcome(job, outcome)
    else this.#judgeError(job, error)
    this.#judgeTime(job)
  }

  /** Whatever ended it, a job that was told to end is over soon; only an own hanging step may keep another one. */
  #judgeTime({ signal, startedAt, deadline, listens }: SimulatedJob): void {
    if (listens === 'by promise' || !signal.isSettled) return
    const end = Math.min(signal.abortedAt, startedAt + (deadline ?? Number.POSITIVE_INFINITY))
    check(signal.settledAt <= end + LATE_MS, `settled at ${signal.settledAt}, told to end at ${end}`)
    if (signal.settledAt === end + LATE_MS) meet('over without a worker that was late')
    if (signal.settledAt >= HANG_MS) meet('waited for a hanging step')
  }

  #judgeError(job: SimulatedJob, error: unknown): void {
    if (error === job.listenerThrows) meet('the listener threw')
    else this.#expectError(error)
  }

  #expectError(error: unknown): void {
    const { crashes, loadCrashes, errors, loadErrors } = this.#workers.events
    if (error instanceof WorkerCrashedError) {
      // A worker that dies in a step while it loads another model died while it loaded.
      check(
        (error.rollout === undefined ? loadCrashes + crashes : crashes) >= 3,
        `${error.message}, but it did not`,
      )
      meet(error.rollout === undefined ? 'no worker came up' : 'a rollout crashed three times')
    } else if (error instanceof RangeError && loadErrors > 0) meet('no worker loaded')
    else if (error instanceof TypeError && errors > 0) meet('an engine broke')
    else if (String(error).includes('solver was closed')) {
      check(this.#modelClosed, 'a model was closed by nobody')
      meet('its model was closed')
    } else check(this.#closed || this.#modelClosed, `rejected with ${String(error)}`)
  }

  #judgeOutcome(job: SimulatedJob, { candidates, stoppedBy }: PoolOutcome): void {
    const { plan, script, signal, deadline } = job
    meet(`${plan.exact ? 'exact' : 'quick'}, ended by ${stoppedBy}`)
    check(stoppedBy !== 'signal' || signal.aborted, 'ended by a signal that did not fire')
    check(stoppedBy !== 'deadline' || deadline !== undefined, 'ended by no deadline')
    let last = -1
    for (const candidate of candidates) {
      check(candidate.rollout > last, `rollout ${candidate.rollout} counts after ${last}`)
      last = candidate.rollout
      const { candidate: wanted, ends } = follow(script, plan, candidate.rollout, candidate.steps)
      check(isSame(candidate, wanted), `rollout ${candidate.rollout} is not what it is by itself`)
      check(ends || !job.told.get(candidate.rollout)?.complete, 'an end was told that was none')
    }
    if (plan.exact && (stoppedBy === 'end' || stoppedBy === 'rule'))
      judgeExact(candidates, stoppedBy, oneByOne(script, plan))
    else if (stoppedBy === 'end') judgeExact(candidates, stoppedBy, allOf(script, plan))
    else if (stoppedBy === 'rule') judgeRule(job, candidates)
    else judgeCut(job, candidates)
  }
}

/** No timing shows in it. */
function judgeExact(candidates: readonly Candidate[], stoppedBy: string, wanted: PoolOutcome): void {
  check(stoppedBy === wanted.stoppedBy, `ended by ${stoppedBy}, wanted ${wanted.stoppedBy}`)
  check(
    candidates.length === wanted.candidates.length,
    `${candidates.length} of ${wanted.candidates.length} count`,
  )
  for (const [i, candidate] of candidates.entries())
    check(isSame(candidate, wanted.candidates[i]!), `rollout ${candidate.rollout} is another than one by one`)
}

/** Every rollout to its own end; which must not be one that stops the others. */
function allOf(script: Script, plan: Plan): PoolOutcome {
  const all = Array.from({ length: plan.rollouts }, (_, rollout) => follow(script, plan, rollout))
  check(!all.some(({ stops }) => stops), 'the rule fired, and all were run')
  return { candidates: all.map(({ candidate }) => candidate), stoppedBy: 'end' }
}

/** The rule fired with one of them. */
function judgeRule({ plan, script }: SimulatedJob, candidates: readonly Candidate[]): void {
  const ended = candidates.filter(
    ({ rollout, steps }) => follow(script, plan, rollout).candidate.steps === steps,
  )
  const stops = ended.some(({ rollout }) => follow(script, plan, rollout).stops)
  const agrees =
    typeof plan.stop === 'object' && 'adaptive' in plan.stop && plan.stop.adaptive.until !== 'verified'
  check(stops || agrees, 'ended by a rule that did not fire')
}

/** What was known when it ended is there. */
function judgeCut({ plan, told, heard }: SimulatedJob, candidates: readonly Candidate[]): void {
  const steps = new Map(candidates.map(({ rollout, steps }) => [rollout, steps]))
  const below = plan.exact ? Math.max(...steps.keys(), -1) + 1 : Number.POSITIVE_INFINITY
  for (const [rollout, candidate] of told)
    if (rollout < below) check((steps.get(rollout) ?? 0) >= candidate.steps, `rollout ${rollout} is lost`)
  for (const [rollout, step] of heard)
    if (rollout < below)
      check((steps.get(rollout) ?? 0) >= step, `step ${step} of rollout ${rollout} is lost`)
}

function isSame(one: Candidate, other: Candidate): boolean {
  const { firstVerified: a } = one
  const { firstVerified: b } = other
  return (
    one.rollout === other.rollout &&
    one.steps === other.steps &&
    one.complete === other.complete &&
    one.q === other.q &&
    isEqual(one.tokens, other.tokens) &&
    a?.step === b?.step &&
    a?.q === b?.q
  )
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((value, i) => value === other[i])
}

it('goes on with the workers that load, and asks the others no more for a while', async () => {
  const time = new VirtualTime()
  const calm = { loadCrash: 0, loadError: 0, crash: 0, hang: 0, error: 0, slots: 1 }
  const workers = new SimulatedWorkers(time, new Random(1), calm, [scriptOf(1, 0)])
  const pool = new Pool({ adapter: workers, kernel: {} as never, workers: 4, clock: time })
  const model = pool.open(new Uint8Array())
  const run = (rollouts: number) => {
    const plan = makePlan({ rollouts, steps: 2, stop: 'all' })
    const numbers = Array.from({ length: rollouts }, (_, k) => k)
    const done = model.run({
      board: flatBoard(new Uint8Array(2)),
      plan,
      rollouts: numbers,
      kind: 'none',
      puzzle: 0,
    })
    const until = time.now() + AGAIN_MS / 10
    while (time.step(until));
    return done
  }
  expect((await run(1)).candidates).toHaveLength(1)
  workers.weather = { ...calm, loadError: 1 }
  for (let i = 0; i < 5; i++) expect((await run(20)).candidates).toHaveLength(20)
  expect(workers.events.loadErrors).toBe(3)
  expect(pool.stats).toMatchObject({ workers: 1, slots: 1 })
  workers.weather = calm
  while (time.step());
  expect((await run(20)).candidates).toHaveLength(20)
  expect(pool.stats).toMatchObject({ workers: 4, slots: 4 })
  await pool.close()
})

it(`holds in ${SCHEDULES} schedules`, async () => {
  const only = process.env['SEED']
  const seeds = only === undefined ? Array.from({ length: SCHEDULES }, (_, seed) => seed) : [Number(only)]
  for (const seed of seeds) {
    try {
      await new Schedule(seed).run()
    } catch (error) {
      throw new Error(`schedule ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
  if (only !== undefined) return
  for (const what of [
    ...['end', 'rule', 'signal', 'deadline'].flatMap((by) => [
      `exact, ended by ${by}`,
      `quick, ended by ${by}`,
    ]),
    ...['crashes', 'hangs', 'errors', 'loadCrashes', 'loadErrors'],
    ...['the listener threw', 'no worker came up', 'no worker loaded', 'an engine broke'],
    ...['a rollout crashed three times', 'over without a worker that was late', 'waited for a hanging step'],
    ...['its model was closed', 'jobs shared a step', 'a rollout was given ahead'],
  ])
    expect(met[what], what).toBeGreaterThan(50)
}, 300_000)
