/** Puzzles in JSON, as benchmark files, data sets and generators write them: one record a line, or lists over many lines. */
import type { Entry } from './entry.ts'
import { errorIn, type Piece, quoteList } from './piece.ts'
import { COLUMN_NAMES } from './table.ts'

const ID_FIELDS = ['id', 'sort_key']
/** Lists of records stand under such names. */
const DEEPEST = 4

/** Whether a line is meant as JSON. */
export function isJson(text: string): boolean {
  return text.startsWith('{') || /^\[\s*(?:["{[]|$)/.test(text)
}

/** Whether JSON that starts with this line goes on below: a program that breaks lines breaks behind the first bracket. */
export function goesOn(text: string): boolean {
  return /^[[{]\s*[[{]?$/.test(text)
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

/**
 * The puzzles of JSON text: of records `{"puzzle_url": "...", "id": ..., "solution": ...}`, of lists of them, and of
 * lists of texts; other fields are passed over. Throws `PuzzleParseError` that points into it.
 */
export function readJson(json: Piece): (() => Entry)[] {
  const cursor = new Cursor(json)
  const entries = [...entriesIn(parse(json), cursor, 0)]
  if (entries.length > 0) return entries
  throw errorIn(json, 0, 'expected a list of puzzles, found none')
}

function parse(json: Piece): unknown {
  try {
    return JSON.parse(json.text)
  } catch (error) {
    const at = /position (\d+)/.exec(String(error))
    const { line, offset } = lineAt(json, Number(at?.[1] ?? 0))
    throw errorIn(line, offset, 'this starts as JSON but is not well formed')
  }
}

function* entriesIn(value: unknown, cursor: Cursor, depth: number): Generator<() => Entry> {
  if (typeof value === 'string') {
    const puzzle = cursor.pieceOf(value)
    yield () => ({ puzzle })
  } else if (isRows(value) && value.length > 0) {
    const puzzle = cursor.pieceOf(joined(value))
    yield () => ({ puzzle })
  } else if (Array.isArray(value)) for (const item of value) yield* entriesIn(item, cursor, depth + 1)
  else if (typeof value === 'object' && value !== null) yield* entriesOf(value as JsonRecord, cursor, depth)
}

type JsonRecord = Readonly<Record<string, unknown>>

function* entriesOf(record: JsonRecord, cursor: Cursor, depth: number): Generator<() => Entry> {
  const puzzle = fieldOf(record, COLUMN_NAMES.puzzle)
  if (typeof puzzle === 'string' || isRows(puzzle)) {
    yield readRecord(record, puzzle, cursor)
    return
  }
  // A response or a data set wraps its records.
  const inner = Object.values(record).filter((value) => typeof value === 'object' && value !== null)
  if (inner.length > 0 && depth < DEEPEST && !Object.hasOwn(record, 'solution'))
    for (const value of inner) yield* entriesIn(value, cursor, depth + 1)
  else {
    const where = cursor.here()
    yield () => {
      const found = quoteList(Object.keys(record))
      throw errorIn(where, 0, `expected a 'puzzle_url' or 'url' field, or a 'puzzle' one, found ${found}`)
    }
  }
}

function readRecord(record: JsonRecord, puzzle: string | Rows, cursor: Cursor): () => Entry {
  const piece = cursor.pieceOf(joined(puzzle))
  const id = ID_FIELDS.map((name) => record[name]).find((value) =>
    ['string', 'number'].includes(typeof value),
  )
  const source = typeof record['source'] === 'string' ? record['source'] : undefined
  const value = fieldOf(record, COLUMN_NAMES.solution)
  const at = value === undefined || value === null || value === '' ? undefined : cursor.near(value)
  return () => ({
    puzzle: piece,
    id: id === undefined ? undefined : String(id),
    source,
    solution: at && readSolutionField(at, value),
  })
}

function fieldOf(record: JsonRecord, names: readonly string[]): unknown {
  const name = names.find((known) => Object.hasOwn(record, known) && record[known] !== null)
  return name === undefined ? undefined : record[name]
}

/** Cells as one list, or as a list of rows, which are lists or texts. */
type Rows = readonly (number | string | null | readonly (number | string | null)[])[]

function isRows(value: unknown): value is Rows {
  const isCell = (cell: unknown) => Number.isInteger(cell) || cell === null
  if (!Array.isArray(value)) return false
  return (
    value.every(isCell) || value.every((row) => Array.isArray(row) && row.length > 0 && row.every(isCell))
  )
}

function joined(value: string | Rows): string {
  if (typeof value === 'string') return value
  const isFlat = value.every((cell) => !Array.isArray(cell))
  const rows = isFlat ? [value] : value
  return rows.map((row) => (row as readonly unknown[]).map((cell) => cell ?? '.').join('')).join('/')
}

function readSolutionField(at: Piece, value: unknown): Piece {
  if (typeof value === 'string') return at
  if (isRows(value) && value.flat().every((cell) => Number(cell) >= 0 && Number(cell) <= 9))
    return { ...at, text: joined(value) }
  throw errorIn(at, 0, "expected 'solution' as a text or as rows of numbers 0-9")
}

/** Finds values where they stand in the text, one behind the other. */
class Cursor {
  readonly #json: Piece
  #at = 0

  constructor(json: Piece) {
    this.#json = json
  }

  here(): Piece {
    const { line, offset } = lineAt(this.#json, this.#at)
    return { text: '', where: { ...line.where, column: line.where.column + offset } }
  }

  /** A text of the JSON as a piece (its escapes apart). */
  pieceOf(text: string): Piece {
    return { ...this.#find(text), text }
  }

  near(value: unknown): Piece {
    const before = this.#at
    const piece = this.#find(typeof value === 'string' ? value : '"solution"')
    this.#at = before
    return { ...piece, text: typeof value === 'string' ? value : '' }
  }

  #find(text: string): Piece {
    const { text: all } = this.#json
    const found = all.indexOf(text, this.#at)
    const at = found < 0 ? Math.max(0, all.indexOf(text)) : found
    if (found >= 0) this.#at = found + 1
    const { line, offset } = lineAt(this.#json, at)
    return { text, where: { ...line.where, column: line.where.column + offset } }
  }
}

/** The line of a text of several lines that holds `offset`. */
function lineAt({ text, where }: Piece, offset: number): { readonly line: Piece; readonly offset: number } {
  const before = text.slice(0, offset)
  const breaks = before.split('\n').length - 1
  if (breaks === 0) return { line: { text, where }, offset }
  const start = before.lastIndexOf('\n') + 1
  return {
    line: { text: text.slice(start), where: { ...where, line: where.line + breaks, column: 1 } },
    offset: offset - start,
  }
}
