/**
 * The reader of puzzle texts: URLs, text grids, puzzles on one line, JSON lines and CSV tables, mixed freely, of one kind
 * or of many. Every line is one of these, a comment, a frame, a name or an error: none is lost.
 */
import { PuzzleParseError, UnknownKindError } from '../errors.ts'
import type { FoundPuzzle, PuzzleReader } from '../kind.ts'
import type { Entry } from './entry.ts'
import type { AnyNotation, Notation } from './notation.ts'
import { cut, errorIn, type Piece, quoteList } from './piece.ts'
import { isRecord, readRecord } from './record.ts'
import { isRow, openTable, readRow, type Table } from './table.ts'
import { isUrl, nameIn, splitUrl, urlIn } from './url.ts'

const COMMENT = /^(?:#|\/\/|;)/
/** A line of these alone carries nothing if two horizontal ones stand side by side. */
const FRAME = /^[-=+|\s\u2500-\u257f]+$/
const HORIZONTAL = /[-=+\u2500\u2501\u2550]{2}/
/** `Grid 01`: the id of the puzzle below. A longer line, or one with a URL, may hold more than a name. */
const TITLE = /^grid\b(?!.*:\/\/).{0,60}$/i
/** The same where cells are words: no cell starts with a digit. */
const TITLE_AMONG_WORDS = /^grid\s+\d(?!.*:\/\/).{0,60}$/i

// biome-ignore lint/suspicious/noExplicitAny: what a puzzle and an answer are is the business of their kind
type Found = FoundPuzzle<any, any>
type BadEntry = { readonly error: PuzzleParseError; readonly where: PuzzleParseError['where'] }

export interface ReaderOptions<Item> {
  /** The kinds that the text may hold. */
  readonly notations: readonly AnyNotation[]
  /** The kind of grids and of puzzles on one line, until a line names another. */
  readonly first: AnyNotation
  /** Names the text in errors. */
  readonly source?: string | undefined
  /** What to hand out for a puzzle. */
  readonly item: (found: Found, notation: AnyNotation) => Item
}

/** A grid whose rows are still coming in. */
interface OpenGrid {
  readonly id: string | undefined
  readonly rows: Piece[]
}

/** Takes a text line by line; hands out an `Item` for each puzzle, and the error of each bad entry. */
export class LineReader<Item> {
  readonly #options: ReaderOptions<Item>
  readonly #byName: ReadonlyMap<string, AnyNotation>
  #notation: AnyNotation
  #line = 0
  #table: Table | undefined
  #grid: OpenGrid | undefined
  /** A title that no puzzle has taken yet. */
  #title: string | undefined

  constructor(options: ReaderOptions<Item>) {
    this.#options = options
    this.#notation = options.first
    this.#byName = new Map(
      options.notations.flatMap((notation) =>
        [notation.name, ...notation.urlNames].map((name) => [name, notation] as const),
      ),
    )
  }

  /** Takes one line, with or without its line break; returns what it completed. */
  push(text: string): (Item | BadEntry)[] {
    this.#line++
    const withoutMark = this.#line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text
    const where = { source: this.#options.source, line: this.#line, column: 1 }
    const line = cut({ text: withoutMark, where })
    if (this.#carriesNothing(line.text)) return []
    const read = this.#formOf(line)
    if (read) return [...this.end(), ...attempt(read)]
    this.#grid ??= { id: this.#takeTitle(), rows: [] }
    this.#grid.rows.push(line)
    return this.#grid.rows.length === this.#notation.size?.rows ? this.end() : []
  }

  /** Ends the text, or the grid whose rows came last: returns the puzzle, or its error. */
  end(): (Item | BadEntry)[] {
    const grid = this.#grid
    if (!grid) return []
    this.#grid = undefined
    const { id, rows } = grid
    const notation = this.#notation
    return attempt(() =>
      this.#options.item({ puzzle: notation.readGrid(rows), id, where: rows[0]!.where }, notation),
    )
  }

  #carriesNothing(text: string): boolean {
    // A row of a semicolon table may start with an empty field.
    if (text.startsWith(';') && this.#table?.delimiter === ';') return false
    if (COMMENT.test(text) || (FRAME.test(text) && HORIZONTAL.test(text))) return true
    return this.#notation.carriesNothing?.(text) ?? false
  }

  /** How to read a line that stands for itself; undefined for a row of a grid. */
  #formOf(line: Piece): (() => Item | undefined) | undefined {
    const { text } = line
    if (text === '') return () => undefined
    if (isRecord(text)) return () => this.#readEntry(readRecord(line), line)
    const table = this.#table && isRow(this.#table, line) ? this.#table : undefined
    if (!table && isUrl(text)) return () => this.#readEntry({ puzzle: line }, line)
    const notation = this.#notationNamed(text)
    if (notation) return () => this.#speak(notation)
    const header = openTable(line)
    if (header && this.#isKnown(header)) return () => this.#open(header, line)
    if (table) return () => this.#readTableRow(table, line)
    if (this.#isTitle(text)) return () => this.#entitle(text)
    if (this.#isRow(line)) return undefined
    // A sentence with a comma looks like a header as well: it must not hide the lines below.
    if (header) return () => refuseHeader(header, line)
    return () => this.#readEntry({ puzzle: line }, line)
  }

  /** Whether a line that is nothing else is a row of a grid. */
  #isRow(line: Piece): boolean {
    const { oneLine } = this.#notation
    return oneLine ? oneLine.isRow(line, this.#grid !== undefined) : urlIn(line) === undefined
  }

  /** The kind that a line names, alone or with a colon. */
  #notationNamed(text: string): AnyNotation | undefined {
    const word = /^([a-z][a-z\d]*):?$/i.exec(text)?.[1]
    return word === undefined ? undefined : this.#byName.get(word.toLowerCase())
  }

  #speak(notation: AnyNotation): undefined {
    this.#notation = notation
  }

  #isTitle(text: string): boolean {
    return (this.#notation.cellsAreWords ? TITLE_AMONG_WORDS : TITLE).test(text)
  }

  #entitle(title: string): undefined {
    this.#title = title
  }

  #takeTitle(): string | undefined {
    const title = this.#title
    this.#title = undefined
    return title
  }

  /** Whether a line that looks like a CSV header is one, by the names of its columns. */
  #isKnown(header: Table): boolean {
    return header.columns.size > 0 && !(this.#grid && this.#notation.cellsAreWords)
  }

  #open(header: Table, line: Piece): undefined {
    this.#table = header
    if (!header.columns.has('puzzle')) refuseHeader(header, line)
  }

  #readTableRow(table: Table, line: Piece): Item | undefined {
    // The header's error is reported; one more for each row would bury it.
    if (!table.columns.has('puzzle')) return undefined
    const entry = readRow(table, line)
    return this.#readEntry(entry, entry.puzzle)
  }

  /** Reads one puzzle with what stands beside it. */
  #readEntry({ puzzle: piece, id, source, solution }: Entry, { where }: Piece): Item {
    // A bad entry takes its title along: it must not name the next one.
    const title = this.#takeTitle()
    const notation = this.#notationOf(piece)
    const read =
      notation.oneLine && !isUrl(piece.text) ? notation.oneLine.read(piece) : readUrl(notation, piece)
    const found: Found = {
      ...read,
      ...(solution && { solution: notation.readSolution(read.puzzle, solution) }),
      id: id ?? title,
      source,
      where,
    }
    return this.#options.item(found, notation)
  }

  /** The kind that a URL names; anything else is of the present kind. */
  #notationOf(piece: Piece): AnyNotation {
    const name = isUrl(piece.text) ? nameIn(piece) : undefined
    if (!name) return this.#notation
    const notation = this.#byName.get(name.text.toLowerCase())
    if (notation) return notation
    const { notations } = this.#options
    const [only, second] = notations
    if (only && !second)
      throw errorIn(name, 0, `expected a '${only.urlNames[0]}' URL, found '${name.text.toLowerCase()}'`)
    const known = notations.map((other) => other.name)
    throw new UnknownKindError(name.text.toLowerCase(), known, name.where)
  }
}

/** A reader of texts that hold puzzles of one kind. */
export function readerOf<P, A>(notation: Notation<P, A>, source?: string): PuzzleReader<P, A> {
  return new LineReader({
    notations: [notation],
    first: notation,
    source,
    item: (found: FoundPuzzle<P, A>) => found,
  })
}

function readUrl(notation: AnyNotation, piece: Piece): { readonly puzzle: unknown } {
  const { cols, rows } = notation.size ?? { cols: 10, rows: 10 }
  const example = `https://puzz.link/p?${notation.urlNames[0]}/${cols}/${rows}/...`
  return { puzzle: notation.readBody(splitUrl(piece, example)) }
}

function refuseHeader(header: Table, line: Piece): never {
  const reason = `expected a 'puzzle' column in the CSV header, or a 'url' one, found ${quoteList(header.names)}`
  throw errorIn(line, 0, reason)
}

/** What `read` found, or the parse error that it threw, as items. */
function attempt<Item>(read: () => Item | undefined): (Item | BadEntry)[] {
  try {
    const item = read()
    return item === undefined ? [] : [item]
  } catch (error) {
    if (!(error instanceof PuzzleParseError)) throw error
    return [{ error, where: error.where }]
  }
}
