/** `ptrm solve`: puzzles in, pictures or NDJSON out. */

import { readModel } from '@ptrm/core-wasm'
import {
  type Backend,
  type EngineName,
  loadModelBytes,
  type NoiseTarget,
  type SelectorName,
  type SolveResult,
  type StopRule,
} from '@ptrm/orchestrator'
import {
  type AnyItem,
  BoardTooLargeError,
  ClueWithoutTokenError,
  ContradictionError,
  PuzzleParseError,
  type Violation,
} from '@ptrm/puzzles'
import { type Found, nameOf, readPuzzles } from '@ptrm/puzzles/node'
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import { UsageError } from '../input.ts'
import {
  engineOptions,
  gridKindOption,
  listed,
  modelOption,
  onnxOptions,
  outputOptions,
  planOptions,
  puzzleInput,
  wantsColor,
} from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { Progress } from '../run/progress.ts'
import { readerIsGone, whenReaderLeaves } from '../run/reader.ts'
import { Solvers } from '../solvers.ts'
import { formatSummary, newTally, summarize, type Tally } from '../statistics.ts'
import { SvgFiles } from '../svg-file.ts'

interface SolveFlags {
  /** Default: the bundled model of each puzzle's kind. */
  readonly model?: string
  /** What grids are that no line gives a kind. */
  readonly kind?: string
  readonly rollouts?: number
  readonly steps?: number
  readonly sigma?: number | number[]
  readonly noiseTarget?: NoiseTarget
  readonly seed?: bigint
  readonly select?: SelectorName
  readonly stop?: StopRule
  readonly deadline?: number
  readonly workers?: number
  readonly backend?: Backend
  readonly slots?: number
  readonly device?: number
  readonly stepsPerRun?: number
  readonly fp16?: boolean
  readonly tf32?: boolean
  readonly deterministic: boolean
  readonly json?: boolean
  readonly svg?: string
  readonly quiet?: boolean
  readonly color: boolean
}

const HELP = `
Examples:
  ptrm solve examples/sudoku-hard.txt
  ptrm solve 52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.
  ptrm solve 'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'
  cat puzzles.csv | ptrm solve - --json > answers.ndjson
  ptrm solve puzzles.csv --rollouts 64 --stop all --select best-q     (the rules choose nothing)

Exit codes: 0 solved, 1 not solved, 2 bad input or usage, 3 the backend failed, 130 interrupted.
`

export const command: Command = declare({
  name: 'solve',
  description: 'solve the puzzles of a FILE, a URL, one PUZZLE given as text, or stdin (-)',
  arguments: [puzzleInput()],
  options: [
    modelOption("by each puzzle's kind"),
    gridKindOption("the model's, else sudoku"),
    ...planOptions(),
    option('--select <name>', `${listed(parse.SELECTIONS)} (default: verified)`, parse.select),
    option('--stop <rule>', `${parse.STOP_RULES} (default: first-verified)`, parse.stop),
    option('--no-deterministic', 'give rollout 0 noise as well (as the paper does when it measures)'),
    option(
      '--deadline <time>',
      'stop a puzzle after this time and take the best so far: 500ms, 10s, 2m',
      parse.duration,
    ),
    ...engineOptions(),
    ...onnxOptions(),
    ...outputOptions({ json: ' instead of pictures', quiet: 'only the answers, one a line' }),
  ],
  help: HELP,
  action: solve,
})

const PROGRESS_MS = 200

/** Puzzles that read well but that no rollout is run for. */
type Refusal = PuzzleParseError | ContradictionError | BoardTooLargeError | ClueWithoutTokenError

/** Exit codes: 0 all solved, 1 some not, 2 some input was unusable, 130 interrupted. */
async function solve(input: string, flags: SolveFlags): Promise<number> {
  const { model, workers, backend, slots, device, stepsPerRun, fp16, tf32, rollouts, steps, stop } = flags
  const solvers = new Solvers({
    model,
    workers,
    backend,
    onnx: { ...(slots && { slots }), deviceId: device, stepsPerRun, fp16, tf32 },
    expected: { rollouts, steps, all: stop === 'all' },
  })
  const run = new Run(solvers, flags)
  const onInterrupt = () => run.interrupt()
  process.once('SIGINT', onInterrupt)
  whenReaderLeaves(onInterrupt)
  const progress = setInterval(() => run.showProgress(), PROGRESS_MS)
  try {
    // A model that can't be loaded is reported before any puzzle is read.
    const fallback = flags.kind ?? (model && readModel(await loadModelBytes(model)).kind)
    return await run.all(input, fallback)
  } finally {
    clearInterval(progress)
    process.off('SIGINT', onInterrupt)
    await solvers.close()
  }
}

/** One pass over the input: as many puzzles in flight as there are workers, results in input order. */
class Run {
  readonly #solvers: Solvers
  readonly #flags: SolveFlags
  readonly #interrupted = new AbortController()
  readonly #tally: Tally = newTally()
  readonly #progress: Progress
  readonly #started = performance.now()
  #read = 0
  /** Puzzles in the input; undefined while that is not known. */
  #total: number | undefined
  readonly #pictures: SvgFiles | undefined

  constructor(solvers: Solvers, flags: SolveFlags) {
    this.#solvers = solvers
    this.#flags = flags
    this.#progress = new Progress(!flags.quiet)
    this.#pictures = flags.svg === undefined ? undefined : new SvgFiles(flags.svg)
  }

  interrupt(): void {
    this.#interrupted.abort(new Error('interrupted'))
  }

  showProgress(): void {
    this.#progress.draw(this.#tally, this.#total)
  }

  async all(input: string, fallback: string | undefined): Promise<number> {
    // Results wait here, in input order, until those before them are written.
    const inFlight: Promise<() => void>[] = []
    const writeFirst = async () => (await inFlight.shift()!)()
    for await (const item of await this.#items(input, fallback)) {
      if (this.#interrupted.signal.aborted) break
      this.#read += 1
      const writer = 'error' in item ? this.#bad(item) : this.#one(item, this.#read)
      writer.catch(() => {}) // reported when its turn to be written comes
      inFlight.push(writer)
      if (inFlight.length >= this.#solvers.workers) await writeFirst()
    }
    while (inFlight.length > 0) await writeFirst()
    return this.#end()
  }

  /** The input's entries: stdin as it comes, everything else read to its end first, so that progress knows the total. */
  async #items(input: string, fallback: string | undefined): Promise<AsyncIterable<AnyItem> | AnyItem[]> {
    const items = readPuzzles(input, { fallback, signal: this.#interrupted.signal })
    if (input === '-') return items
    const all: AnyItem[] = []
    for await (const item of items) all.push(item)
    this.#total = all.filter((item) => !('error' in item)).length
    this.#solvers.expectPuzzles(this.#total)
    return all
  }

  #end(): number {
    this.#progress.clear()
    const interrupted = this.#interrupted.signal.aborted
    if (this.#read === 0 && !interrupted) throw new UsageError('found no puzzle in the input')
    this.#pictures?.end()
    const summary = formatSummary(summarize(this.#tally, (performance.now() - this.#started) / 1000))
    if (!this.#flags.quiet && !readerIsGone())
      process.stderr.write(`${interrupted ? 'interrupted; ' : ''}${summary}\n`)
    if (interrupted) return 130
    if (this.#tally.bad > 0) return 2
    return this.#tally.solved === this.#tally.done ? 0 : 1
  }

  async #bad({ error }: { error: Refusal }, found?: Found): Promise<() => void> {
    this.#tally.bad += 1
    const where = error instanceof PuzzleParseError ? error.where : found?.where
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

  async #one(found: Found, number: number): Promise<() => void> {
    const { rollouts, steps, sigma, noiseTarget, seed, select, stop, deadline, deterministic } = this.#flags
    try {
      const solver = await this.#solvers.forPuzzle(found)
      const result = await solver.solve(found.puzzle, {
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
      return () => this.#write(found, result, { number, backend: solver.backend })
    } catch (error) {
      if (isRefusal(error)) return this.#bad({ error }, error instanceof PuzzleParseError ? undefined : found)
      if (this.#interrupted.signal.aborted) return () => {}
      throw error
    }
  }

  #write(
    found: Found,
    result: SolveResult,
    { number, backend }: { readonly number: number; readonly backend: EngineName },
  ): void {
    const { kind } = found
    const violations = result.answer === undefined ? [] : kind.verify(found.puzzle, result.answer)
    this.#pictures?.add(number, kind.toSvg(found.puzzle, result.answer, { violations }))
    if (this.#flags.json) writeJson({ ...toJson(found, result, this.#flags.select ?? 'verified'), backend })
    else if (this.#flags.quiet)
      process.stdout.write(`${result.answer ? kind.answerToLine(found.puzzle, result.answer) : '-'}\n`)
    else this.#picture(found, result, violations)
  }

  #picture(found: Found, result: SolveResult, violations: readonly Violation[]): void {
    const { kind } = found
    this.#progress.clear()
    const { rollouts, steps, ms } = result.stats
    const verdict = { verified: 'solved', unsolved: 'NOT solved' }[result.status]
    const from =
      result.rollout === undefined
        ? 'no rollout finished a step'
        : `rollout ${result.rollout}, q ${result.q!.toFixed(2)}`
    const picture = kind.toText(found.puzzle, result.answer, { color: wantsColor(this.#flags), violations })
    process.stdout.write(
      `${nameOf(found)}: ${verdict} (${from}; ${rollouts} rollouts, ${steps} steps, ${Math.round(ms)} ms)\n${picture}\n\n`,
    )
  }
}

function isRefusal(error: unknown): error is Refusal {
  return [PuzzleParseError, ContradictionError, BoardTooLargeError, ClueWithoutTokenError].some(
    (type) => error instanceof type,
  )
}

function toJson(found: Found, result: SolveResult, select: SelectorName) {
  const { kind } = found
  const { plan } = result
  return {
    kind: kind.name,
    id: found.id,
    where: found.where,
    status: result.status,
    answer: result.answer === undefined ? null : kind.answerToLine(found.puzzle, result.answer),
    q: result.q ?? null,
    rollout: result.rollout ?? null,
    stoppedBy: result.stoppedBy,
    stats: result.stats,
    plan: { ...plan, seed: plan.seed.toString() },
    select,
    url: kind.toUrl(found.puzzle),
  }
}

function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
