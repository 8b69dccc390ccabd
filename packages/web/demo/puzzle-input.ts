/** How puzzles come onto the page: examples, text, files; of many, one at a time. */
import { type AnyItem, DEFAULT_KIND, kinds } from '@ptrm/puzzles'
import { readAll } from '../src/puzzle.ts'
import { byId, html, toast } from './page.ts'

/** Every kind's examples, that of most people first. */
const EXAMPLES = [...kinds.values()]
  .toSorted((a, b) => Number(b.name === DEFAULT_KIND) - Number(a.name === DEFAULT_KIND))
  .flatMap(({ title, examples }) =>
    examples.map(({ about, text }) => ({ name: about ? `${title}, ${about}` : title, text })),
  )

type Found = Extract<AnyItem, { puzzle: unknown }>

export class PuzzleInput {
  readonly #text = byId('text', HTMLTextAreaElement)
  readonly #examples = byId('example', HTMLSelectElement)
  readonly #many = byId('many', HTMLElement)
  readonly #which = byId('which', HTMLElement)
  readonly #chosen: (url: string) => void
  #found: readonly Found[] = []
  #at = 0

  /** `chosen` hears of each puzzle to be put on the board, as a URL. */
  constructor(chosen: (url: string) => void) {
    this.#chosen = chosen
    this.#examples.append(
      html('option', { value: '', hidden: true }, 'Your own puzzle'),
      ...EXAMPLES.map(({ name, text }) => html('option', { value: text }, name)),
    )
    this.#examples.addEventListener('change', () => this.read(this.#examples.value))
    this.#text.addEventListener('input', () => this.#read(this.#text.value))
    byId('file', HTMLInputElement).addEventListener('change', (event) =>
      this.#open(event.target as HTMLInputElement),
    )
    byId('previous', HTMLElement).addEventListener('click', () => this.#go(this.#at - 1))
    byId('next', HTMLElement).addEventListener('click', () => this.#go(this.#at + 1))
    this.#acceptDrops()
  }

  /** Shows what there is to begin with. */
  readFirst(): void {
    this.read(EXAMPLES[0]!.text)
  }

  /** Takes a text as if it had been typed. */
  read(text: string): void {
    this.#text.value = text
    this.#read(text)
  }

  /** Shows what the board now holds; it was changed there. */
  show(url: string): void {
    this.#text.value = url
    this.#found = []
    this.#showCount()
  }

  #read(text: string, source?: string): void {
    if (!text.trim()) return
    const items = readAll(text, DEFAULT_KIND, source)
    const found = items.filter((item) => !('error' in item)) as Found[]
    const bad = items.filter((item) => 'error' in item)
    this.#text.setCustomValidity('')
    this.#text.removeAttribute('aria-invalid')
    if (bad[0]) {
      this.#text.setAttribute('aria-invalid', 'true')
      toast(
        found.length > 0
          ? `${bad.length} could not be read; the first: ${bad[0].error.message}`
          : bad[0].error.message,
      )
    }
    if (found.length === 0) return
    this.#found = found
    this.#go(0)
  }

  /** The list names the example only while it is the one on the board. */
  #showExample(): void {
    const text = this.#text.value.trim()
    this.#examples.value = EXAMPLES.find((example) => example.text === text)?.text ?? ''
  }

  #go(index: number): void {
    this.#at = (index + this.#found.length) % this.#found.length
    const { kind, puzzle, note } = this.#found[this.#at]!
    if (note) toast(note)
    this.#showCount()
    this.#chosen(kind.toUrl(puzzle))
  }

  #showCount(): void {
    this.#showExample()
    this.#many.hidden = this.#found.length < 2
    this.#which.textContent = `${this.#at + 1} of ${this.#found.length}`
  }

  async #open(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? []
    if (file) await this.#readFile(file)
    input.value = '' // the same file again is a change again
  }

  async #readFile(file: File): Promise<void> {
    const text = await file.text()
    this.#text.value = text.length > 2000 ? `# ${file.name}` : text
    this.#read(text, file.name)
  }

  #acceptDrops(): void {
    document.addEventListener('dragover', (event) => event.preventDefault())
    document.addEventListener('drop', (event) => {
      event.preventDefault()
      const [file] = event.dataTransfer?.files ?? []
      if (file) void this.#readFile(file)
      else this.read(event.dataTransfer?.getData('text/plain') ?? '')
    })
  }
}
