/** One JSON line that holds a puzzle by its URL, as benchmark files and generators write them. */
import type { Entry } from './entry.ts'
import { errorIn, type Piece, quoteList } from './piece.ts'

const URL_FIELDS = ['puzzle_url', 'url', 'puzzlink_url', 'puzzle']
const ID_FIELDS = ['id', 'sort_key']

/** Whether a line is meant as a JSON record. */
export function isRecord(text: string): boolean {
  return text.startsWith('{')
}

/**
 * Reads `{"puzzle_url": "...", "id": ..., "solution": ...}`; other fields are passed over. A solution is an answer
 * line, or a list of rows of numbers: 0 unshaded or empty, 1 shaded or a bulb, 2-5 triangles. Throws
 * `PuzzleParseError` that points into the line.
 */
export function readRecord(line: Piece): Entry {
  const record = parseObject(line)
  const field = URL_FIELDS.find((name) => typeof record[name] === 'string')
  if (!field)
    throw errorIn(line, 0, `expected a 'puzzle_url' or 'url' field, found ${quoteList(Object.keys(record))}`)
  const id = ID_FIELDS.map((name) => record[name]).find((value) =>
    ['string', 'number'].includes(typeof value),
  )
  const source = typeof record['source'] === 'string' ? record['source'] : undefined
  return {
    puzzle: pieceOf(line, record[field] as string),
    id: id === undefined ? undefined : String(id),
    source,
    solution: readSolutionField(line, record['solution']),
  }
}

function parseObject(line: Piece): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line.text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch (error) {
    const at = /position (\d+)/.exec(String(error))
    throw errorIn(line, Number(at?.[1] ?? 0), 'this line starts as a JSON record but is not well formed')
  }
  throw errorIn(line, 0, 'expected a JSON object')
}

function readSolutionField(line: Piece, value: unknown): Piece | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return pieceOf(line, value)
  const isRows =
    Array.isArray(value) &&
    value.every((row) => Array.isArray(row) && row.every((v) => Number.isInteger(v) && v >= 0 && v <= 5))
  if (!isRows)
    throw errorIn(
      line,
      Math.max(0, line.text.indexOf('"solution"')),
      "expected 'solution' as rows of numbers 0-5",
    )
  return pieceOf(line, (value as number[][]).map((row) => row.join('')).join('/'))
}

/** A value of the record as a piece, placed where it stands in the line (JSON escapes apart). */
function pieceOf(line: Piece, text: string): Piece {
  const at = Math.max(0, line.text.indexOf(text))
  return { text, where: { ...line.where, column: line.where.column + at } }
}
