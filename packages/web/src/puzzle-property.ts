/** The element's property `puzzle`, which is its attribute or its text, whichever was set last. */
import type { PropertyDeclarations } from 'lit'
import { LightText } from './light-text.ts'
import { SolverProperties } from './properties.ts'

export abstract class PuzzleProperty extends SolverProperties {
  // The element has accessors of its own: its text counts as well.
  static override readonly properties: PropertyDeclarations = { puzzle: { type: String, noAccessor: true } }

  #puzzle: string | undefined
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

  override connectedCallback(): void {
    super.connectedCallback()
    this.#text.watch()
    this.#takeText()
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
}
