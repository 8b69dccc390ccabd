/** The public call, the same for CLI, page and server: a solver for one model, many puzzles. */
import type { KernelVariant, Model } from '@ptrm/core-wasm'
import { type AnyKind, ContradictionError, kindNamed, placeOf, placesText } from '@ptrm/puzzles'
import { ModelKindError } from './errors.ts'
import type { AnswerFor, KindFor, PuzzleFor } from './kind-types.ts'
import { type OpenedModel, openTrimmed } from './model.ts'
import { checkOptions, checkRange, SOLVE_RULES, SOLVER_RULES } from './options.ts'
import { placeOnModel } from './placing.ts'
import type { StoppedBy } from './pool/open-job.ts'
import type { PooledModel } from './pool/pool.ts'
import type { Candidate } from './rollouts/candidate.ts'
import { makePlan, type Plan, type PlanOptions } from './rollouts/plan.ts'
import type { StepEvent } from './rollouts/run.ts'
import { type Choice, type SelectorName, selectors } from './rollouts/select.ts'
import { createPoolFrom, type SolverPool, type SolverPoolOptions } from './solver-pool.ts'

/** What a solver is made of, on any platform. */
export interface SolverOptions extends SolverPoolOptions {
  /** A whole model file. */
  readonly modelBytes: Uint8Array
  /** What messages call the model. */
  readonly modelName?: string | undefined
  /** The kind that the model must be for; a model of another kind is refused. */
  readonly kind?: string | undefined
}

/** What a solver on a pool of others is made of. */
export interface SharingOptions extends Pick<SolverOptions, 'modelBytes' | 'modelName' | 'kind'> {
  readonly pool: SolverPool
}

/** What `onEvent` hears: every step of every rollout, every rollout's end, and the result. */
export type SolveEvent<K extends string = string> =
  | StepEvent
  | { readonly type: 'rollout'; readonly candidate: Candidate }
  | { readonly type: 'final'; readonly result: SolveResult<K> }

/** The plan, whose fields default to what the model recommends, and how the run is watched and ended. */
export interface SolveOptions<K extends string = string> extends PlanOptions {
  /** Default `verified`. */
  readonly select?: SelectorName | undefined
  /** Milliseconds; then the best so far is the result. */
  readonly deadline?: number | undefined
  /**
   * Whose puzzle it is. Solvers that share a pool share its slots fairly between clients, then between a client's puzzles;
   * among these, nearer deadlines go first. Default: one client of no name; in the calling thread, where a rollout has all
   * that there is, each call by itself, so that they take turns.
   */
  readonly client?: string | undefined
  /**
   * Runs rollouts `from` to `to - 1` of the plan's K alone, as one of several machines; `judge` then chooses among all. A
   * stop rule sees these alone. Default: all.
   */
  readonly range?: readonly [from: number, to: number] | undefined
  /** Abort rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Step events carry the latent z_H, made small to so many values, for pictures of where rollouts are. */
  readonly sketch?: number | undefined
  /**
   * Hears of every step, rollout and the end. Step events cost a message each. Promises that it returns are waited for, those of
   * steps and rollouts up to signal and deadline; what it throws or rejects with rejects the call.
   */
  readonly onEvent?: ((event: SolveEvent<K>) => void) | undefined
}

/** What a run took. */
export interface SolveStats {
  /** Rollouts that ran at least one step. */
  readonly rollouts: number
  /** Deep recursion steps over all rollouts. */
  readonly steps: number
  /** Calls of the network: steps * H_cycles * (L_cycles + 1). */
  readonly netCalls: number
  /** Wall time, milliseconds. */
  readonly ms: number
}

/** What a run came to. `K` is the kind's name, where it is known to the compiler. */
export interface SolveResult<K extends string = string> {
  /** The puzzle as it was solved: parsed, where it was given as text. `kind.toText(puzzle, answer)` draws it. */
  readonly puzzle: PuzzleFor<K>
  /** `verified`: the rules accept the answer; `unsolved`: they do not, or there is no answer. */
  readonly status: 'verified' | 'unsolved'
  /** The chosen answer, right or not; undefined when a deadline left no rollout a step. */
  readonly answer: AnswerFor<K> | undefined
  /** Halt logit of the answer: the model's own belief that it is right. */
  readonly q: number | undefined
  /** The rollout that the answer is from. */
  readonly rollout: number | undefined
  /** One a rollout that ran a step, by rollout number. */
  readonly candidates: readonly Candidate[]
  /** What ended it: all rollouts done, the stop rule, or the deadline. */
  readonly stoppedBy: 'end' | 'rule' | 'deadline'
  readonly plan: Plan
  readonly stats: SolveStats
}

/** What rollouts came to, wherever they ran. */
export interface Rollouts {
  readonly plan: Plan
  /** By rollout number. */
  readonly candidates: readonly Candidate[]
  readonly stoppedBy: SolveResult['stoppedBy']
  /** Wall time, milliseconds. */
  readonly ms: number
}

/**
 * Checks the model and makes a pool for it, or takes a place in one that there is. Rejects with `PlanError`,
 * `ModelFormatError`, `ModelKindError`, `KernelUnavailableError`. The caller closes the solver.
 */
export async function createSolverFrom<K extends string = string>(
  options: (SolverOptions | SharingOptions) & { readonly kind?: K | undefined },
): Promise<Solver<K>> {
  checkOptions(options, SOLVER_RULES)
  return createSolverOf(openTrimmed(options.modelBytes), options)
}

/** `createSolverFrom` with a model that is open, and options that were checked. */
export async function createSolverOf<K extends string = string>(
  { model, bytes }: OpenedModel,
  options: (Omit<SolverOptions, 'modelBytes'> | Omit<SharingOptions, 'modelBytes'>) & {
    readonly kind?: K | undefined
  },
): Promise<Solver<K>> {
  if (options.kind !== undefined && options.kind !== model.kind)
    throw new ModelKindError(options.kind, model.kind)
  const isShared = 'pool' in options && options.pool !== undefined
  const pool = isShared ? options.pool : await createPoolFrom(options as SolverPoolOptions)
  const pooled = pool.pool.open(bytes)
  const close = isShared ? async () => pooled.close() : () => pool.close()
  return new Solver<K>(model, { pool, pooled, close, name: options.modelName })
}

/** What a solver stands on. */
interface Ground {
  readonly pool: SolverPool
  readonly pooled: PooledModel
  close(): Promise<void>
  /** What messages call the model. */
  readonly name: string | undefined
}

/** Of all solvers, for names of clients. */
let calls = 0

/** Solves puzzles of one kind with one model. `createSolver` makes it; whoever called that closes it. */
export class Solver<K extends string = string> {
  readonly model: Model
  /** Parses, draws and judges what it solves. */
  readonly kind: KindFor<K>
  /** Worker threads, when all are started; other solvers may share them. 0: it computes in the calling thread. */
  readonly workers: number
  /** Rollouts that run at once, when all workers are started: so many puzzles in flight keep them busy. */
  readonly slots: number
  /** The name of the engine that its rollouts run on. */
  readonly backend: string
  /** Of the kernel, which makes the noise for every backend. */
  readonly kernelVariant: KernelVariant
  readonly #ground: Ground
  /** `kind` without its types, which only callers know. */
  readonly #kind: AnyKind

  constructor(model: Model, ground: Ground) {
    this.model = model
    this.#kind = kindNamed(model.kind)
    this.kind = this.#kind as KindFor<K>
    this.#ground = ground
    const { kernelVariant, backend, workers, slots } = ground.pool
    this.kernelVariant = kernelVariant
    this.backend = backend
    this.workers = workers
    this.slots = slots
  }

  /**
   * Solves one puzzle: its text in any notation of the kind, or a parsed puzzle. Calls may overlap.
   * Throws `PuzzleParseError`, `ContradictionError`, `BoardTooLargeError`, `ClueWithoutTokenError`, `PlanError`,
   * `WorkerCrashedError`, or the signal's reason.
   */
  async solve(input: string | PuzzleFor<K>, options: SolveOptions<K> = {}): Promise<SolveResult<K>> {
    checkOptions(options, SOLVE_RULES)
    const plan = makePlan(planOptions(options), this.model.recommended)
    const { onEvent, signal, deadline, sketch, select, range = [0, plan.rollouts] } = options
    const client = options.client ?? (this.workers === 0 ? `call ${calls++}` : undefined)
    checkRange(range, plan.rollouts)
    const puzzle = (typeof input === 'string' ? this.#kind.parse(input) : input) as PuzzleFor<K>
    this.#refuseContradictions(puzzle)
    const { kind, model } = { kind: this.#kind, model: this.model }
    const placed = placeOnModel(kind.name, kind.encode(puzzle), model.config, this.#ground.name)
    signal?.throwIfAborted()
    const started = performance.now()
    const [from, to] = range
    const rollouts = Array.from({ length: to - from }, (_, i) => from + i)
    const { candidates, stoppedBy } = await this.#ground.pooled.run(
      { ...placed, plan, rollouts, sketch, kind: kind.name, puzzle },
      {
        signal,
        deadline,
        client,
        onStep: onEvent,
        onCandidate: onEvent && ((candidate) => onEvent({ type: 'rollout', candidate })),
      },
    )
    const result = this.judge(
      puzzle,
      { plan, candidates, stoppedBy: notBySignal(stoppedBy, signal), ms: performance.now() - started },
      select,
    )
    await onEvent?.({ type: 'final', result })
    return result
  }

  /** What rollouts come to that ran here or elsewhere: their choice, held against the rules. `select`: default `verified`. */
  judge(puzzle: PuzzleFor<K>, rollouts: Rollouts, select: SelectorName = 'verified'): SolveResult<K> {
    const { plan, candidates, stoppedBy, ms } = rollouts
    return {
      puzzle,
      ...this.#verdict(puzzle, selectors[select](candidates)),
      candidates,
      stoppedBy,
      plan,
      stats: this.#stats(candidates, ms),
    }
  }

  /** Loads the first worker, to hear at once of an engine that can't run here. */
  load(): Promise<void> {
    return this.#ground.pooled.load()
  }

  /** Ends all workers, but for those of a shared pool, where it leaves its place; running calls reject. */
  close(): Promise<void> {
    return this.#ground.close()
  }

  #verdict(
    puzzle: PuzzleFor<K>,
    choice: Choice | undefined,
  ): Pick<SolveResult<K>, 'status' | 'answer' | 'q' | 'rollout'> {
    if (!choice) return { status: 'unsolved', answer: undefined, q: undefined, rollout: undefined }
    const answer = this.#kind.decode(puzzle, choice.tokens)
    const status = this.#kind.isSolved(puzzle, answer) ? 'verified' : 'unsolved'
    return { status, answer, q: choice.q, rollout: choice.candidate.rollout }
  }

  #stats(candidates: readonly Candidate[], ms: number): SolveStats {
    const steps = candidates.reduce((sum, candidate) => sum + candidate.steps, 0)
    const { hCycles, lCycles } = this.model.config
    return { rollouts: candidates.length, steps, netCalls: steps * hCycles * (lCycles + 1), ms }
  }

  #refuseContradictions(puzzle: unknown): void {
    const violations = this.#kind.contradictions(puzzle)
    if (violations.length === 0) return
    const [first] = violations
    const size = this.#kind.size(puzzle)
    const where = placesText(first!.cells.map((cell) => placeOf(size, cell)))
    throw new ContradictionError(`the givens contradict the rules: ${first!.rule} (${where})`, violations)
  }
}

function notBySignal(stoppedBy: StoppedBy, signal: AbortSignal | undefined): SolveResult['stoppedBy'] {
  if (stoppedBy === 'signal') throw signal?.reason
  return stoppedBy
}

/** The plan's fields alone, so that other options do not travel to workers. */
function planOptions(options: SolveOptions): PlanOptions {
  const { rollouts, steps, sigma, noiseTarget, seed, includeDeterministic, stop, exact } = options
  return { rollouts, steps, sigma, noiseTarget, seed, includeDeterministic, stop, exact }
}
