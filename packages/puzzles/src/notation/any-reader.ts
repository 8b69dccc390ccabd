/** Reads puzzles of all kinds from one text: each URL, record or named grid goes to its own kind's reader. */
import type { Position } from '../errors.ts'
import { type PuzzleParseError, UnknownKindError } from '../errors.ts'
import type { AnyKind, FoundPuzzle, PuzzleReader, ReadItem } from '../kind.ts'
import { kindNamed, kinds } from '../registry.ts'
import { cut } from './piece.ts'
import { openTable } from './table.ts'
import { isUrl, urlName } from './url.ts'

export type AnyItem =
  | (FoundPuzzle<unknown, unknown> & { readonly kind: AnyKind })
  | { readonly error: PuzzleParseError; readonly where: Position }

/**
 * A reader for texts of mixed kinds. A line that is a kind's name says what the grids below it are; before the first
 * such line they are of kind `fallback`. URLs, records and CSV rows with URLs say their kind themselves.
 */
export class AnyReader {
  readonly #source: string | undefined
  readonly #readers = new Map<AnyKind, PuzzleReader<unknown, unknown>>()
  #line = 0
  /** What grids are. */
  #kind: AnyKind
  /** The last CSV header, and the kinds whose readers know it. */
  #header: { readonly line: string; readonly number: number; readonly known: Set<AnyKind> } | undefined

  constructor(source?: string, fallback = 'sudoku') {
    this.#source = source
    this.#kind = kindNamed(fallback)
  }

  push(line: string): AnyItem[] {
    this.#line++
    const name = kindOfLine(line)
    if (name === undefined) return this.#pushGridLine(line)
    const kind = kindByUrlName(name)
    if (!kind) return [...this.end(), this.#unknown(line, name)]
    const before = kind === this.#kind ? [] : this.end()
    if (isWord(line)) this.#kind = kind
    this.#tellHeader(kind)
    return [...before, ...this.#pushTo(kind, line)]
  }

  end(): AnyItem[] {
    return this.#tag(this.#kind, this.#reader(this.#kind).end())
  }

  #pushGridLine(line: string): AnyItem[] {
    const where = { source: this.#source, line: this.#line, column: 1 }
    if (openTable(cut({ text: line, where })))
      this.#header = { line, number: this.#line, known: new Set([this.#kind]) }
    return this.#pushTo(this.#kind, line)
  }

  #pushTo(kind: AnyKind, line: string): AnyItem[] {
    return this.#tag(kind, this.#reader(kind).push(line, this.#line))
  }

  #tellHeader(kind: AnyKind): void {
    if (!this.#header || this.#header.known.has(kind)) return
    this.#header.known.add(kind)
    this.#reader(kind).push(this.#header.line, this.#header.number)
  }

  #reader(kind: AnyKind): PuzzleReader<unknown, unknown> {
    let reader = this.#readers.get(kind)
    if (!reader) {
      reader = kind.reader(this.#source)
      this.#readers.set(kind, reader)
    }
    return reader
  }

  #tag(kind: AnyKind, items: ReadItem<unknown, unknown>[]): AnyItem[] {
    return items.map((item) => ('error' in item ? item : { ...item, kind }))
  }

  #unknown(line: string, name: string): AnyItem {
    const column = Math.max(0, line.toLowerCase().indexOf(name)) + 1
    const where = { source: this.#source, line: this.#line, column }
    return { error: new UnknownKindError(name, kinds.keys(), where), where }
  }
}

/** The kind's name that a line carries by itself: in a URL of its own, of a record or of a CSV row, or as its only word. */
function kindOfLine(line: string): string | undefined {
  const text = line.trim()
  if (/^(?:#|\/\/|;)/.test(text)) return undefined
  if (isUrl(text)) return urlName(text)
  const inside = /https?:\/\/[^\s",;]*\?[^\s",;]*/i.exec(text)?.[0]
  if (inside) return urlName(inside)
  return isWord(text) ? text.replace(/:$/, '').toLowerCase() : undefined
}

/** Whether the line is the name of a kind. */
function isWord(line: string): boolean {
  const word = /^([a-z]+):?$/i.exec(line.trim())?.[1]?.toLowerCase()
  return word !== undefined && kindByUrlName(word) !== undefined
}

function kindByUrlName(name: string): AnyKind | undefined {
  for (const kind of kinds.values()) if (kind.name === name || kind.urlNames.includes(name)) return kind
  return undefined
}
