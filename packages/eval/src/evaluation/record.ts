/** One puzzle's line in a run folder: what every rollout said at every step, judged by the published solution or by the rules. */
import type { Plan, SolveEvent, Solver, StepEvent } from '@ptrm/orchestrator'
import { type Found, nameOf } from '@ptrm/puzzles/node'
import { EvaluationError } from '../errors.ts'
import type { AnswerJudge } from './judge.ts'

/** What one rollout said at every step. */
export interface RolloutRecord {
  /** Halt logit after each step, shape [D]; f32 values to 9 digits, which is all of them. */
  readonly q: readonly number[]
  /** The answer after each step, shape [D], by number: equal numbers, equal answers of the puzzle; 0 is the
   * solution, which by the rules is the first answer that they accepted. */
  readonly answers: readonly number[]
  /** Whether the last is the solution: the published one, null where there is none; or the rules', in a run that they judge. */
  readonly right: boolean | null
  /** Share of the board's cells, givens among them, that agree with the published solution after the last step. */
  readonly cells: number | null
  /** The first step (from 1) whose answer was the solution. */
  readonly firstRight: number | null
  /** The first step (from 1) whose answer the rules accepted. Serves `verified` alone. */
  readonly firstVerified: number | null
}

/** A line of `puzzles.jsonl`. */
export interface PuzzleRecord {
  /** Place among the puzzles of the run, from 0. */
  readonly index: number
  readonly id: string
  /** Where the puzzle is from, as its file says; null where it does not. */
  readonly source: string | null
  /** Plain TRM: the same steps without noise. */
  readonly plain: RolloutRecord
  /** By rollout number, shape [K]. */
  readonly rollouts: readonly RolloutRecord[]
  /** In a run that the rules judge: they accepted two answers, so none of them is the solution. */
  readonly severalSolutions?: true
  /** Wall time of the K noisy rollouts, milliseconds. Not reproducible; kept out of the figures that are. */
  readonly ms: number
}

/** Whether two ids may be of one puzzle of one file: without an id of its own it has its line's, `path:3`, by any path to the file. */
export function mayNameOne(id: string, other: string): boolean {
  const lineOf = (text: string) => /:\d+$/.exec(text)?.[0]
  return id === other || (lineOf(id) !== undefined && lineOf(id) === lineOf(other))
}

/**
 * Runs all K rollouts of a puzzle to their end, and plain TRM beside them. Throws as `Solver.solve` does, and
 * `EvaluationError` where a halt logit is no number: there are no figures of it.
 */
export async function evaluatePuzzle(
  solver: Solver,
  found: Found,
  index: number,
  { plan, judge = 'solutions' }: { readonly plan: Plan; readonly judge?: AnswerJudge | undefined },
  signal?: AbortSignal,
): Promise<PuzzleRecord> {
  const { puzzle, source = null } = found
  const run = async (options: Pick<Plan, 'rollouts' | 'sigma'>) => {
    const traces = Array.from({ length: options.rollouts }, () => new Trace())
    const whole = { ...plan, ...options, includeDeterministic: false, stop: 'all' } as const
    const onEvent = (event: SolveEvent) => {
      if (event.type === 'step') traces[event.rollout]!.add(event)
    }
    const { stats } = await solver.solve(puzzle, { ...whole, signal, onEvent, select: 'best-q' })
    const what = options.sigma === 0 ? 'without noise' : `with sigma ${options.sigma}`
    for (const trace of traces) trace.checkNumbers(`puzzle ${nameOf(found)}, ${what}`)
    return { ms: stats.ms, traces }
  }
  const { ms, traces } = await run({ rollouts: plan.rollouts, sigma: plan.sigma })
  const [plain] = (await run({ rollouts: 1, sigma: 0 })).traces
  const accepted = judge === 'rules' ? acceptedBy([...traces, plain!]) : undefined
  const truth: Truth = accepted ? { judge, tokens: accepted[0] } : { judge, tokens: publishedTokens(found) }
  // Number 0 is the solution's, known or not.
  const numbers = new Map<string, number>([[truth.tokens?.join() ?? '', 0]])
  const rollouts = traces.map((trace) => trace.record(truth, numbers))
  return {
    index,
    id: nameOf(found),
    source,
    plain: plain!.record(truth, numbers),
    rollouts,
    ...(accepted && accepted.length > 1 && { severalSolutions: true }),
    ms: Math.round(ms),
  }
}

/** What answers are held against. */
interface Truth {
  readonly judge: AnswerJudge
  /** The solution, shape [L]; undefined where none is published, or the rules accepted nothing. */
  readonly tokens: Uint8Array | undefined
}

function publishedTokens({ kind, puzzle, solution }: Found): Uint8Array | undefined {
  return solution === undefined ? undefined : kind.canonical(puzzle, kind.encodeAnswer(puzzle, solution))
}

/** The different answers that the rules accepted, in the order of rollouts and steps. */
function acceptedBy(traces: readonly Trace[]): Uint8Array[] {
  const accepted = traces.flatMap((trace) => trace.accepted())
  return [...new Map(accepted.map((tokens) => [tokens.join(), tokens])).values()]
}

/** One rollout's steps as they come; a step that comes again, after a worker's crash, replaces itself. */
class Trace {
  readonly #steps: StepEvent[] = []

  add(event: StepEvent): void {
    this.#steps[event.step - 1] = event
  }

  checkNumbers(where: string): void {
    const wrong = this.#steps.find(({ q }) => !Number.isFinite(q))
    if (!wrong) return
    const { rollout, step, q } = wrong
    throw new EvaluationError(
      `${where}: the model's halt logit is ${q} in rollout ${rollout}, step ${step}: its numbers overflow; take less noise, or a model whose weights are smaller`,
    )
  }

  /** Answers that the rules accepted, shape [L] each. */
  accepted(): Uint8Array[] {
    return this.#steps.filter(({ verified }) => verified).map(({ tokens }) => tokens)
  }

  /** `numbers`: the answers of the puzzle so far, by their tokens. */
  record({ judge, tokens: solution }: Truth, numbers: Map<string, number>): RolloutRecord {
    const answers = this.#steps.map(({ tokens }) => numberOf(tokens, numbers))
    const firstRight = answers.indexOf(0) + 1
    const byRules = judge === 'rules'
    return {
      q: this.#steps.map(({ q }) => Number(q.toPrecision(9))),
      answers,
      right: byRules || solution ? answers.at(-1) === 0 : null,
      cells: !byRules && solution ? agreement(this.#steps.at(-1)!.tokens, solution) : null,
      firstRight: firstRight > 0 ? firstRight : null,
      firstVerified: this.#steps.find(({ verified }) => verified)?.step ?? null,
    }
  }
}

/** The number of an answer; a new one where it has none yet. */
function numberOf(tokens: Uint8Array, numbers: Map<string, number>): number {
  const key = tokens.join()
  const number = numbers.get(key) ?? numbers.size
  numbers.set(key, number)
  return number
}

/** Of the cells that the solution answers (tokens other than 0), the share that the tokens have the same. */
function agreement(tokens: Uint8Array, solution: Uint8Array): number {
  const cells = [...solution.keys()].filter((i) => solution[i] !== 0)
  const same = cells.filter((i) => tokens[i] === solution[i]).length
  return Number((same / cells.length).toFixed(6))
}
