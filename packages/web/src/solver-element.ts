/** `<ptrm-solver>`: a board to type, paste or set a puzzle on, and a button that solves it in this page. */

import {
  makePlan,
  type SolveEvent,
  type SolveOptions,
  type SolveResult,
  type Solver,
} from '@ptrm/orchestrator/browser'
import { type AnyKind, DEFAULT_KIND } from '@ptrm/puzzles'
import {
  type CSSResultGroup,
  html,
  isServer,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit'
import { CellClicks, CellTyping, cellAfterKey, historyKey, isWriting } from './cell-input.ts'
import { controlsView } from './controls-view.ts'
import { EditHistory } from './edit-history.ts'
import { gridView } from './grid-view.ts'
import { Leaderboard } from './leader.ts'
import { LightText } from './light-text.ts'
import { Pace } from './pace.ts'
import { padView } from './pad-view.ts'
import { SolverProperties } from './properties.ts'
import { type Board, emptyBoard, kindCalled, readBoard, readOne } from './puzzle.ts'
import { SharedSolver } from './shared-solvers.ts'
import { type State, statusText } from './status.ts'
import { styles } from './styles.ts'

/**
 * A board that people write on, with a button that solves it in the page. Its text is a puzzle too, where it has no
 * attribute `puzzle`; it has no slots.
 *
 * @fires {CustomEvent<StepEvent>} ptrm-step - A rollout's step.
 * @fires {CustomEvent<{ candidate: Candidate }>} ptrm-rollout - A rollout's end.
 * @fires {CustomEvent<SolveResult>} ptrm-solved - The run has ended with an answer that the rules accept.
 * @fires {CustomEvent<SolveResult>} ptrm-unsolved - The run has ended without one.
 * @fires {CustomEvent<undefined>} ptrm-stopped - The run was ended before its end.
 * @fires {CustomEvent<Error>} ptrm-error - The puzzle can't be read, or the run has failed.
 * @fires {CustomEvent<PuzzleEdit>} ptrm-puzzle - Someone wrote on the board.
 *
 * @csspart board - The picture, with the cells over it.
 * @csspart cell - A cell that takes the focus.
 * @csspart pad - The buttons that write into a cell.
 * @csspart key - A button of the pad.
 * @csspart hint - What may be written, or why something was refused.
 * @csspart controls - Button, status and progress.
 * @csspart button - Solves or stops.
 * @csspart status - How it stands, in words.
 * @csspart progress - How many rollouts are done.
 *
 * @cssprop --ptrm-paper - Ground of the board.
 * @cssprop --ptrm-ink - Givens and text.
 * @cssprop --ptrm-muted - Status and hint.
 * @cssprop --ptrm-line - Lines between cells.
 * @cssprop --ptrm-accent - Answers, focus and the button.
 * @cssprop --ptrm-on-accent - Text of the button.
 * @cssprop --ptrm-wrong - What breaks a rule.
 * @cssprop --ptrm-wrong-fill - Ground of a cell that breaks a rule.
 * @cssprop --ptrm-right - The status of a solved puzzle.
 * @cssprop --ptrm-shade - Shaded cells.
 * @cssprop --ptrm-lit - Cells that a bulb lights.
 * @cssprop --ptrm-bulb - Bulbs.
 */
export class PtrmSolver extends SolverProperties {
  static override readonly styles: CSSResultGroup = [...styles]
  // The element has accessors of its own: its text counts as well.
  static override readonly properties: PropertyDeclarations = { puzzle: { type: String, noAccessor: true } }

  /** The last run's, once it has ended. */
  result: SolveResult | undefined

  #puzzle: string | undefined
  #board: Board | undefined
  /** What `#board` was read from. */
  #source: readonly [text: string | undefined, kind: string] | undefined
  #leaders = new Leaderboard()
  #error: string | undefined
  /** What was refused on the board, until something else is done there. */
  #refusal: string | undefined
  #cursor = 0
  #abort: AbortController | undefined
  readonly #pace = new Pace(() => {
    this.requestUpdate()
    this.performUpdate() // Now, so that the pace knows what a picture costs.
  })
  readonly #typing = new CellTyping()
  readonly #clicks = new CellClicks()
  readonly #history = new EditHistory()
  readonly #shared = new SharedSolver()
  readonly #text = new LightText(this, () => this.#takeText())

  /** The puzzle's text, as set last: by this property, the attribute, or (where there is no attribute) the element's text. */
  get puzzle(): string | undefined {
    this.#takeText()
    return this.#puzzle
  }

  set puzzle(puzzle: string | undefined | null) {
    // `null`, as of an attribute that was removed, leaves the element's text.
    // What was written into the element before this is older, and must not come after it.
    this.#takeText()
    this.#setPuzzle(puzzle === null ? this.#text.now : puzzle)
  }

  /** The board as the kind reads it; undefined while `puzzle` can't be read. */
  get board(): Board | undefined {
    this.#settle()
    this.#read()
    return this.#board
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#text.watch()
    this.#takeText()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // An element that is only moved is connected again by then.
    queueMicrotask(() => {
      if (this.isConnected) return
      this.#abandon('the element left its page')
      this.#shared.leave()
    })
  }

  /** Fetches what the puzzle on the board needs to be solved, ahead of `solve()`; rejects as that does, in silence. */
  async load(): Promise<Solver> {
    return this.#solverFor((this.board ?? emptyBoard(this.kind)).kind)
  }

  /**
   * Solves what is on the board; `options` lead the properties. A run that is under way is stopped. Rejects as
   * `Solver.solve` and `createSolver` do (then `ptrm-error` was fired too), and with an AbortError that says what ended
   * the run: `stop()`, another run, another puzzle, or that the element left its page.
   */
  async solve(options: SolveOptions = {}): Promise<SolveResult> {
    // First, as a puzzle that was not read yet ends what runs.
    this.#settle()
    this.#read(false)
    this.#abandon('another run began')
    const abort = new AbortController()
    this.#abort = abort
    const signal = options.signal ? AbortSignal.any([abort.signal, options.signal]) : abort.signal
    try {
      const board = this.#start()
      const solver = await unlessAborted(signal, this.#solverFor(board.kind))
      const plan = { ...this.plan(), ...options }
      this.#leaders = new Leaderboard(
        makePlan({ rollouts: plan.rollouts }, solver.model.recommended).rollouts,
      )
      this.#enter('solving')
      const onEvent: SolveOptions['onEvent'] = (event) => {
        if (!signal.aborted) this.#hear(event)
        options.onEvent?.(event)
      }
      const result = await unlessAborted(signal, solver.solve(board.puzzle, { ...plan, signal, onEvent }))
      signal.throwIfAborted()
      this.#finish(result)
      return result
    } catch (error) {
      if (this.#abort === abort) this.#fail(error, signal.aborted)
      throw error
    }
  }

  /** Ends the run; its `solve()` rejects, the board keeps the best answer so far. */
  stop(): void {
    this.#abandon('stopped')
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('puzzle') || changed.has('kind')) this.#read()
  }

  protected override render(): TemplateResult {
    const board = this.#shown()
    const answer = this.#answerOn(board)
    const status = this.#status()
    return html`
      ${gridView({
        board,
        answer,
        violations: answer === undefined ? [] : board.kind.verify(board.puzzle, answer),
        cursor: this.#cursor,
        readonly: this.readonly,
        onMove: (cell) => this.#moveTo(cell),
        onPress: (cell) => this.#clicks.press(cell, this.#focusedCell()),
        onClick: (cell) => this.#onClick(board, cell),
        onKey: (event) => this.#onKey(board, event),
        onPaste: (event) => this.#onPaste(event),
      })}
      ${this.readonly || (this.noControls && !this.pad) ? '' : this.#padView(board)}
      ${
        this.noControls
          ? ''
          : controlsView({
              state: this.state,
              status,
              progress: this.#leaders.progress,
              onSolve: () => void this.solve().catch(() => {}), // told by ptrm-error
              onStop: () => this.stop(),
            })
      }
      <div class="spoken" role="status" aria-live="polite">${this.state === 'solving' ? 'Solving' : status}</div>
    `
  }

  #padView(board: Board): TemplateResult {
    return padView({
      board,
      cursor: this.#cursor,
      history: this.#history,
      refusal: this.noControls ? this.#refusal : undefined,
      onWrite: (text) => this.#write(board, text),
      onUndo: () => this.#put(this.#history.undo(board)),
      onRedo: () => this.#put(this.#history.redo(board)),
      onClear: () =>
        this.#edit({ ...board, puzzle: board.kind.editing.empty(board.kind.size(board.puzzle)) }),
    })
  }

  protected override updated(): void {
    const { kind, puzzle } = this.#shown()
    // By property, not by attribute: strict policies forbid those. Cells of wide boards stay large enough to be pressed.
    this.style.setProperty('--_columns', String(kind.size(puzzle).cols))
  }

  /** What is drawn: an empty board where nothing could be read. */
  #shown(): Board {
    return this.#board ?? emptyBoard(kindCalled(this.kind) ? this.kind : DEFAULT_KIND)
  }

  /** The chosen answer when there is one, else that of the leading rollout. */
  #answerOn({ kind, puzzle }: Board): unknown {
    if (this.result) return this.result.answer
    const { leader } = this.#leaders
    return leader && kind.decode(puzzle, leader.tokens)
  }

  #status(): string {
    return statusText(this.state, {
      result: this.result,
      progress: this.#leaders.progress,
      error: this.#error,
      note: this.#refusal ?? this.#board?.note,
    })
  }

  /**
   * What a page set on the tag before it knew the element becomes properties in the first update only, which would then
   * end a run that began before it.
   */
  #settle(): void {
    if (!isServer && !this.hasUpdated) this.performUpdate()
  }

  /** Brings `#board` up to the properties; what was there of the last puzzle goes. `tell` of what can't be read? */
  #read(tell = true): void {
    const { puzzle, kind } = this
    if (this.#source?.[0] === puzzle && this.#source?.[1] === kind) return
    this.#abandon('another puzzle was set')
    this.#source = [puzzle, kind]
    this.#clear()
    this.#history.forget()
    // Where the focus stands, writing goes on.
    if (this.#focusedCell() === undefined) this.#cursor = 0
    try {
      this.#board = readBoard(puzzle, kind)
      this.#cursor = Math.min(this.#cursor, cellsOf(this.#board) - 1)
      this.state = 'idle'
    } catch (error) {
      this.#board = undefined
      if (tell) this.#fail(error, false)
    }
  }

  #start(): Board {
    // Where it could not be read, to be told why again.
    const board = this.#board ?? readBoard(this.puzzle, this.kind)
    this.#clear()
    this.#enter('loading')
    return board
  }

  #takeText(): void {
    if (this.hasAttribute('puzzle')) return
    const change = this.#text.take()
    if (!change) return
    // A text that goes takes its own puzzle along, no other.
    if (change.now !== undefined || change.before === this.#puzzle) this.#setPuzzle(change.now)
  }

  #setPuzzle(puzzle: string | undefined): void {
    const before = this.#puzzle
    this.#puzzle = puzzle
    this.requestUpdate('puzzle', before)
  }

  #clear(): void {
    this.result = undefined
    this.#error = undefined
    this.#refusal = undefined
    this.#leaders = new Leaderboard()
  }

  async #solverFor(kind: AnyKind): Promise<Solver> {
    const { model = kind.name, modelUrl, wasmUrl, workers } = this
    const solver = await (this.solver ?? this.#shared.get({ model, modelUrl, wasmUrl, workers }))
    if (solver.kind.name === kind.name) return solver
    const remedy = this.solver ? 'give the element another solver' : 'set model or model-url'
    throw new Error(`a ${kind.name} puzzle, but the model is for ${solver.kind.name}; ${remedy}`)
  }

  #hear(event: SolveEvent): void {
    if (event.type === 'final') return
    this.#leaders.hear(event)
    this.#tell(event.type, event)
    // Steps come by the thousand.
    this.#pace.ask()
  }

  #finish(result: SolveResult): void {
    this.#abort = undefined
    this.result = result
    const outcome = result.status === 'verified' ? 'solved' : 'unsolved'
    this.#enter(outcome)
    this.#tell(outcome, result)
  }

  /** Ends the run that is under way, if one is: its `solve()` rejects and says why. */
  #abandon(why: string): void {
    const abort = this.#abort
    if (!abort) return
    abort.abort(new DOMException(why, 'AbortError'))
    this.#fail(abort.signal.reason, true)
  }

  #fail(error: unknown, stopped: boolean): void {
    this.#abort = undefined
    this.#error = stopped || !(error instanceof Error) ? undefined : error.message
    this.#enter(stopped ? 'stopped' : 'error')
    this.#tell(this.state, stopped ? undefined : error)
  }

  #enter(state: State): void {
    this.state = state
    this.requestUpdate()
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`ptrm-${name}`, { detail, bubbles: true, composed: true }))
  }

  #moveTo(cell: number): void {
    if (cell === this.#cursor) return
    this.#cursor = cell
    this.requestUpdate()
  }

  #onKey(board: Board, event: KeyboardEvent): void {
    const target = cellAfterKey(board, this.#cursor, event)
    if (target !== undefined) {
      event.preventDefault()
      this.#moveTo(target)
      void this.updateComplete.then(() => this.#focusCell())
      return
    }
    if (this.readonly || !this.#board) return
    const way = historyKey(event)
    const next = way ? this.#history[way](board) : this.#typing.type(board, this.#cursor, event)
    if (next) {
      event.preventDefault()
      if (way) this.#put(next)
      else this.#edit(next)
    } else if (isWriting(event))
      this.#refuse(`‘${event.key}’ can’t be written here. ${board.kind.editing.hint}`)
  }

  /** A whole puzzle, in any notation, takes the board's place. */
  #onPaste(event: ClipboardEvent): void {
    if (this.readonly) return
    event.preventDefault()
    try {
      this.#edit(readOne(event.clipboardData?.getData('text/plain') ?? '', this.kind))
    } catch (error) {
      this.#refuse(`What was pasted is no puzzle: ${(error as Error).message}`)
    }
  }

  /** Says what the board does not take; what is on it stays, a run as well. */
  #refuse(why: string): void {
    this.#refusal = why
    this.requestUpdate()
  }

  #write(board: Board, text: string): void {
    const { kind, puzzle } = board
    // One character after the other makes one clue of both, as by keys.
    const isTyped = text.length === 1 && /[\w?]/.test(text)
    const typed =
      isTyped && this.#typing.type(board, this.#cursor, new KeyboardEvent('keydown', { key: text }))
    const written = typed ? typed.puzzle : kind.editing.write(puzzle, this.#cursor, text)
    if (written) this.#edit({ kind, puzzle: written })
  }

  #onClick(board: Board, cell: number): void {
    this.#moveTo(cell)
    this.#focusCell()
    const clicked = this.#clicks.click(board, cell)
    if (clicked && !this.readonly && this.#board) this.#edit(clicked)
  }

  #focusCell(): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-cell="${this.#cursor}"]`)?.focus()
  }

  #focusedCell(): number | undefined {
    return this.shadowRoot?.activeElement?.matches(`[data-cell="${this.#cursor}"]`) ? this.#cursor : undefined
  }

  #edit(board: Board): void {
    if (this.#board) this.#history.leave(this.#board)
    this.#put(board)
  }

  #put(board: Board | undefined): void {
    if (!board) return
    this.#abandon('the board was written on')
    this.#clear()
    this.#board = board
    const url = board.kind.toUrl(board.puzzle)
    this.puzzle = url
    this.#source = [url, this.kind]
    this.#cursor = Math.min(this.#cursor, cellsOf(board) - 1)
    this.#enter('idle')
    this.#tell('puzzle', { kind: board.kind.name, url })
  }
}

function cellsOf({ kind, puzzle }: Board): number {
  const { rows, cols } = kind.size(puzzle)
  return rows * cols
}

/** What a promise comes to; rejects with the signal's reason as soon as that is aborted, whatever the promise does. */
function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([aborted, promise])
}
