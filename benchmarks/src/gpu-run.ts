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
  /** Slots that engines are opened with. */
  readonly mostSlots: number
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
  /** Of its process. */
  readonly life: number
  /** Rollout-steps a second at the last count of slots. */
  rate?: number
}

class Run {
  readonly found: Found = { measures: [], agreements: [], leftOut: [], openMs: {} }
  readonly #options: RunOptions
  readonly #open = new Map<string, Open>()
  /** Why a contender was not opened. */
  readonly #failed = new Map<string, string>()

  constructor(options: RunOptions) {
    this.#options = options
  }

  get #left(): number {
    return this.#options.deadline - performance.now()
  }

  async stage(stage: Stage): Promise<void> {
    await this.#closeAllBut(stage)
    if (this.#left > 0) await this.#openAll(stage)
    for (const cell of stage.cells) {
      await this.#cell(stage, cell)
      this.#options.onCell?.(this.found)
    }
  }

  async #closeAllBut(stage: Stage): Promise<void> {
    const wanted = new Set(pairsOf(stage).map(({ key }) => key))
    for (const key of this.#open.keys()) {
      if (wanted.has(key)) continue
      const [, side] = key.split('|') as [string, Side]
      await this.#process(side)
        .ask({ op: 'close', name: key }, this.#left)
        .catch(() => {})
      this.#open.delete(key)
    }
  }

  /** The sides side by side, nothing being timed; each one's contenders one after the other. */
  async #openAll(stage: Stage): Promise<void> {
    const until = performance.now() + OPENING_SHARE * this.#left
    const pairs = pairsOf(stage).filter(({ key }) => !this.#open.has(key))
    const bySide = Map.groupBy(pairs, ({ contender }) => contender.side)
    await Promise.all([...bySide.values()].map((mine) => this.#openInTurn(mine, until)))
    await this.#compare(pairs)
  }

  async #openInTurn(pairs: readonly Pair[], until: number): Promise<void> {
    let last = 0
    for (const { key, model, contender } of pairs) {
      const { file, denseFile, board, boards } = this.#model(model)
      const process = this.#process(contender.side)
      const pytorch = contender.side === 'pytorch'
      const options = pytorch ? contender.options : { ...contender.options, slots: this.#options.mostSlots }
      try {
        const left = until - performance.now()
        // One that is cut off takes those with it that are open already.
        if (left <= last) throw new ContenderError('no time was left to open it')
        const request = {
          ...({ op: 'open', name: key, model: pytorch ? denseFile : file, boards, options } as const),
          ...board,
        }
        last = (await process.ask<'open'>(request, left)).ms
        this.found.openMs[key] = last
        this.#open.set(key, { life: process.life })
      } catch (error) {
        this.#failed.set(key, reason(error))
      }
    }
  }

  /** All after one step without noise, against the first that is open, of f32 where there is one. */
  async #compare(pairs: readonly Pair[]): Promise<void> {
    for (const [model, mine] of Map.groupBy(pairs, (pair) => pair.model)) {
      let first: Said | undefined
      // A solver has no single steps.
      const open = mine.filter((pair) => this.#isOpen(pair) && pair.contender.side !== 'solver')
      const exactFirst = open.toSorted((a, b) => Number(isExact(b)) - Number(isExact(a)))
      for (const { key, contender } of exactFirst) {
        try {
          const request = { op: 'answers', name: key, steps: 1, sigma: 0 } as const
          const said = await this.#process(contender.side).ask<'answers'>(request, this.#left)
          const answers = { name: contender.name, tokens: Buffer.from(said.tokens, 'base64'), q: said.q }
          first ??= answers
          this.found.agreements.push({ model, ...agreement(answers, first) })
        } catch (error) {
          this.#open.delete(key)
          this.#failed.set(key, reason(error))
        }
      }
    }
  }

  async #cell(stage: Stage, cell: Cell): Promise<void> {
    const running: { pair: Pair; samples: Sample[] }[] = []
    for (const contender of cell.contenders) {
      const pair = pairOf(cell.model, contender)
      await this.#openAgain(pair)
      if (await this.#attempt(pair, cell, () => this.#warm(pair, cell))) running.push({ pair, samples: [] })
    }
    for (let round = 0; round < this.#options.rounds; round++) {
      for (const { pair, samples } of running) {
        if (samples.length < round) continue
        await this.#attempt(pair, cell, async () => samples.push(await this.#sample(pair, cell)), samples)
      }
    }
    for (const { pair, samples } of running) {
      if (samples.length > 0) this.found.measures.push(this.#measure(stage, cell, pair.contender, samples))
    }
  }

  /** Where another contender took its process with it. */
  async #openAgain(pair: Pair): Promise<void> {
    if (!this.#open.has(pair.key) || this.#isOpen(pair)) return
    this.#open.delete(pair.key)
    await this.#openInTurn([pair], performance.now() + WAITING_SHARE * this.#left)
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
    const open = this.#ready(pair)
    const pass = this.#pass(pair, cell)
    const passes = pair.contender.side === 'solver' ? SOLVER_PASSES : 1
    const seconds = open.rate === undefined ? 0 : (passes * pass.slots * pass.steps) / open.rate
    const wanted = seconds + this.#options.rounds * Math.max(seconds, this.#options.roundSeconds)
    if (1000 * wanted > this.#left)
      throw new ContenderError(
        `it would take about ${wanted.toFixed(1)} s, and ${(this.#left / 1000).toFixed(1)} s were left`,
      )
    await this.#wait<'warm'>(pair, { op: 'warm', ...pass })
  }

  async #sample(pair: Pair, cell: Cell): Promise<Sample> {
    const open = this.#ready(pair)
    const request = {
      op: 'measure',
      seconds: this.#options.roundSeconds,
      ...this.#pass(pair, cell),
    } as const
    const sample = await this.#wait<'measure'>(pair, request)
    open.rate = sample.rolloutSteps / sample.seconds
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
  #ready(pair: Pair): Open {
    if (this.#left <= 0) throw new ContenderError('no time was left')
    const open = this.#open.get(pair.key)
    if (open && this.#isOpen(pair)) return open
    throw new ContenderError(this.#failed.get(pair.key) ?? (open ? 'its process ended' : 'it was not opened'))
  }

  /** A process that died and was started anew has forgotten it. */
  #isOpen({ key, contender }: Pair): boolean {
    return this.#open.get(key)?.life === this.#process(contender.side).life
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

const isExact = ({ contender }: Pair) => contender.precision === 'f32'

function reason(error: unknown): string {
  if (error instanceof ContenderError) return error.message
  throw error
}
