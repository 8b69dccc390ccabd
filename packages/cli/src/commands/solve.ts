/** `ptrm solve`: puzzles in, pictures or NDJSON out. */
import { writeFileSync } from 'node:fs'
import {
  ContradictionError,
  createSolver,
  type FoundPuzzle,
  type NoiseTarget,
  type PuzzleParseError,
  type ReadItem,
  type SelectorName,
  type SolveResult,
  type Solver,
  type StopRule,
  type Violation,
} from '@ptrm/orchestrator'
import { readPuzzles, UsageError } from '../input.ts'
import { Progress } from '../progress.ts'
import { formatSummary, newTally, summarize, type Tally } from '../statistics.ts'

export interface SolveFlags {
  readonly model: string
  readonly rollouts?: number
  readonly steps?: number
  readonly sigma?: number | number[]
  readonly noiseTarget?: NoiseTarget
  readonly seed?: bigint
  readonly select?: SelectorName
  readonly stop?: StopRule
  readonly deadline?: number
  readonly workers?: number
  readonly deterministic: boolean
  readonly json?: boolean
  readonly svg?: string
  readonly quiet?: boolean
  readonly color: boolean
}

const PROGRESS_MS = 200

type Found = FoundPuzzle<unknown, unknown>
type Item = ReadItem<unknown, unknown>

/** Exit codes: 0 all solved, 1 some not, 2 some input was unusable, 130 interrupted. */
export async function solve(input: string, flags: SolveFlags): Promise<number> {
  const solver = await createSolver({ model: flags.model, workers: flags.workers })
  const run = new Run(solver, flags)
  const onInterrupt = () => run.interrupt()
  process.once('SIGINT', onInterrupt)
  const progress = setInterval(() => run.showProgress(), PROGRESS_MS)
  try {
    return await run.all(input)
  } finally {
    clearInterval(progress)
    process.off('SIGINT', onInterrupt)
    await solver.close()
  }
}

/** One pass over the input: as many puzzles in flight as there are workers, results in input order. */
class Run {
  readonly #solver: Solver
  readonly #flags: SolveFlags
  readonly #interrupted = new AbortController()
  readonly #tally: Tally = newTally()
  readonly #progress: Progress
  readonly #started = performance.now()
  #read = 0
  /** Puzzles in the input; undefined while that is not known. */
  #total: number | undefined
  #lastSvg: string | undefined

  constructor(solver: Solver, flags: SolveFlags) {
    this.#solver = solver
    this.#flags = flags
    this.#progress = new Progress(!flags.quiet)
  }

  interrupt(): void {
    this.#interrupted.abort(new Error('interrupted'))
  }

  showProgress(): void {
    this.#progress.draw(this.#tally, this.#total)
  }

  async all(input: string): Promise<number> {
    // Results wait here, in input order, until those before them are written.
    const inFlight: Promise<() => void>[] = []
    const writeFirst = async () => (await inFlight.shift()!)()
    for await (const item of await this.#items(input)) {
      if (this.#interrupted.signal.aborted) break
      this.#read += 1
      const writer = 'error' in item ? this.#bad(item) : this.#one(item)
      writer.catch(() => {}) // reported when its turn to be written comes
      inFlight.push(writer)
      if (inFlight.length >= this.#solver.workers) await writeFirst()
    }
    while (inFlight.length > 0) await writeFirst()
    return this.#end()
  }

  /** The input's entries: stdin as it comes, everything else read to its end first, so that progress knows the total. */
  async #items(input: string): Promise<AsyncIterable<Item> | Item[]> {
    const items = readPuzzles(this.#solver.kind, input, this.#interrupted.signal)
    if (input === '-') return items
    const all: Item[] = []
    for await (const item of items) all.push(item)
    this.#total = all.filter((item) => !('error' in item)).length
    return all
  }

  #end(): number {
    this.#progress.clear()
    const interrupted = this.#interrupted.signal.aborted
    if (this.#read === 0 && !interrupted) throw new UsageError('found no puzzle in the input')
    if (this.#flags.svg !== undefined && this.#lastSvg !== undefined)
      writeFileSync(this.#flags.svg, this.#lastSvg)
    const summary = formatSummary(summarize(this.#tally, (performance.now() - this.#started) / 1000))
    if (!this.#flags.quiet) process.stderr.write(`${interrupted ? 'interrupted; ' : ''}${summary}\n`)
    if (interrupted) return 130
    if (this.#tally.bad > 0) return 2
    return this.#tally.solved === this.#tally.done ? 0 : 1
  }

  async #bad(
    { error }: { error: PuzzleParseError | ContradictionError },
    found?: Found,
  ): Promise<() => void> {
    this.#tally.bad += 1
    const where = 'where' in error ? error.where : found?.where
    return () => {
      const place = found
        ? `${found.where.source ?? 'input'}:${found.where.line}:${found.where.column}: `
        : ''
      if (this.#flags.json)
        writeJson({ id: found?.id, where, status: 'bad-input', error: error.name, message: error.message })
      this.#progress.clear()
      process.stderr.write(`${place}${error.message}\n`)
    }
  }

  async #one(found: Found): Promise<() => void> {
    const { rollouts, steps, sigma, noiseTarget, seed, select, stop, deadline, deterministic } = this.#flags
    try {
      const result = await this.#solver.solve(found.puzzle, {
        rollouts,
        steps,
        sigma,
        noiseTarget,
        seed,
        select,
        stop,
        deadline,
        includeDeterministic: deterministic,
        signal: this.#interrupted.signal,
      })
      this.#tally.done += 1
      this.#tally.ms.push(result.stats.ms)
      if (result.status === 'verified') this.#tally.solved += 1
      return () => this.#write(found, result)
    } catch (error) {
      if (error instanceof ContradictionError) return this.#bad({ error }, found)
      if (this.#interrupted.signal.aborted) return () => {}
      throw error
    }
  }

  #write(found: Found, result: SolveResult): void {
    const { kind } = this.#solver
    const violations = result.answer === undefined ? [] : kind.verify(found.puzzle, result.answer)
    if (this.#flags.svg !== undefined) this.#lastSvg = kind.toSvg(found.puzzle, result.answer, { violations })
    if (this.#flags.json) writeJson(toJson(this.#solver, found, result))
    else if (this.#flags.quiet)
      process.stdout.write(`${result.answer ? kind.answerToLine(found.puzzle, result.answer) : '-'}\n`)
    else this.#picture(found, result, violations)
  }

  #picture(found: Found, result: SolveResult, violations: readonly Violation[]): void {
    const { kind } = this.#solver
    this.#progress.clear()
    const { rollouts, steps, ms } = result.stats
    const verdict = { verified: 'solved', unsolved: 'NOT solved' }[result.status]
    const name = found.id ?? `${found.where.source}:${found.where.line}`
    const from =
      result.rollout === undefined
        ? 'no rollout finished a step'
        : `rollout ${result.rollout}, q ${result.q!.toFixed(2)}`
    const picture = kind.toText(found.puzzle, result.answer, { color: this.#flags.color, violations })
    process.stdout.write(
      `${name}: ${verdict} (${from}; ${rollouts} rollouts, ${steps} steps, ${Math.round(ms)} ms)\n${picture}\n\n`,
    )
  }
}

function toJson(solver: Solver, found: Found, result: SolveResult) {
  const { kind } = solver
  const { plan } = result
  return {
    id: found.id,
    where: found.where,
    status: result.status,
    answer: result.answer === undefined ? null : kind.answerToLine(found.puzzle, result.answer),
    q: result.q ?? null,
    rollout: result.rollout ?? null,
    stoppedBy: result.stoppedBy,
    stats: result.stats,
    plan: { ...plan, seed: plan.seed.toString() },
    url: kind.toUrl(found.puzzle),
  }
}

function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
