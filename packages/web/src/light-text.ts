/** The text that a page writes into an element: seen when it is asked for and soon after it changes, whoever writes it. */

/** How the text changed since it was taken last; undefined where it is blank. */
export interface TextChange {
  readonly before: string | undefined
  readonly now: string | undefined
}

export class LightText {
  readonly #element: Element
  readonly #onChange: () => void
  #taken: string | undefined
  #observer: MutationObserver | undefined

  /** `onChange` is called, as a microtask, after changes that nobody has taken yet; once `watch` was called. */
  constructor(element: Element, onChange: () => void) {
    this.#element = element
    this.#onChange = onChange
  }

  /** Without the blanks around it. */
  get now(): string | undefined {
    return this.#element.textContent?.trim() || undefined
  }

  /** A parser writes into an element that is in its page already, and frameworks change single nodes. May be called again. */
  watch(): void {
    this.#observer ??= new MutationObserver(this.#onChange)
    this.#observer.observe(this.#element, { childList: true, characterData: true, subtree: true })
  }

  /** What changed since the last call; undefined where nothing did. */
  take(): TextChange | undefined {
    const { now } = this
    const before = this.#taken
    if (now === before) return undefined
    this.#taken = now
    return { before, now }
  }
}
