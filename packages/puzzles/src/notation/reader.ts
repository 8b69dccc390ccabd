/**
 * The reader of puzzle texts: URLs, text grids, puzzles on one line, JSON, CSV tables and files of other programs, mixed
 * freely, of one kind or of many. Every line is one of these, a comment, a frame, a name or an error: none is lost.
 */
import { type Position, PuzzleParseError, UnknownKindError } from '../errors.ts'
import type { FoundPuzzle, PuzzleReader } from '../kind.ts'
import { attempt } from './attempt.ts'
import { type GridCollector, OTHER_QUOTATION, type Reading } from './collector.ts'
import type { Entry } from './entry.ts'
import type { FileReader, SavedPuzzle } from './formats/format.ts'
import { formats } from './formats/index.ts'
import {
  Brackets,
  endOfJson,
  goesOn,
  isInJson,
  isJson,
  isRecordStart,
  isScrap,
  type JsonItem,
  readJson,
} from './json.ts'
import type { AnyNotation, Notation } from './notation.ts'
import { otherKindOn } from './other-kinds.ts'
import { cut, errorIn, type Piece, quote, quoteList } from './piece.ts'
import { readUrl } from './read-url.ts'
import { strayLine } from './stray.ts'
import { isRow, openTable, readRow, type Table } from './table.ts'
import { nameIn, urlsIn } from './url.ts'

/** A line of a table may start with `;`, too: it has more of them, and no word. */
const COMMENT = /^(?:#|\/\/|;(?=[^;]*$|.*\p{L}{2}))/u
/** A line of these alone carries nothing if two horizontal ones stand side by side. */
const FRAME = /^[-=+|:\s\u2500-\u257f]+$/
const HORIZONTAL = /[-=+\u2500\u2501\u2550]{2}/
/** What stands above and below a text that is set apart: fences of Markdown, tags alone. */
const MARKUP =
  /^(?:(?:`{3}|~{3})[\w-]{0,20}|(?:\[\/?(?:code|pre|quote|spoiler)\])+|(?:<\/?(?:pre|code|p|br|hr|div|ul|ol|li|blockquote|html|head|body) ?\/?>)+)$/i
/** The marks of a quotation in an e-mail, or in Markdown. */
const QUOTED = /^(?: ?>)+ ?/
const PROSE = /\p{L}{3}/u
/** `Grid 01`: the id of the puzzle below. A longer line, or one with a URL, may hold more than a name. */
const TITLE = /^grid\b(?!.*:\/\/).{0,60}$/i
/** The same where cells are words: no cell starts with a digit. */
const TITLE_AMONG_WORDS = /^grid\s+\d(?!.*:\/\/).{0,60}$/i
/** A kind's name or title, alone or with a colon. */
const KIND_NAME = /^([a-z][a-z\d]*(?:[ -][a-z]+){0,2}):?$/i
/** UTF-16 units; a longer line is no puzzle. */
export const LONGEST_LINE = 1_000_000

// biome-ignore lint/suspicious/noExplicitAny: what a puzzle and an answer are is the business of their kind
type Found = FoundPuzzle<any, any>
type BadEntry = { readonly error: PuzzleParseError; readonly where: Position }
type Sort = 'json' | 'quotation'
/** What one part of a text gave, before errors about lines that are no puzzle are joined. */
type Outcome<Item> =
  | Item
  | (BadEntry & {
      readonly strayLines?: number | undefined
      /** Errors of one sort alone are joined. */
      readonly sort?: Sort | undefined
    })

const STRAY_JSON = { strayLines: 1, sort: 'json' } as const

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

/** A form that takes several lines, whatever they look like. */
interface OpenFile {
  readonly reader: FileReader
  readonly first: Piece
}

interface OpenJson {
  readonly lines: Piece[]
  readonly brackets: Brackets
}

/** Takes a text line by line; hands out an `Item` for each puzzle, and the error of each bad entry. */
export class LineReader<Item extends object> {
  readonly #options: ReaderOptions<Item>
  readonly #byName: ReadonlyMap<string, AnyNotation>
  readonly #isKind = (name: string): boolean => this.#byName.has(name.toLowerCase())
  #notation: AnyNotation
  #grids: GridCollector<unknown>
  #line = 0
  #table: Table | undefined
  /** Whether a blank line stands below the table's header or its last row. */
  #isParted = false
  #file: OpenFile | undefined
  /** How many marks of a quotation the last line started with. */
  #quotes = 0
  /** The same of the last line of a grid, and whether all lines that wait are prose. */
  #gridQuotes = 0
  #isProseOpen = false
  #json: OpenJson | undefined
  /** Set while the lines of JSON with a fault are read again: none of them opens JSON over several lines. */
  #isSalvaging = false
  /** Set below the name of a kind that is none of ours: its grids are not read. */
  #isForeign = false
  /** A title that no puzzle has taken yet, and that of the grids whose lines wait. */
  #title: Piece | undefined
  #gridTitle: string | undefined
  /** Lines in a row that are no puzzle: one error tells of them all. */
  #strays:
    | { readonly first: PuzzleParseError; readonly sort: Sort | undefined; lines: number; last: number }
    | undefined

  constructor(options: ReaderOptions<Item>) {
    this.#options = options
    this.#notation = options.first
    this.#grids = options.first.grids()
    this.#byName = new Map(
      options.notations.flatMap((notation) =>
        [notation.name, squeezed(notation.title), ...notation.urlNames].map(
          (name) => [name, notation] as const,
        ),
      ),
    )
  }

  /** Takes one line, with or without its line break; returns what it completed. */
  push(text: string): (Item | BadEntry)[] {
    this.#line++
    const whole = this.#line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text
    const where = { source: this.#options.source, line: this.#line, column: 1 }
    return whole.length > LONGEST_LINE
      ? this.#refuseLong(where)
      : this.#joined(this.#takeQuoted({ text: whole, where }))
  }

  /** Takes a line of more than `LONGEST_LINE` characters, which nobody need keep. No puzzle goes on across it. */
  pushTooLong(): (Item | BadEntry)[] {
    this.#line++
    return this.#refuseLong({ source: this.#options.source, line: this.#line, column: 1 })
  }

  #refuseLong(where: Position): (Item | BadEntry)[] {
    const reason = `a line of more than ${LONGEST_LINE} characters: expected a puzzle a line, or a row`
    const outcomes = [...this.#endFile(), ...this.#endJson(), ...this.#endGrids()]
    return this.#joined([...outcomes, bad(new PuzzleParseError(reason, where))])
  }

  /** Ends the text: returns what still waited for lines, or its error. */
  end(): (Item | BadEntry)[] {
    const outcomes = [...this.#endFile(), ...this.#endJson(), ...this.#endGrids(), ...this.#endTitle()]
    return [...this.#joined(outcomes), ...this.#endStrays()]
  }

  /** Takes a line without the marks of a quotation. */
  #takeQuoted(raw: Piece): Outcome<Item>[] {
    // Inside of a file such a line is the file's own.
    const isOwn = this.#quotes === 0 && (this.#json || this.#file)
    const [marks = ''] = isOwn ? [] : (QUOTED.exec(raw.text) ?? [])
    const quotes = marks.replaceAll(' ', '').length
    const { text, where } = raw
    const inner = marks
      ? { text: text.slice(marks.length), where: { ...where, column: 1 + marks.length } }
      : raw
    if (quotes === this.#quotes) return this.#take(inner)
    this.#quotes = quotes
    return [...this.#endFile(), ...this.#endJson(), ...this.#take(inner)]
  }

  #take(raw: Piece): Outcome<Item>[] {
    if (this.#json) return this.#takeJson(this.#json, raw)
    if (this.#file) {
      const state = this.#file.reader.push(raw)
      if (state === 'more') return []
      const read = this.#endFile()
      return state === 'last' ? read : [...read, ...this.#take(raw)]
    }
    const line = cut(raw)
    if (line.text === '' || MARKUP.test(line.text)) {
      this.#isParted = true
      // It may be an empty row of a table that tabs part.
      if (!this.#grids.isOpen) this.#gridQuotes = this.#quotes
      return this.#within(this.#grids.blank(line.text === '' ? raw : cut(raw, 0, 0)), this.#notation)
    }
    const aside = this.#asideOf(line, raw)
    if (aside) {
      this.#grids.aside(aside, raw)
      return []
    }
    const read = this.#formOf(line, raw)
    if (read) return this.#readBeside(read, raw)
    if (this.#isForeign) return [bad(strayLine(line, this.#notation.wanted), 1)]
    if (!this.#grids.isOpen) this.#gridTitle ??= this.#takeTitle()
    return this.#pushRow(raw)
  }

  /** Between quotations of another depth only prose may stand without a blank line: no board has rows of both. */
  #pushRow(raw: Piece): Outcome<Item>[] {
    const { isOpen } = this.#grids
    const isProse = !this.#notation.cellsAreWords && PROSE.test(raw.text)
    const isOther = isOpen && this.#quotes !== this.#gridQuotes
    const isNew = isOther && this.#isProseOpen
    const outcomes = isNew ? this.#within(this.#grids.blank(cut(raw, 0, 0)), this.#notation) : []
    const isStray = isOther && !isNew && !isProse
    this.#grids.push(raw, isStray ? errorIn(cut(raw), 0, OTHER_QUOTATION) : undefined)
    this.#isProseOpen = isProse && (isNew || !isOpen || this.#isProseOpen)
    // What stands between rows does not say what they are part of.
    if (!isOther || isNew) this.#gridQuotes = this.#quotes
    return outcomes
  }

  /** Reads a line that stands for itself. One that can't be read parts no grid: its rows may be of one board. */
  #readBeside(read: () => Outcome<Item>[], raw: Piece): Outcome<Item>[] {
    if (!this.#grids.isOpen) return [...this.#endGrids(), ...read()]
    const [grids, notation] = [this.#grids, this.#notation]
    const outcomes = read()
    const [only, another] = outcomes
    if (only && 'error' in only && !another && !this.#isForeign) {
      grids.push(raw, only.error)
      return []
    }
    return [...this.#within(grids.end(), notation), ...outcomes]
  }

  #asideOf(line: Piece, raw: Piece): 'comment' | 'frame' | undefined {
    const { text } = line
    // A row of a semicolon table may start with an empty field.
    if (text.startsWith(';') && this.#table?.delimiter === ';') return undefined
    if (text.startsWith('#') && this.#isAnswerRow(line, raw)) return undefined
    if (COMMENT.test(text)) return 'comment'
    const isFrame = (FRAME.test(text) && HORIZONTAL.test(text)) || this.#notation.isFrame?.(text)
    return isFrame ? 'frame' : undefined
  }

  /** How to read a line that stands for itself; undefined for a line of a grid. */
  #formOf(line: Piece, raw: Piece): (() => Outcome<Item>[]) | undefined {
    const { text } = line
    const reader = this.#fileReaderFor(text)
    if (reader) return () => this.#openFile(reader, raw)
    if (isJson(text)) return () => this.#openJson(line)
    const row = rowOf(raw)
    const table = this.#table && isRow(this.#table, row) ? this.#table : undefined
    const urls = table ? [] : urlsIn(line, this.#isKind)
    const oneLine = this.#isForeign ? undefined : this.#notation.oneLine?.on(line)
    if (urls.length > 0 && !oneLine) return () => this.#readUrls(urls)
    const notation = this.#notationNamed(text)
    if (notation) return () => this.#speak(notation)
    const other = this.#grids.isOpen && this.#notation.cellsAreWords ? undefined : otherKindOn(text)
    if (other) return () => [this.#refuseKind(other, line)]
    const header = openTable(row)
    if (header && this.#isKnown(header)) return () => this.#open(header, line)
    if (table) return this.#tableForm(table, row, raw)
    if (this.#isTitle(text)) return () => this.#entitle(line)
    if (oneLine) return () => this.#readOneLine(line, oneLine.before)
    // A sentence with a comma looks like a header as well: it must not hide the lines below.
    if (header && this.#notation.oneLine && !this.#grids.isOpen)
      return () => [bad(noPuzzleColumn(header, line), 1)]
    return undefined
  }

  /** The kind that a line names, alone or with a colon. */
  #notationNamed(text: string): AnyNotation | undefined {
    const words = KIND_NAME.exec(text)?.[1]
    return words === undefined ? undefined : this.#byName.get(squeezed(words))
  }

  #speak(notation: AnyNotation): Outcome<Item>[] {
    this.#notation = notation
    this.#grids = notation.grids()
    this.#isForeign = false
    this.#table = undefined
    return []
  }

  /** Grids below the name of another kind are of that kind: they are refused with it. */
  #refuseKind(name: string, line: Piece): Outcome<Item> {
    this.#isForeign = true
    return bad(new UnknownKindError(name, this.#knownKinds(), line.where), 1)
  }

  #isTitle(text: string): boolean {
    return (
      (this.#notation.cellsAreWords ? TITLE_AMONG_WORDS : TITLE).test(text) &&
      !this.#notation.oneLine?.on(at(text))
    )
  }

  #entitle(title: Piece): Outcome<Item>[] {
    const lost = this.#endTitle()
    this.#title = title
    this.#grids = this.#notation.grids()
    return lost
  }

  #endTitle(): Outcome<Item>[] {
    const title = this.#title
    this.#title = undefined
    return title ? [bad(errorIn(title, 0, `no puzzle below the title ${quote(title.text)}`))] : []
  }

  #takeTitle(): string | undefined {
    const title = this.#title
    this.#title = undefined
    return title?.text
  }

  /** Whether a line that looks like a CSV header is one, by the names of its columns. */
  #isKnown(header: Table): boolean {
    return header.columns.size > 0 && !(this.#grids.isOpen && this.#notation.cellsAreWords)
  }

  #open(header: Table, line: Piece): Outcome<Item>[] {
    const isTable = header.columns.has('puzzle')
    this.#isParted = false
    this.#table = isTable ? header : undefined
    return isTable ? [] : [bad(noPuzzleColumn(header, line), 1)]
  }

  /** A row; or, where a blank line may have ended the table, whatever else the line is. */
  #tableForm(table: Table, row: Piece, raw: Piece): (() => Outcome<Item>[]) | undefined {
    const title = this.#title
    const outcome = tryTo(() => this.#readTableRow(table, row))
    if (!this.#isParted || !('error' in outcome)) return () => [outcome]
    this.#title = title
    this.#table = undefined
    return this.#formOf(cut(raw), raw)
  }

  #readTableRow(table: Table, line: Piece): Item {
    const entry = readRow(table, line, (text) => this.#isPuzzle(text))
    const item = this.#readEntry(entry, entry.puzzle)
    this.#isParted = false
    return item
  }

  /**
   * Whether a line that starts with `#` is a row all the same: one whose first field that is not empty is an answer with
   * its first cell shaded. It is none if without the `#` it would be one.
   */
  #isAnswerRow(line: Piece, raw: Piece): boolean {
    const table = this.#table
    if (!table?.columns.has('solution')) return false
    const row = rowOf(raw)
    const entry = attempt(() => readRow(table, row, (text) => this.#isPuzzle(text)))
    const isAnswer = 'puzzle' in entry && entry.solution?.where.column === line.where.column
    if (!isAnswer || !this.#isPuzzle(entry.puzzle.text)) return false
    const [title, isParted] = [this.#title, this.#isParted]
    const reads = (text: string) => !('error' in tryTo(() => this.#readTableRow(table, { ...row, text })))
    const isRow = reads(row.text) || !reads(row.text.replace('#', ''))
    this.#title = title
    this.#isParted = isParted
    return isRow
  }

  #readUrls(urls: readonly Piece[]): Outcome<Item>[] {
    // Other addresses may stand beside a puzzle's.
    const named = urls.filter((url) => nameIn(url))
    return (named.length > 0 ? named : urls.slice(0, 1)).map((url) =>
      tryTo(() => this.#readEntry({ puzzle: url }, url)),
    )
  }

  #readOneLine(line: Piece, before: Piece): Outcome<Item>[] {
    if (this.#isTitleBefore(before.text)) this.#title = before
    return [tryTo(() => this.#readEntry({ puzzle: line }, line))]
  }

  #isTitleBefore(text: string): boolean {
    return /^grid\s+\S+$/i.test(text)
  }

  #openJson(line: Piece): Outcome<Item>[] {
    const brackets = new Brackets()
    if (brackets.push(line.text) || !goesOn(line.text) || this.#isSalvaging) return this.#readJson([line])
    this.#json = { lines: [line], brackets }
    return []
  }

  #takeJson({ lines, brackets }: OpenJson, raw: Piece): Outcome<Item>[] {
    if (!isInJson(raw.text)) return [...this.#endJson(), ...this.#take(raw)]
    lines.push(raw)
    return brackets.push(raw.text) ? this.#endJson() : []
  }

  #endJson(): Outcome<Item>[] {
    const json = this.#json
    this.#json = undefined
    return json ? this.#readJson(json.lines) : []
  }

  #readJson(lines: readonly Piece[]): Outcome<Item>[] {
    const entries = this.#entriesOf(lines)
    if (!('error' in entries)) {
      const outcomes = entries.list.map((item) => this.#readJsonEntry(item))
      const [{ isFault } = {}] = entries.list
      // Lines of records that have no puzzle are joined as other lines without one.
      return isFault && lines.length === 1
        ? outcomes.map((outcome) => ({ ...outcome, ...STRAY_JSON }))
        : outcomes
    }
    return lines.length === 1 ? [{ ...entries, ...STRAY_JSON }] : [entries, ...this.#salvage(lines.slice(1))]
  }

  #entriesOf(lines: readonly Piece[]): { readonly list: readonly JsonItem[] } | BadEntry {
    const json = { ...lines[0]!, text: lines.map(({ text }) => text).join('\n') }
    return tryTo(() => ({ list: readJson(json, (text) => this.#isPuzzle(text)) }))
  }

  #readJsonEntry({ read }: JsonItem): Outcome<Item> {
    return tryTo(() => {
      const entry = read()
      return this.#readEntry(entry, entry.puzzle)
    })
  }

  /** Reads what can be read below a bracket that nothing closes, or in JSON with a fault, which has its error. */
  #salvage(lines: readonly Piece[]): Outcome<Item>[] {
    const outcomes: Outcome<Item>[] = []
    let isClosed = true
    for (let i = 0; i < lines.length; ) {
      const end: number | undefined =
        isClosed && isRecordStart(lines[i]!.text) ? endOfJson(lines, i) : undefined
      isClosed &&= end !== undefined || !isRecordStart(lines[i]!.text)
      const part = lines.slice(i, end ?? i + 1)
      i += part.length
      const entries = end === undefined ? undefined : this.#entriesOf(part)
      if (entries && !('error' in entries))
        for (const item of entries.list) outcomes.push(this.#readJsonEntry(item))
      else
        for (const outcome of this.#takeAlone(part.filter(({ text }) => !isScrap(text))))
          outcomes.push(outcome)
    }
    return outcomes
  }

  /** Each line by itself. */
  #takeAlone(lines: readonly Piece[]): Outcome<Item>[] {
    this.#isSalvaging = true
    const outcomes = lines.flatMap((line) => this.#take(line))
    this.#isSalvaging = false
    return outcomes
  }

  #isPuzzle(text: string): boolean {
    const piece = at(text)
    return (
      urlsIn(piece, this.#isKind).some((url) => nameIn(url)) ||
      this.#fileReaderFor(text)?.push(piece) === 'last' ||
      this.#notation.oneLine?.on(piece) !== undefined
    )
  }

  #openFile(reader: FileReader, first: Piece): Outcome<Item>[] {
    this.#file = { reader, first }
    return this.#take(first)
  }

  #endFile(): Outcome<Item>[] {
    const file = this.#file
    if (!file) return []
    this.#file = undefined
    const saved = tryTo(() => ({ list: file.reader.end() }))
    if ('error' in saved) return [saved]
    return saved.list.map((puzzle) =>
      tryTo(() => {
        const title = this.#takeTitle()
        const { id = title, source } = puzzle
        return this.#readSaved(puzzle, { id, source, where: file.first.where })
      }),
    )
  }

  #readSaved(saved: SavedPuzzle, beside: Pick<Found, 'id' | 'source' | 'where'>): Item {
    const notation = this.#notationCalled(saved.kind)
    return this.#options.item({ ...saved.read(notation), ...beside }, notation)
  }

  /** Reads one puzzle with what stands beside it. */
  #readEntry({ puzzle: piece, isList, id, source, solution }: Entry, { where }: Piece): Item {
    // A bad entry takes its title along: it must not name the next one.
    const title = this.#takeTitle()
    const saved = this.#savedIn(piece)
    if (saved) return this.#readSaved(saved, { id: id ?? title, source, where })
    const url = urlsIn(piece, this.#isKind)[0]
    const name = url && nameIn(url)
    const notation = name ? this.#notationCalled(name) : this.#notation
    if (isList && !notation.oneLine)
      throw errorIn(
        piece,
        0,
        `a ${notation.title} board as a list: of lists, only Sudokus are read; write a URL`,
      )
    const read = notation.oneLine && !url ? notation.oneLine.read(piece) : readUrl(notation, url ?? piece)
    const found: Found = {
      ...read,
      ...(solution && { solution: notation.readSolution(read.puzzle, solution) }),
      id: id ?? title,
      source,
      where,
    }
    return this.#options.item(found, notation)
  }

  /** A reader of the file of another program that this line opens, if it does. */
  #fileReaderFor(line: string): FileReader | undefined {
    const format = formats.find((known) => known.opens(line, this.#notation.name))
    return format?.start((name) => this.#byName.get(name))
  }

  /** The puzzle of another program in a field: one that takes a line, such as a URL with a save in it. */
  #savedIn(piece: Piece): SavedPuzzle | undefined {
    const reader = this.#fileReaderFor(piece.text)
    return reader?.push(piece) === 'last' ? reader.end()[0] : undefined
  }

  /** The kind of this name. Throws `UnknownKindError`, or where one kind alone is read, that it is another. */
  #notationCalled(name: Piece): AnyNotation {
    const spelled = name.text.toLowerCase()
    const notation = this.#byName.get(spelled)
    if (notation) return notation
    const { notations } = this.#options
    const [only, second] = notations
    if (only && !second) throw errorIn(name, 0, `expected a '${only.urlNames[0]}' URL, found '${spelled}'`)
    throw new UnknownKindError(spelled, this.#knownKinds(), name.where)
  }

  #knownKinds(): string[] {
    return this.#options.notations.map(({ name }) => name)
  }

  #endGrids(): Outcome<Item>[] {
    return this.#within(this.#grids.end(), this.#notation)
  }

  /** What grids held, as items; the first puzzle, or the first error of one, takes the title above them. */
  #within(readings: readonly Reading<unknown>[], notation: AnyNotation): Outcome<Item>[] {
    return readings.map((reading) => {
      if ('error' in reading) {
        if (reading.error.reason === OTHER_QUOTATION) return { ...bad(reading.error, 1), sort: 'quotation' }
        if (reading.strayLines === undefined) this.#gridTitle = undefined
        return bad(reading.error, reading.strayLines)
      }
      const id = this.#gridTitle
      this.#gridTitle = undefined
      return this.#options.item({ ...reading, id }, notation)
    })
  }

  /** Joins errors about lines in a row that are no puzzle. */
  #joined(outcomes: readonly Outcome<Item>[]): (Item | BadEntry)[] {
    return outcomes.flatMap((outcome) => {
      const isStray = 'error' in outcome && 'strayLines' in outcome && outcome.strayLines !== undefined
      if (!isStray) return [...this.#endStrays(), outcome]
      const { error, strayLines = 1, sort } = outcome
      const ended = this.#strays && this.#strays.sort !== sort ? this.#endStrays() : []
      this.#strays ??= { first: error, sort, lines: 0, last: 0 }
      this.#strays.lines += strayLines
      this.#strays.last = error.where.line + strayLines - 1
      return ended
    })
  }

  #endStrays(): BadEntry[] {
    const strays = this.#strays
    this.#strays = undefined
    if (!strays) return []
    const { first, lines, last } = strays
    if (lines === 1) return [bad(first)]
    if (first instanceof UnknownKindError) return [bad(first)]
    return [
      bad(new PuzzleParseError(`${first.reason} (${lines} such lines, up to line ${last})`, first.where)),
    ]
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

function bad(
  error: PuzzleParseError,
  strayLines?: number,
): BadEntry & { readonly strayLines?: number | undefined } {
  return { error, where: error.where, ...(strayLines !== undefined && { strayLines }) }
}

/** What `read` gives, or the parse error that it throws as an entry. */
function tryTo<T extends object>(read: () => T): T | BadEntry {
  const found = attempt(read)
  return 'error' in found ? bad(found.error) : found
}

/** A kind's name as it is looked up: `Light Up` and `light-up` are `lightup`. */
function squeezed(name: string): string {
  return name.replaceAll(/[\s-]/g, '').toLowerCase()
}

function at(text: string): Piece {
  return { text, where: { line: 1, column: 1 } }
}

function noPuzzleColumn(header: Table, line: Piece): PuzzleParseError {
  const reason = `expected a 'puzzle' column in the CSV header, or a 'url' one, found ${quoteList(header.names)}`
  return errorIn(line, 0, reason)
}

/** A line as a row of a table: blanks at its end are none of the table's fields, tabs are. */
function rowOf(line: Piece): Piece {
  return { ...line, text: withoutBlanksBehind(line.text) }
}

/** A loop, as a pattern takes time by the square of the blanks inside of a line. */
function withoutBlanksBehind(text: string): string {
  let end = text.length
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\r')) end--
  return text.slice(0, end)
}
