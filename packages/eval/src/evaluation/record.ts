/** One puzzle's line in a run folder: what every rollout said at every step, judged by the published solution. */
import type { Plan, SolveEvent, Solver, StepEvent } from '@ptrm/orchestrator'
import { type Found, nameOf } from '@ptrm/puzzles/node'
import { EvaluationError } from '../errors.ts'

/** What one rollout said at every step. */
export interface RolloutRecord {
  /** Halt logit after each step, shape [D]; f32 values to 9 digits, which is all of them. */
  readonly q: readonly number[]
  /** The answer after each step, shape [D], by number: equal numbers, equal answers of the puzzle; 0 is the solution. */
  readonly answers: readonly number[]
  /** Whether the last is the published solution; null where none is published. The rules are not asked. */
  readonly right: boolean | null
  /** Share of the board's cells, givens among them, that agree with the solution after the last step. */
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
  /** Wall time of the K noisy rollouts, milliseconds. Not reproducible; kept out of the figures that are. */
  readonly ms: number
}

/**
 * Runs all K rollouts of a puzzle to their end, and plain TRM beside them. Throws as `Solver.solve` does, and
 * `EvaluationError` where a halt logit is no number: there are no figures of it.
 */
export async function evaluatePuzzle(
  solver: Solver,
  found: Found,
  index: number,
  plan: Plan,
  signal?: AbortSignal,
): Promise<PuzzleRecord> {
  const { kind, puzzle, source = null } = found
  const solution =
    found.solution === undefined
      ? undefined
      : kind.canonical(puzzle, kind.encodeAnswer(puzzle, found.solution))
  // Number 0 is the solution's, published or not.
  const numbers = new Map<string, number>([[solution?.join() ?? '', 0]])
  const run = async (options: Pick<Plan, 'rollouts' | 'sigma'>) => {
    const traces = Array.from({ length: options.rollouts }, () => new Trace(solution, numbers))
    const whole = { ...plan, ...options, includeDeterministic: false, stop: 'all' } as const
    const onEvent = (event: SolveEvent) => {
      if (event.type === 'step') traces[event.rollout]!.add(event)
    }
    const { stats } = await solver.solve(puzzle, { ...whole, signal, onEvent, select: 'best-q' })
    const what = options.sigma === 0 ? 'without noise' : `with sigma ${options.sigma}`
    for (const trace of traces) trace.checkNumbers(`puzzle ${nameOf(found)}, ${what}`)
    return { ms: stats.ms, records: traces.map((trace) => trace.record()) }
  }
  const { ms, records } = await run({ rollouts: plan.rollouts, sigma: plan.sigma })
  const plain = (await run({ rollouts: 1, sigma: 0 })).records[0]!
  return { index, id: nameOf(found), source, plain, rollouts: records, ms: Math.round(ms) }
}

/** One rollout's steps as they come; a step that comes again, after a worker's crash, replaces itself. */
class Trace {
  readonly #solution: Uint8Array | undefined
  /** The answers of the puzzle so far, and their numbers. */
  readonly #numbers: Map<string, number>
  readonly #steps: StepEvent[] = []

  constructor(solution: Uint8Array | undefined, numbers: Map<string, number>) {
    this.#solution = solution
    this.#numbers = numbers
  }

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

  record(): RolloutRecord {
    const answers = this.#steps.map(({ tokens }) => this.#number(tokens))
    const firstRight = answers.indexOf(0) + 1
    return {
      q: this.#steps.map(({ q }) => Number(q.toPrecision(9))),
      answers,
      right: this.#solution ? answers.at(-1) === 0 : null,
      cells: this.#solution ? agreement(this.#steps.at(-1)!.tokens, this.#solution) : null,
      firstRight: firstRight > 0 ? firstRight : null,
      firstVerified: this.#steps.find(({ verified }) => verified)?.step ?? null,
    }
  }

  #number(tokens: Uint8Array): number {
    const key = tokens.join()
    const number = this.#numbers.get(key) ?? this.#numbers.size
    this.#numbers.set(key, number)
    return number
  }
}

/** Of the cells that the solution answers (tokens other than 0), the share that the tokens have the same. */
function agreement(tokens: Uint8Array, solution: Uint8Array): number {
  const cells = [...solution.keys()].filter((i) => solution[i] !== 0)
  const same = cells.filter((i) => tokens[i] === solution[i]).length
  return Number((same / cells.length).toFixed(6))
}
