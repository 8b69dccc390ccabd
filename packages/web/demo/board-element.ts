/** `<demo-board>`: a picture of a board with an answer, to look at only. */
import { drawSvgFragment } from '@ptrm/puzzles'
import { type CSSResultGroup, html, LitElement, type TemplateResult } from 'lit'
import { unsafeSVG } from 'lit/directives/unsafe-svg.js'
import type { Board } from '../src/puzzle.ts'
import { styles } from '../src/styles.ts'
import { miniBoard } from './mini.ts'

export class DemoBoard extends LitElement {
  static override readonly styles: CSSResultGroup = [...styles]
  #board: Board | undefined
  #tokens: Uint8Array | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    // The page says in words what it shows, by `ariaLabel`.
    this.role = 'img'
  }

  /** Answer tokens of the puzzle's own board, or none. */
  show(board: Board, tokens?: Uint8Array): void {
    if (board === this.#board && tokens === this.#tokens) return
    this.#board = board
    this.#tokens = tokens
    this.requestUpdate()
  }

  protected override render(): TemplateResult {
    if (!this.#board) return html``
    const { picture, violations } = miniBoard(this.#board, this.#tokens)
    return html`${unsafeSVG(drawSvgFragment(picture, violations))}`
  }
}

customElements.define('demo-board', DemoBoard)
