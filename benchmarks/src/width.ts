/** The table of what width does: rows from the NDJSON of `ptrm solve --json`, judged by the solutions in the puzzles' CSV. */
import { percentile, wilson95 } from '@ptrm/orchestrator'

/** A line of the puzzles' CSV. */
export interface Puzzle {
  readonly id: string
  readonly solution: string
  /** Counted apart from the other sources. */
  readonly source: string
}

/** What the table needs of a line of NDJSON. */
export interface Result {
  readonly id: string
  readonly status: 'verified' | 'unsolved'
  readonly answer: string | null
  readonly select: string
  readonly plan: {
    readonly rollouts: number
    readonly steps: number
    readonly sigma: number | readonly number[]
    readonly stop: unknown
    readonly seed: string
    readonly includeDeterministic: boolean
  }
  readonly stats: { readonly ms: number }
}

/** Results that make no table: some are missing, or the rules and the solutions disagree. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError'
}

export function header(puzzles: readonly Puzzle[]): string {
  const cells = ['plan', 'chosen by', 'solved %', ...sourcesOf(puzzles), 'ms a puzzle: median, p95']
  return `${row(cells)}\n${row(cells.map(() => '---'))}`
}

/** The row of one run; `name` is its file, for errors. Throws `ResultsError` unless it holds each puzzle once, by one plan. */
export function tableRow(puzzles: readonly Puzzle[], results: readonly Result[], name: string): string {
  const byId = new Map(results.map((result) => [result.id, result]))
  const missing = puzzles.filter(({ id }) => !byId.has(id))
  if (missing.length > 0 || results.length !== puzzles.length)
    throw new ResultsError(
      `${name}: ${results.length} results for ${puzzles.length} puzzles, ${missing.length} of which have none`,
    )
  const plans = new Set(results.map(describePlan))
  if (plans.size > 1) throw new ResultsError(`${name}: results of several plans: ${[...plans].join('; ')}`)
  const solved = puzzles.filter((puzzle) => isRight(puzzle, byId.get(puzzle.id)!, name))
  const counts = sourcesOf(puzzles).map((source) => {
    const from = (puzzle: Puzzle) => puzzle.source === source
    return `${solved.filter(from).length}/${puzzles.filter(from).length}`
  })
  const times = results.map(({ stats }) => stats.ms)
  const ms = [0.5, 0.95].map((p) => Math.round(percentile(times, p))).join(', ')
  const share = formatShare(solved.length, puzzles.length)
  return row([...plans, results[0]!.select, share, ...counts, ms])
}

/** By the published solution. Each puzzle has one only, so the rules must say the same. */
function isRight({ id, solution }: Puzzle, { answer, status }: Result, name: string): boolean {
  const right = answer === solution
  if (right !== (status === 'verified'))
    throw new ResultsError(
      `${name}: ${id} is ${status} by the rules, but ${right ? 'right' : 'wrong'} by its solution`,
    )
  return right
}

function sourcesOf(puzzles: readonly Puzzle[]): string[] {
  return [...new Set(puzzles.map(({ source }) => source))]
}

function describePlan({ plan }: Result): string {
  const { rollouts, steps, sigma, stop, seed, includeDeterministic } = plan
  const rule = typeof stop === 'string' ? stop : JSON.stringify(stop)
  const first = includeDeterministic ? ', rollout 0 without noise' : ''
  return `K=${rollouts}, D=${steps}, sigma ${sigma}, seed ${seed}, stop ${rule}${first}`
}

function formatShare(right: number, of: number): string {
  const [low, high] = wilson95({ right, of }).map((share) => (100 * share).toFixed(1))
  return `${((100 * right) / of).toFixed(1)} (${low}-${high})`
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
