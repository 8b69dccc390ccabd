/** How puzzles come onto the page: examples, text, files; of many, one at a time. What can't be read is said beside the box. */
import { type AnyItem, DEFAULT_KIND } from '@ptrm/puzzles'
import { emptyBoard, readAll } from '../src/puzzle.ts'
import { EXAMPLES } from './examples.ts'
import { byId, html, toast } from './page.ts'

type Found = Extract<AnyItem, { puzzle: unknown }>

export class PuzzleInput {
  readonly #text = byId('text', HTMLTextAreaElement)
  readonly #examples = byId('example', HTMLSelectElement)
  readonly #many = byId('many', HTMLElement)
  readonly #which = byId('which', HTMLElement)
  readonly #message = byId('text-fault', HTMLElement)
  readonly #chosen: (url: string) => void
  readonly #refused: () => void
  #found: readonly Found[] = []
  #at = 0
  #isRefused = false
  #kind: string = DEFAULT_KIND

  /** `chosen` hears of each puzzle to be put on the board, as a URL; `refused` of texts that hold none. */
  constructor(chosen: (url: string) => void, refused: () => void) {
    this.#chosen = chosen
    this.#refused = refused
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

  /** Whether the board is another than what the box says, as that can't be read. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  /** What is said beside the box; empty where nothing is wrong. */
  get fault(): string {
    return this.#message.textContent ?? ''
  }

  /** What the box holds. */
  get text(): string {
    return this.#text.value.trim()
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
    this.#tellFault('', false)
    this.#showCount()
  }

  #read(text: string, source?: string): void {
    if (text.trim()) this.#take(readAll(text, DEFAULT_KIND, source))
    else this.#clear()
  }

  #take(items: readonly AnyItem[]): void {
    const found = items.filter((item) => !('error' in item)) as Found[]
    const bad = items.filter((item) => 'error' in item)
    const first = bad[0]?.error.message ?? (found.length === 0 ? 'Found no puzzle.' : '')
    const isRefused = found.length === 0
    this.#tellFault(
      bad[0] && !isRefused ? `${bad.length} could not be read; the first: ${first}` : first,
      isRefused,
    )
    this.#found = found
    if (isRefused) {
      this.#showCount()
      this.#refused()
    } else this.#go(0)
  }

  /** An empty box is an empty board. */
  #clear(): void {
    const { kind, puzzle } = emptyBoard(this.#kind)
    this.#found = []
    this.#tellFault('', false)
    this.#showCount()
    this.#chosen(kind.toUrl(puzzle))
  }

  /** Stays until the box holds something else: what is on the board then is not what was typed. */
  #tellFault(message: string, isRefused: boolean): void {
    this.#isRefused = isRefused
    this.#message.textContent = message
    if (message) this.#text.setAttribute('aria-invalid', 'true')
    else this.#text.removeAttribute('aria-invalid')
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
    this.#kind = kind.name
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
