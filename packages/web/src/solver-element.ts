/** `<ptrm-solver>`: a board to type, paste or set a puzzle on, and a button that solves it in this page. */

import { DEFAULT_KIND, type Violation } from '@ptrm/puzzles'
import { type CSSResultGroup, html, isServer, type PropertyValues, type TemplateResult } from 'lit'
import type { AnswerSheet } from './answer-sheet.ts'
import { controlsView } from './controls-view.ts'
import { gridView } from './grid-view.ts'
import { padView } from './pad-view.ts'
import type { Play } from './play.ts'
import { type Board, emptyBoard, kindCalled, readBoard } from './puzzle.ts'
import { clueSheet, type Sheet } from './sheet.ts'
import { SolverRuns } from './solver-runs.ts'
import { type State, statusText } from './status.ts'
import { styles } from './styles.ts'
import { type Desk, Writer } from './writer.ts'

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
export class PtrmSolver extends SolverRuns {
  static override readonly styles: CSSResultGroup = [...styles]
  #board: Board | undefined
  /** What `#board` was read from. */
  #source: readonly [text: string | undefined, kind: string] | undefined
  /** There while the element is for playing, as soon as it is loaded. */
  #play: Play | undefined
  /** Until `play` is set anew: what can't be loaded is not asked for at each picture. */
  #playFailed = false
  /** Whether the board shows what the player wrote, not what the network says. */
  #showsMine = false
  readonly #writer = new Writer(this.#desk())

  /** The board as the kind reads it; undefined while `puzzle` can't be read. */
  override get board(): Board | undefined {
    this.#settle()
    this.#read()
    return this.#board
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // An element that is only moved is connected again by then.
    queueMicrotask(() => {
      if (this.isConnected) return
      this.#play?.leave()
      this.leave()
    })
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('puzzle') || changed.has('kind')) this.#read()
    if (changed.has('play')) this.#playFailed = false
    if (Boolean(this.play) !== Boolean(this.#play) && !this.#playFailed) void this.#followPlay()
  }

  protected override render(): TemplateResult {
    const board = this.#shown()
    const status = this.#status()
    // Its words are English and its picture runs from the left, whatever the page's language.
    return html`<div lang="en" dir="ltr">
      ${gridView({
        board,
        ...this.#answerOn(board),
        writer: this.#writer,
        readonly: this.readonly,
        hint: this.#sheet().hint,
      })}
      ${this.readonly || (this.noControls && !this.pad) ? '' : this.#padView()}
      ${
        this.noControls
          ? ''
          : controlsView({
              state: this.state,
              status,
              isRefusal: this.#writer.refusal !== undefined,
              progress: this.leaders.progress,
              onSolve: () => void this.solve().catch(() => {}), // told by ptrm-error
              onStop: () => this.stop(),
            })
      }
      <div class="spoken" role="status" aria-live="polite">${this.#spoken(status)}</div>
    </div>`
  }

  /** Figures of a run change too often to be spoken. */
  #spoken(status: string): string {
    const told = this.#writer.refusal ?? (this.#showsMine ? this.#play?.told : undefined)
    return told ?? (this.state === 'solving' ? 'Solving' : status)
  }

  #padView(): TemplateResult {
    const { refusal } = this.#writer
    return padView({
      sheet: this.#sheet(),
      writer: this.#writer,
      message: (this.noControls ? refusal : undefined) ?? this.#play?.told,
      buttons: this.#play?.buttons(),
    })
  }

  protected override updated(): void {
    // A listener of what this update told may have set another; Lit takes that for a part of this update.
    if (this.#source?.[0] !== this.puzzle || this.#source?.[1] !== this.kindName) this.requestUpdate('puzzle')
    const { kind, puzzle } = this.#shown()
    // By property, not by attribute: strict policies forbid those. Cells of wide boards stay large enough to be pressed.
    this.style.setProperty('--_columns', String(kind.size(puzzle).cols))
  }

  /** What is drawn: an empty board where nothing could be read. */
  #shown(): Board {
    return this.#board ?? emptyBoard(kindCalled(this.kindName) ? this.kindName : DEFAULT_KIND)
  }

  /** What is written on: the player's answer, or else the clues. */
  #sheet(): Sheet {
    const board = this.#shown()
    return this.#play?.sheetOn(board) ?? clueSheet(board)
  }

  /** What the player wrote, once there is any of it; else the chosen answer when there is one, or that of the leading rollout. */
  #answerOn(board: Board): { readonly answer: unknown; readonly violations: readonly Violation[] } {
    const { kind, puzzle } = board
    if (this.#play && this.#showsMine) {
      const { tokens } = this.#play.sheetOn(board)
      return { answer: kind.decode(puzzle, tokens), violations: this.#play.violations }
    }
    const { leader } = this.leaders
    const answer = this.result ? this.result.answer : leader && kind.decode(puzzle, leader.tokens)
    return { answer, violations: answer === undefined ? [] : kind.verify(puzzle, answer) }
  }

  #status(): string {
    const { refusal } = this.#writer
    if (refusal !== undefined) return refusal
    return statusText(this.state, {
      result: this.result,
      select: this.selection,
      progress: this.leaders.progress,
      error: this.error,
      note: this.#board?.note,
    })
  }

  /** What was refused before is no longer what there is to say. */
  protected override enter(state: State): void {
    this.#writer.refusal = undefined
    super.enter(state)
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
    const { puzzle, kindName: kind } = this
    if (this.#source?.[0] === puzzle && this.#source?.[1] === kind) return
    this.abandon('another puzzle was set')
    this.#source = [puzzle, kind]
    this.#clear()
    this.#writer.restart()
    try {
      this.#board = readBoard(puzzle, kind)
      this.#writer.keepOn(this.#board)
      this.state = 'idle'
    } catch (error) {
      this.#board = undefined
      if (tell) this.fail(error, false)
    }
  }

  protected override settle(): void {
    this.#settle()
    this.#read(false)
  }

  protected override boardToSolve(): Board {
    // Where it could not be read, to be told why again.
    const board = this.#board ?? readBoard(this.puzzle, this.kindName)
    this.#clear()
    return board
  }

  #clear(): void {
    this.clearRun()
    this.#writer.refusal = undefined
    this.#showsMine = false
  }

  #desk(): Desk {
    return {
      sheet: () => this.#sheet(),
      isLocked: () => this.readonly || !this.#board || (this.play && !this.#play),
      kind: () => this.kindName,
      focusedCell: () => this.#focusedCell(),
      focusCell: () => void this.updateComplete.then(() => this.#focusCell()),
      put: (sheet) => this.#put(sheet),
      requestUpdate: () => this.requestUpdate(),
    }
  }

  #focusCell(): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-cell="${this.#writer.cursor}"]`)?.focus()
  }

  #focusedCell(): number | undefined {
    const { cursor } = this.#writer
    return this.shadowRoot?.activeElement?.matches(`[data-cell="${cursor}"]`) ? cursor : undefined
  }

  #put(sheet: Sheet): void {
    if (sheet.holds === 'clues') {
      this.#putClues(sheet.board)
      return
    }
    this.#play?.put(sheet as AnswerSheet)
    this.#showMine()
  }

  #showMine(): void {
    this.#writer.refusal = undefined
    this.#showsMine = true
    this.requestUpdate()
  }

  #putClues(board: Board): void {
    this.abandon('the board was written on')
    this.#clear()
    this.#board = board
    const url = board.kind.toUrl(board.puzzle)
    this.puzzle = url
    this.#source = [url, this.kindName]
    this.#writer.keepOn(board)
    this.enter('idle')
    this.tell('puzzle', { kind: board.kind.name, url })
  }

  /** Playing begins as soon as it is loaded, and ends at once. */
  async #followPlay(): Promise<void> {
    this.#play?.leave()
    this.#play = undefined
    this.#showsMine = false
    if (!this.play) return
    let module: typeof import('./play.ts')
    try {
      module = await import('./play.ts')
    } catch (error) {
      this.#playFailed = true
      this.#writer.refuse(`Playing can’t be loaded: ${(error as Error).message}`)
      return
    }
    const { Play } = module
    if (!this.play || this.#play) return
    this.#play = new Play({
      writer: this.#writer,
      tries: (signal) => this.tries(this.#shown(), signal),
      showMine: () => this.#showMine(),
    })
    this.requestUpdate()
  }
}
