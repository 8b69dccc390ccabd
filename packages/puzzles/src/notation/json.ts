/** Puzzles in JSON, as benchmark files, data sets and generators write them: one record a line, or lists over many lines. */
import type { Entry } from './entry.ts'
import { faultIn, withoutLastCommas } from './json-fault.ts'
import { errorIn, type Piece, quoteList } from './piece.ts'
import { COLUMN_NAMES } from './table.ts'

const ID_FIELDS = ['id', 'sort_key']
/** Lists and records inside of each other. */
const DEEPEST = 16
/** Fewer texts than these are hardly the rows of a board. */
const LEAST_TEXTS = 4
/** Characters between a value and where it is searched for: other fields of its record may stand there. */
const SOON = 4096
/** Characters of an escape, such as `\u0041`. */
const LONGEST_ESCAPE = 6
const NOT_WELL_FORMED = 'this starts as JSON but is not well formed'
const NO_PUZZLE_FIELD = "expected a 'puzzle_url' or 'url' field, or a 'puzzle' one"

/** Whether a line is meant as JSON. */
export function isJson(text: string): boolean {
  return text.startsWith('{') || /^\[\s*(?:["{[]|$)/.test(text)
}

/** Whether JSON whose first line leaves brackets open goes on below: lines are broken behind a bracket, a comma, a colon. */
export function goesOn(text: string): boolean {
  return /[[{,:]\s*$/.test(text)
}

/** Whether a line can stand inside of JSON that goes over several. */
export function isInJson(text: string): boolean {
  return /^\s*(?:["{}[\]\d,-]|(?:true|false|null)\b|$)/.test(text)
}

/** Counts the brackets that lines of JSON leave open. */
export class Brackets {
  #depth = 0
  #inString = false

  /** Takes a line; tells whether all brackets are closed. */
  push(text: string): boolean {
    for (let at = 0; at < text.length; at++) {
      const character = text[at]
      if (this.#inString) {
        if (character === '\\') at++
        else if (character === '"') this.#inString = false
      } else if (character === '"') this.#inString = true
      else if (character === '{' || character === '[') this.#depth++
      else if (character === '}' || character === ']') this.#depth--
    }
    // No string goes over the end of a line.
    this.#inString = false
    return this.#depth <= 0
  }
}

/** Whether a line opens a record, and nothing else. */
export function isRecordStart(text: string): boolean {
  return text.trim() === '{'
}

/** The index behind the last line of the JSON that starts on line `from`; undefined where it is never closed. */
export function endOfJson(lines: readonly Piece[], from: number): number | undefined {
  const brackets = new Brackets()
  for (let i = from; i < lines.length; i++) if (brackets.push(lines[i]!.text)) return i + 1
  return undefined
}

/** A line of JSON that can hold no puzzle: brackets, or a field with a number or a short text. */
const SCRAP =
  /^(?:[\s{}[\],]+|"[^"\\]*"\s*:\s*(?:(?:[[{]|-?[\d.]{1,20}|true|false|null|"[^"\\/]{0,40}")\s*)?,?)$/

export function isScrap(text: string): boolean {
  return SCRAP.test(text.trim())
}

/** Tells whether a text is meant as a puzzle. */
type IsPuzzle = (text: string) => boolean

/** One record or text of JSON: its puzzle, or the error of a record that has none. */
export interface JsonItem {
  readonly read: () => Entry
  readonly isFault?: boolean
}

/**
 * The puzzles of JSON text: of records `{"puzzle_url": "...", "id": ..., "solution": ...}`, of lists of them, and of
 * lists of texts. Of other fields those count that hold puzzles. Throws `PuzzleParseError` that points into it.
 */
export function readJson(json: Piece, isPuzzle: IsPuzzle): readonly JsonItem[] {
  const value = parse(json)
  const items = itemsIn(value, { cursor: new Cursor(json), isPuzzle, isAsked: true, depth: 0 })
  if (items.length > 0) return items
  throw errorIn(json, 0, 'expected a list of puzzles, found none')
}

function parse(json: Piece): unknown {
  const attempts = [json.text, withoutLastCommas(json.text)]
  for (const text of attempts)
    try {
      return JSON.parse(text)
    } catch {}
  const at = faultIn(attempts[1]!)
  const { line, offset } = new Lines(json).at(Math.min(at, json.text.trimEnd().length))
  throw errorIn(line, offset, NOT_WELL_FORMED)
}

interface Context {
  readonly cursor: Cursor
  readonly isPuzzle: IsPuzzle
  /** Whether what stands here must be puzzles: not so in the unknown fields of a record. */
  readonly isAsked: boolean
  readonly depth: number
}

function itemsIn(value: unknown, outer: Context): JsonItem[] {
  const context = { ...outer, depth: outer.depth + 1 }
  if (context.depth > DEEPEST) return []
  const { cursor, isPuzzle, isAsked } = context
  const board = boardOf(value)
  if (board !== undefined) {
    if (!isAsked && !isPuzzle(board)) return []
    const puzzle = cursor.pieceOf(board)
    return [{ read: () => ({ puzzle, isList: typeof value !== 'string' }) }]
  }
  if (Array.isArray(value)) return itemsOfList(value, context)
  return typeof value === 'object' && value !== null ? itemsOf(value as JsonRecord, context) : []
}

/** A list of texts and numbers among which there is no puzzle is none of puzzles; one error tells of like records. */
function itemsOfList(values: readonly unknown[], context: Context): JsonItem[] {
  const isAsked = context.isAsked || values.some((value) => isBoardOfPuzzle(value, context))
  const items = values.flatMap((value) => itemsIn(value, { ...context, isAsked }))
  const [first, second] = items
  return first && second && items.every(({ isFault }) => isFault) ? [first] : items
}

function isBoardOfPuzzle(value: unknown, { isPuzzle }: Context): boolean {
  const board = boardOf(value)
  return board !== undefined && isPuzzle(board)
}

type JsonRecord = Readonly<Record<string, unknown>>

function itemsOf(record: JsonRecord, context: Context): JsonItem[] {
  const name = puzzleNameOf(record, context)
  const board = boardOf(record[name ?? ''])
  if (name !== undefined && board !== undefined) return [{ read: readRecord(record, name, board, context) }]
  const inner = Object.entries(record).filter(([, value]) => typeof value === 'object' && value !== null)
  const isSolution = (key: string) => (COLUMN_NAMES.solution as readonly string[]).includes(key)
  const boards = Object.entries(record)
    .filter(([key, value]) => !isSolution(key) && isBoardOfPuzzle(value, context))
    .map(([key]) => key)
  const here = context.cursor.here()
  const fault = (reason: string): JsonItem[] => [
    { isFault: true, read: () => raise(errorIn(here, 0, `${NO_PUZZLE_FIELD}, ${reason}`)) },
  ]
  // One of them may well be the solution of the other.
  if (boards.length > 1) return fault(`found boards in ${quoteList(boards)}`)
  const [only] = boards
  const text = record[only ?? '']
  if (only !== undefined && typeof text === 'string')
    return [{ read: readRecord(record, only, text, context) }]
  // A response or a data set wraps its records.
  const isWrapper = !Object.hasOwn(record, 'solution')
  const fields = isWrapper
    ? inner.map(([key, value]) => itemsIn(value, { ...context, isAsked: isPuzzleName(key) }))
    : []
  const found = fields.filter((items) => items.some(({ isFault }) => !isFault))
  return found.length > 0 ? found.flat() : fault(`found ${quoteList(Object.keys(record))}`)
}

function isPuzzleName(key: string): boolean {
  return (COLUMN_NAMES.puzzle as readonly string[]).includes(key)
}

function raise(error: Error): never {
  throw error
}

function readRecord(record: JsonRecord, name: string, board: string, { cursor }: Context): () => Entry {
  const piece = cursor.pieceOf(board, name)
  const id = ID_FIELDS.map((field) => record[field]).find((value) =>
    ['string', 'number'].includes(typeof value),
  )
  const source = typeof record['source'] === 'string' ? record['source'] : undefined
  const solutionName = nameOf(record, COLUMN_NAMES.solution) ?? ''
  const value = record[solutionName]
  const at =
    value === undefined || value === null || value === '' ? undefined : cursor.near(value, solutionName)
  return () => ({
    puzzle: piece,
    isList: typeof record[name] !== 'string',
    id: id === undefined ? undefined : String(id),
    source,
    solution: at && readSolutionField(at, value),
  })
}

function nameOf(record: JsonRecord, names: readonly string[]): string | undefined {
  return names.find((known) => Object.hasOwn(record, known) && record[known] !== null)
}

/** Of the names that a puzzle goes by, the first whose value is meant as one; else the first. */
function puzzleNameOf(record: JsonRecord, context: Context): string | undefined {
  const isPuzzle = (known: string) => Object.hasOwn(record, known) && isBoardOfPuzzle(record[known], context)
  return COLUMN_NAMES.puzzle.find(isPuzzle) ?? nameOf(record, COLUMN_NAMES.puzzle)
}

/** Cells as one list, or as a list of rows. */
type Cell = number | string | null

/** A board as text: a text, a list of numbers, a list of rows of cells, or of as many texts as each has characters. */
function boardOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value) || value.length === 0) return undefined
  if (value.every(isNumber)) return spelled(value)
  if (value.every(isRow)) return value.map(spelled).join('/')
  const isSquare =
    value.length >= LEAST_TEXTS &&
    value.every((row) => typeof row === 'string' && row.length === value.length && !/\s/.test(row))
  return isSquare ? value.join('/') : undefined
}

function isNumber(cell: unknown): cell is number | null {
  return Number.isInteger(cell) || cell === null
}

function isRow(row: unknown): row is Cell[] {
  const isCell = (cell: unknown) => isNumber(cell) || (typeof cell === 'string' && cell.length <= 1)
  return Array.isArray(row) && row.length > 0 && row.every(isCell)
}

function spelled(cells: readonly Cell[]): string {
  return cells.map((cell) => (cell === null || String(cell).trim() === '' ? '.' : cell)).join('')
}

function readSolutionField(at: Piece, value: unknown): Piece {
  if (typeof value === 'string') return at
  const board = boardOf(value)
  const isOfDigits = (cell: unknown) => typeof cell === 'string' || (Number(cell) >= 0 && Number(cell) <= 9)
  if (board !== undefined && (value as unknown[]).flat().every(isOfDigits)) return { ...at, text: board }
  throw errorIn(at, 0, "expected 'solution' as a text or as rows of numbers 0-9")
}

/** The lines of a text of several. */
class Lines {
  readonly #json: Piece
  readonly #starts: readonly number[]

  constructor(json: Piece) {
    this.#json = json
    this.#starts = [0, ...Array.from(json.text.matchAll(/\n/g), ({ index }) => index + 1)]
  }

  /** The line that holds `offset`, without its text, and the offset in it. */
  at(offset: number): { readonly line: Piece; readonly offset: number } {
    const { text, where } = this.#json
    let [low, high] = [0, this.#starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle
    }
    if (low === 0) return { line: { text, where }, offset }
    const start = this.#starts[low]!
    return {
      line: { text: '', where: { ...where, line: where.line + low, column: 1 } },
      offset: offset - start,
    }
  }
}

/** Finds values where they stand in the text, one behind the other. */
class Cursor {
  readonly #json: Piece
  readonly #lines: Lines
  #at = 0

  constructor(json: Piece) {
    this.#json = json
    this.#lines = new Lines(json)
  }

  here(): Piece {
    return this.#pieceAt(this.#at, '')
  }

  /** A text of the JSON as a piece (its escapes apart); below `key`, if it is the value of a field. */
  pieceOf(text: string, key?: string): Piece {
    if (key !== undefined) this.#find(`"${key}"`)
    return this.#pieceAt(this.#findSoon(text), text)
  }

  near(value: unknown, key: string): Piece {
    const before = this.#at
    const at = this.#findSoon(typeof value === 'string' ? value : `"${key}"`)
    this.#at = before
    return this.#pieceAt(at, typeof value === 'string' ? value : '')
  }

  #pieceAt(at: number, text: string): Piece {
    const { line, offset } = this.#lines.at(at)
    return { text, where: { ...line.where, column: line.where.column + offset } }
  }

  /** Not all values stand there as they are, and each is searched for: no further than its escapes may have put it. */
  #findSoon(text: string): number {
    const start = this.#at
    const found = this.#json.text.slice(start, start + SOON + LONGEST_ESCAPE * text.length).indexOf(text)
    if (found >= 0) this.#at = start + found + 1
    return start + Math.max(0, found)
  }

  #find(text: string): number {
    const found = this.#json.text.indexOf(text, this.#at)
    if (found >= 0) this.#at = found + 1
    return found < 0 ? this.#at : found
  }
}
