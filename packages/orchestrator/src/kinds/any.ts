/** Reads puzzles of all kinds from one text: each URL, record or named grid goes to its own kind's reader. */
import type { Position } from '../errors.ts'
import { PuzzleParseError } from '../errors.ts'
import { isRecord } from './grid/record.ts'
import { isUrl, urlName } from './grid/url.ts'
import type { AnyKind, FoundPuzzle, PuzzleReader } from './kind.ts'
import { kindNamed, kinds } from './registry.ts'

export type AnyItem =
  | (FoundPuzzle<unknown, unknown> & { readonly kind: AnyKind })
  | { readonly error: PuzzleParseError; readonly where: Position }

/**
 * A reader for texts of mixed kinds. A line that is a kind's name says what the grids below it are; before the first
 * such line they are of kind `fallback`.
 */
export class AnyReader {
  readonly #source: string | undefined
  #line = 0
  #kind: AnyKind
  #reader: PuzzleReader<unknown, unknown>

  constructor(source?: string, fallback = 'sudoku') {
    this.#source = source
    this.#kind = kindNamed(fallback)
    this.#reader = this.#kind.reader(source)
  }

  push(line: string): AnyItem[] {
    this.#line++
    const spoken = kindOfLine(line)
    if (spoken === undefined) return this.#tag(this.#reader.push(line, this.#line))
    const kind = kindByUrlName(spoken)
    if (!kind) return [...this.end(), this.#unknown(line, spoken)]
    const before = kind === this.#kind ? [] : this.#switchTo(kind)
    return [...before, ...this.#tag(this.#reader.push(line, this.#line))]
  }

  end(): AnyItem[] {
    return this.#tag(this.#reader.end())
  }

  #switchTo(kind: AnyKind): AnyItem[] {
    const rest = this.end()
    this.#kind = kind
    this.#reader = kind.reader(this.#source)
    return rest
  }

  #tag(items: ReturnType<PuzzleReader<unknown, unknown>['push']>): AnyItem[] {
    return items.map((item) => ('error' in item ? item : { ...item, kind: this.#kind }))
  }

  #unknown(line: string, name: string): AnyItem {
    const column = Math.max(0, line.toLowerCase().indexOf(name)) + 1
    const where = { source: this.#source, line: this.#line, column }
    const reason = `no puzzle kind '${name}'; known: ${[...kinds.keys()].join(', ')}`
    return { error: new PuzzleParseError(reason, where), where }
  }
}

/** The kind's name that a line carries by itself: in a URL, in a record's URL, or as its only word. */
function kindOfLine(line: string): string | undefined {
  const text = line.trim()
  if (isUrl(text)) return urlName(text)
  if (isRecord(text)) return urlName(/"[^"]*\?[^"]*"/.exec(text)?.[0] ?? '')
  const word = /^([a-z]+):?$/i.exec(text)?.[1]?.toLowerCase()
  return word !== undefined && kindByUrlName(word) ? word : undefined
}

function kindByUrlName(name: string): AnyKind | undefined {
  for (const kind of kinds.values()) if (kind.name === name || kind.urlNames.includes(name)) return kind
  return undefined
}
