/** The element's runs: what is fetched for them, how they begin and end, and what is told of them. Knows no board that is drawn. */
import {
  bundledModel,
  makePlan,
  type SelectorName,
  type SolveEvent,
  type SolveOptions,
  type SolveResult,
  type Solver,
} from '@ptrm/orchestrator/browser'
import { Leaderboard } from './leader.ts'
import { Pace } from './pace.ts'
import { said } from './properties.ts'
import { type Board, emptyBoard } from './puzzle.ts'
import { PuzzleProperty } from './puzzle-property.ts'
import { SharedSolver } from './shared-solvers.ts'
import type { State } from './status.ts'
import { unlessAborted } from './unless-aborted.ts'

/** So many tries say what to hint at. */
const HINT_TRIES = 16

export abstract class SolverRuns extends PuzzleProperty {
  /** The last run's, once it has ended. */
  result: SolveResult | undefined

  protected leaders: Leaderboard = new Leaderboard()
  protected error: string | undefined
  /** How the last run chooses its answer. */
  protected selection: SelectorName | undefined
  #abort: AbortController | undefined
  readonly #pace = new Pace(() => {
    this.requestUpdate()
    this.performUpdate() // Now, so that the pace knows what a picture costs.
  })
  readonly #shared = new SharedSolver()

  /** The board as the kind reads it; undefined while `puzzle` can't be read. */
  abstract get board(): Board | undefined
  /** Brings the board up to the properties, also those that were set before the page knew the element. */
  protected abstract settle(): void
  /** What is to be solved; what was of the last run goes. Throws `PuzzleParseError`. */
  protected abstract boardToSolve(): Board

  /** Fetches what the puzzle on the board needs to be solved, ahead of `solve()`; rejects as that does, in silence. */
  async load(): Promise<Solver> {
    return this.withSolver(this.board ?? emptyBoard(this.kindName), async (solver) => solver)
  }

  /**
   * Solves what is on the board; `options` lead the properties. A run that is under way is stopped. Rejects as
   * `Solver.solve` and `createSolver` do (then `ptrm-error` was fired too), and with an AbortError that says what ended
   * the run: `stop()`, another run, another puzzle, or that the element left its page.
   */
  async solve(options: SolveOptions = {}): Promise<SolveResult> {
    // First, as a puzzle that was not read yet ends what runs.
    this.settle()
    this.abandon('another run began')
    const abort = new AbortController()
    this.#abort = abort
    const signal = options.signal ? AbortSignal.any([abort.signal, options.signal]) : abort.signal
    try {
      const board = this.boardToSolve()
      this.enter('loading')
      const run = (solver: Solver) => this.#run(solver, board, { ...this.plan(), ...options, signal })
      const result = await unlessAborted(signal, this.withSolver(board, run, signal))
      signal.throwIfAborted()
      this.#finish(result)
      return result
    } catch (error) {
      if (this.#abort === abort) this.fail(error, signal.aborted)
      throw error
    }
  }

  #run(solver: Solver, { puzzle }: Board, options: SolveOptions): Promise<SolveResult> {
    this.leaders = new Leaderboard(
      makePlan({ rollouts: options.rollouts }, solver.model.recommended).rollouts,
    )
    this.selection = options.select
    this.enter('solving')
    const onEvent: SolveOptions['onEvent'] = (event) => {
      if (!options.signal?.aborted) this.#hear(event)
      return options.onEvent?.(event)
    }
    return solver.solve(puzzle, { ...options, onEvent })
  }

  /** Ends the run; its `solve()` rejects, the board keeps the best answer so far. */
  stop(): void {
    this.abandon('stopped')
  }

  /** The element has left its page: nobody waits, and the workers are others'. */
  protected leave(): void {
    this.abandon('the element left its page')
    this.#shared.leave()
  }

  /** What was of the last run goes. */
  protected clearRun(): void {
    this.result = undefined
    this.error = undefined
    this.leaders = new Leaderboard()
  }

  /**
   * Lends a solver for the board until `use` is over, whatever the element asks for meanwhile. An element that is in no
   * page keeps none: nobody would tell it when to end the workers.
   */
  protected async withSolver<T>(
    { kind, puzzle }: Board,
    use: (solver: Solver) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const asked = said(this.model) ?? kind.name
    const modelUrl = said(this.modelUrl)
    const source = {
      model: modelUrl ? asked : (bundledModel(asked, kind.size(puzzle))?.name ?? asked),
      modelUrl,
      wasmUrl: said(this.wasmUrl),
      workers: said(this.workers),
    }
    const own = said(this.solver)
    const place = own ? undefined : this.#shared.hold(source)
    try {
      const solver = await (own ?? place!.solver)
      signal?.throwIfAborted()
      if (solver.kind.name !== kind.name) {
        const remedy = own ? 'give the element another solver' : 'set model or model-url'
        throw new Error(`a ${kind.name} puzzle, but the model is for ${solver.kind.name}; ${remedy}`)
      }
      return await use(solver)
    } finally {
      place?.leave()
      if (!this.isConnected) this.#shared.leave()
    }
  }

  #hear(event: SolveEvent): void {
    if (event.type === 'final') return
    this.leaders.hear(event)
    this.tell(event.type, event)
    // Steps come by the thousand.
    this.#pace.ask()
  }

  #finish(result: SolveResult): void {
    this.#abort = undefined
    this.result = result
    const outcome = result.status === 'verified' ? 'solved' : 'unsolved'
    this.enter(outcome)
    this.tell(outcome, result)
  }

  /** Ends the run that is under way, if one is: its `solve()` rejects and says why. */
  protected abandon(why: string): void {
    const abort = this.#abort
    if (!abort) return
    abort.abort(new DOMException(why, 'AbortError'))
    this.fail(abort.signal.reason, true)
  }

  protected fail(error: unknown, stopped: boolean): void {
    this.#abort = undefined
    this.error = stopped || !(error instanceof Error) ? undefined : error.message
    this.enter(stopped ? 'stopped' : 'error')
    this.tell(this.state, stopped ? undefined : error)
  }

  protected enter(state: State): void {
    this.state = state
    this.requestUpdate()
  }

  protected tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`ptrm-${name}`, { detail, bubbles: true, composed: true }))
  }

  /** Answers of the last run's tries, where there were enough; else of a few that run now, without a word. */
  protected async tries(board: Board, signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const known = this.result?.candidates ?? []
    if (known.length >= HINT_TRIES) return known.map(({ tokens }) => tokens)
    const plan = { ...this.plan(), rollouts: HINT_TRIES, stop: 'all', select: 'best-q', signal } as const
    const { candidates } = await this.withSolver(board, (solver) => solver.solve(board.puzzle, plan), signal)
    return candidates.map(({ tokens }) => tokens)
  }
}
