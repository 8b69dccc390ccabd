/** Runs the plan of the bench on a GPU within its time: opens contenders, checks that they agree, and times them in turn. */
import { type Agreement, agreement, type Said } from './gpu-agreement.ts'
import type { GpuModel, GpuModelName } from './gpu-models.ts'
import { type Cell, type Contender, type Pair, pairOf, pairsOf, type Side, type Stage } from './gpu-plan.ts'
import { type Answers, ContenderError, type Contenders, type Request, type Sample } from './gpu-protocol.ts'
import { type Spread, spread } from './report.ts'

/** A contender's times at one number of slots. */
export interface Measure {
  readonly stage: string
  readonly model: GpuModelName
  readonly slots: number
  readonly contender: Contender
  readonly rolloutStepsPerSecond: Spread
  /** Of one call of the library, `stepsPerRun` steps of all slots; of the solver a puzzle. */
  readonly msPerRun: Spread
  readonly stepsPerRun: number
  readonly samples: readonly Sample[]
}

/** What was not measured, and why. */
export interface LeftOut {
  readonly model: GpuModelName
  readonly slots: number
  readonly contender: string
  readonly why: string
}

export interface Found {
  readonly measures: Measure[]
  readonly agreements: Agreement[]
  readonly leftOut: LeftOut[]
  /** Milliseconds to open each, compiling included, by model and contender. */
  readonly openMs: Record<string, number>
}

export interface RunOptions {
  readonly models: ReadonlyMap<GpuModelName, GpuModel>
  readonly processes: ReadonlyMap<Side, Contenders>
  /** Whether a pass has as many steps as a run of the engine may have, where these are more than the model's. */
  readonly wholeRuns: boolean
  /** By `performance.now()`: nothing is begun that would end later. */
  readonly deadline: number
  readonly rounds: number
  /** Of each measure in each round, at least. */
  readonly roundSeconds: number
  /** Hears of everything as it is found. */
  readonly onCell?: ((found: Found) => void) | undefined
}

/** Of the time that is left, what opening a stage's contenders may take. */
const OPENING_SHARE = 0.6
/** And what one pass or one measure may take, so that one that hangs leaves some to the others. */
const WAITING_SHARE = 0.5

/** Of a solver's measure, before which its slots fill and after which they empty: twice as much as they hold, each time. */
const SOLVER_PASSES = 4

/** Runs the stages in order. Never rejects for a contender's sake: what fails is left out, with the reason. */
export async function runStages(stages: readonly Stage[], options: RunOptions): Promise<Found> {
  const run = new Run(options)
  for (const stage of stages) await run.stage(stage)
  return run.found
}

interface Open {
  readonly pair: Pair
  /** Of its process. */
  readonly life: number
}

class Run {
  readonly found: Found = { measures: [], agreements: [], leftOut: [], openMs: {} }
  readonly #options: RunOptions
  readonly #open = new Map<string, Open>()
  /** Why a contender was not opened. */
  readonly #failed = new Map<string, string>()
  /** Rollout-steps a second at the last count of slots, by model and contender. */
  readonly #rates = new Map<string, number>()
  /** Answers that others are held against. */
  readonly #references = new Map<GpuModelName, Said>()

  constructor(options: RunOptions) {
    this.#options = options
  }

  get #left(): number {
    return this.#options.deadline - performance.now()
  }

  async stage(stage: Stage): Promise<void> {
    const pairs = pairsOf(stage).filter(lasts)
    const wanted = new Set(pairs.map(({ key }) => key))
    await this.#close([...this.#open.values()].map(({ pair }) => pair).filter(({ key }) => !wanted.has(key)))
    await this.#openInTurn(pairs, OPENING_SHARE)
    for (const cell of stage.cells) {
      await this.#cell(stage, cell)
      this.#options.onCell?.(this.found)
    }
  }

  async #close(pairs: readonly Pair[]): Promise<void> {
    for (const { key, contender } of pairs) {
      if (!this.#open.delete(key)) continue
      const process = this.#process(contender.side)
      if (process.life > 0) await process.ask({ op: 'close', name: key }, this.#left).catch(() => {})
    }
  }

  /** Those that are not open, nor failed to: within a share of the time that is left. */
  async #openInTurn(pairs: readonly Pair[], share: number): Promise<void> {
    const until = performance.now() + share * this.#left
    let last = 0
    for (const pair of pairs.filter((one) => !this.#isOpen(one) && !this.#failed.has(one.key))) {
      try {
        const left = until - performance.now()
        // One that is cut off takes those with it that are open already.
        if (left <= last) throw new ContenderError('no time was left to open it')
        const process = this.#process(pair.contender.side)
        last = (await process.ask<'open'>(this.#opening(pair), left)).ms
        this.found.openMs[pair.key] = last
        this.#open.set(pair.key, { pair, life: process.life })
      } catch (error) {
        this.#failed.set(pair.key, reason(error))
      }
    }
  }

  #opening({ key, model, contender, slots }: Pair) {
    const { file, denseFile, board, boards } = this.#model(model)
    const path = contender.side === 'pytorch' ? denseFile : file
    const options = slots === undefined ? contender.options : { ...contender.options, slots }
    return { ...({ op: 'open', name: key, model: path, boards, options } as const), ...board }
  }

  /** Each once, after one step without noise, against the first of f32 that there was. */
  async #compare(pairs: readonly Pair[]): Promise<void> {
    // A solver has no single steps.
    const open = pairs.filter((pair) => this.#isOpen(pair) && pair.contender.side !== 'solver')
    for (const { key, model, contender } of open.toSorted(
      (a, b) => Number(isExact(b)) - Number(isExact(a)),
    )) {
      const { name, side } = contender
      if (this.found.agreements.some((one) => one.model === model && one.contender === name)) continue
      try {
        const request = { op: 'answers', name: key, steps: 1, sigma: 0 } as const
        const said = await this.#process(side).ask<'answers'>(request, this.#left)
        const answers = { name, tokens: Buffer.from(said.tokens, 'base64'), q: said.q }
        const reference = this.#references.get(model) ?? answers
        this.#references.set(model, reference)
        this.found.agreements.push({ model, ...agreement(answers, reference) })
      } catch (error) {
        this.#open.delete(key)
        this.#failed.set(key, reason(error))
      }
    }
  }

  async #cell(stage: Stage, cell: Cell): Promise<void> {
    const pairs = cell.contenders.map((contender) => pairOf(cell, contender))
    await this.#openInTurn(pairs, WAITING_SHARE)
    await this.#compare(pairs)
    const running: { pair: Pair; samples: Sample[] }[] = []
    for (const pair of pairs)
      if (await this.#attempt(pair, cell, () => this.#warm(pair, cell))) running.push({ pair, samples: [] })
    for (let round = 0; round < this.#options.rounds; round++) {
      for (const { pair, samples } of running) {
        if (samples.length < round) continue
        await this.#attempt(pair, cell, async () => samples.push(await this.#sample(pair, cell)), samples)
      }
    }
    for (const { pair, samples } of running) {
      if (samples.length > 0) this.found.measures.push(this.#measure(stage, cell, pair.contender, samples))
    }
    await this.#close(pairs.filter((pair) => !lasts(pair)))
  }

  /** Whether it was done; if not, it is told why, unless there are samples of earlier rounds. */
  async #attempt(
    pair: Pair,
    { model, slots }: Cell,
    work: () => Promise<unknown>,
    samples: readonly Sample[] = [],
  ): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (samples.length === 0)
        this.found.leftOut.push({ model, slots, contender: pair.contender.name, why: reason(error) })
      return false
    }
  }

  async #warm(pair: Pair, cell: Cell): Promise<void> {
    this.#checkReady(pair)
    const pass = this.#pass(pair, cell)
    const rate = this.#rates.get(rateKey(pair))
    const passes = pair.contender.side === 'solver' ? SOLVER_PASSES : 1
    const seconds = rate === undefined ? 0 : (passes * pass.slots * pass.steps) / rate
    const wanted = seconds + this.#options.rounds * Math.max(seconds, this.#options.roundSeconds)
    if (1000 * wanted > this.#left)
      throw new ContenderError(
        `it would take about ${wanted.toFixed(1)} s, and ${(this.#left / 1000).toFixed(1)} s were left`,
      )
    await this.#wait<'warm'>(pair, { op: 'warm', ...pass })
  }

  async #sample(pair: Pair, cell: Cell): Promise<Sample> {
    this.#checkReady(pair)
    const request = {
      op: 'measure',
      seconds: this.#options.roundSeconds,
      ...this.#pass(pair, cell),
    } as const
    const sample = await this.#wait<'measure'>(pair, request)
    this.#rates.set(rateKey(pair), sample.rolloutSteps / sample.seconds)
    return sample
  }

  /** One that ends its process by this is not tried again. */
  async #wait<Op extends 'warm' | 'measure'>(
    { key, contender }: Pair,
    request: Extract<Request, { op: Op }>,
  ): Promise<Answers[Op]> {
    const process = this.#process(contender.side)
    try {
      return await process.ask<Op>(request, WAITING_SHARE * this.#left)
    } catch (error) {
      if (process.life === 0) {
        this.#open.delete(key)
        this.#failed.set(key, reason(error))
      }
      throw error
    }
  }

  /** Throws `ContenderError` where it is not open, or no time is left. */
  #checkReady(pair: Pair): void {
    if (this.#left <= 0) throw new ContenderError('no time was left')
    if (!this.#isOpen(pair)) throw new ContenderError(this.#failed.get(pair.key) ?? 'its process ended')
  }

  /** A process that died and was started anew has forgotten it. */
  #isOpen({ key, contender }: Pair): boolean {
    const { life } = this.#process(contender.side)
    return life > 0 && this.#open.get(key)?.life === life
  }

  #pass({ key, model, contender }: Pair, { slots }: Cell) {
    const { steps, sigma } = this.#model(model)
    const { stepsPerRun = 0 } = contender.options as { stepsPerRun?: number }
    return { name: key, slots, steps: this.#options.wholeRuns ? Math.max(steps, stepsPerRun) : steps, sigma }
  }

  #measure(stage: Stage, { model, slots }: Cell, contender: Contender, samples: readonly Sample[]): Measure {
    const [{ rolloutSteps, runs }] = samples as [Sample]
    return {
      ...{ stage: stage.name, model, slots, contender, samples },
      rolloutStepsPerSecond: spread(samples.map((sample) => sample.rolloutSteps / sample.seconds)),
      msPerRun: spread(samples.map((sample) => (1000 * sample.seconds) / sample.runs)),
      stepsPerRun: rolloutSteps / runs / slots,
    }
  }

  #model(name: GpuModelName): GpuModel {
    return this.#options.models.get(name)!
  }

  #process(side: Side): Contenders {
    return this.#options.processes.get(side)!
  }
}

/** What takes long to open, and takes any number of slots. */
const lasts = ({ contender }: Pair) => contender.side === 'pytorch'
const rateKey = ({ model, contender }: Pair) => `${model} ${contender.name}`
const isExact = ({ contender }: Pair) => contender.precision === 'f32'

function reason(error: unknown): string {
  if (error instanceof ContenderError) return error.message
  throw error
}
