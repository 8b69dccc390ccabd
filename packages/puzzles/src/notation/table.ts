/** CSV tables with a header, read one row at a time; knows columns and fields, no puzzle. */

import type { Entry } from './entry.ts'
import { cut, errorIn, type Piece } from './piece.ts'

/** What the columns are called in the wild, lower case. */
export const COLUMN_NAMES = {
  puzzle: [
    'puzzle_url',
    'url',
    'puzzlink_url',
    'puzzle',
    'puzzles',
    'quizzes',
    'quiz',
    'question',
    'questions',
    'sudoku',
    'grid',
  ],
  solution: ['solution', 'solutions', 'answer', 'answers'],
  id: ['id'],
  source: ['source'],
} as const

export type ColumnName = keyof typeof COLUMN_NAMES

export interface Table {
  readonly delimiter: string
  /** Fields that a puzzle may stand in, by their names: of several, a row's puzzle is the first that holds one. */
  readonly puzzles: readonly number[]
  /** Which field holds which column, for the columns that the header has. */
  readonly columns: ReadonlyMap<ColumnName, number>
  /** Names of all columns, as the header spells them: each row has as many fields. */
  readonly names: readonly string[]
}

/** The table that a line opens if it is a CSV header, else undefined. Throws nothing. */
export function openTable(line: Piece): Table | undefined {
  // A column of numbers that a program wrote in front has no name.
  if (!/^(?:"?[a-z]|(?:"")?[,;\t]"?[a-z])/i.test(line.text)) return undefined
  const delimiter = /[,;\t]/.exec(line.text)?.[0] ?? ','
  const names = line.text.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
  if (!names.every((name, i) => isName(name) || (i === 0 && name === '')) && !isLooseHeader(names))
    return undefined
  const columns = findColumns(names)
  // A single word is a header only if it names the puzzle column; else it is just a word.
  if (names.length === 1 && !columns.has('puzzle')) return undefined
  const lower = names.map((name) => name.toLowerCase())
  const puzzles = COLUMN_NAMES.puzzle.map((name) => lower.indexOf(name)).filter((at) => at >= 0)
  return { delimiter, puzzles, columns, names }
}

function isName(name: string): boolean {
  return /^[a-z][\w .-]*$/i.test(name)
}

/** With a name of its puzzle column a header may have other marks in its names, and a delimiter behind the last one. */
function isLooseHeader(names: readonly string[]): boolean {
  const isEnd = (i: number) => i === 0 || i === names.length - 1
  return (
    findColumns(names).has('puzzle') &&
    names.every((name, i) => /^(?:unnamed: \d+|[a-z][\w ./()-]*)$/i.test(name) || (name === '' && isEnd(i)))
  )
}

/** Whether a line can be a row of the table; lines without a delimiter belong to another notation. */
export function isRow(table: Table, line: Piece): boolean {
  return line.text.includes(table.delimiter) || line.text.startsWith('"')
}

/** The puzzle of a row with what stands beside it. Throws `PuzzleParseError` on bad quotes or a wrong number of fields. */
export function readRow(table: Table, line: Piece, isPuzzle: (text: string) => boolean): Entry {
  const fields = splitFields(line, table.delimiter)
  const wanted = table.names.length
  if (fields.length !== wanted) {
    const reason = `expected ${wanted} fields as in the CSV header, found ${fields.length}`
    const surplus = fields[wanted]
    throw surplus ? errorIn(surplus, 0, reason) : errorIn(line, line.text.length, reason)
  }
  const field = (name: ColumnName) => {
    const at = table.columns.get(name)
    return at === undefined || fields[at]!.text === '' ? undefined : fields[at]
  }
  return {
    puzzle: fields[table.puzzles.find((at) => isPuzzle(fields[at]!.text)) ?? table.puzzles[0]!]!,
    id: field('id')?.text,
    source: field('source')?.text,
    solution: field('solution'),
  }
}

function findColumns(names: readonly string[]): ReadonlyMap<ColumnName, number> {
  const lower = names.map((name) => name.toLowerCase())
  const columns = new Map<ColumnName, number>()
  for (const [name, spellings] of Object.entries(COLUMN_NAMES) as [ColumnName, readonly string[]][]) {
    const spelling = spellings.find((known) => lower.includes(known))
    if (spelling !== undefined) columns.set(name, lower.indexOf(spelling))
  }
  return columns
}

/** The fields of a line, by quotes and delimiter. Throws `PuzzleParseError`. */
export function splitFields(line: Piece, delimiter: string): Piece[] {
  const fields = line.text.includes('"') ? quotedFields(line, delimiter) : plainFields(line.text, delimiter)
  let offset = 0
  return fields.map(({ text, quoted }) => {
    const start = offset + (quoted ? 1 : 0)
    // In the line, quotes around a field and doubled quotes inside it take room that the value lacks.
    const quotes = quoted ? 2 + text.split('"').length - 1 : 0
    offset += text.length + quotes + delimiter.length
    return cut({ text, where: { ...line.where, column: line.where.column + start } })
  })
}

interface Field {
  readonly text: string
  readonly quoted: boolean
}

/** Most files quote nothing. */
function plainFields(text: string, delimiter: string): Field[] {
  return text.split(delimiter).map((field) => ({ text: field, quoted: false }))
}

/** A field in quotes; a quote in it is doubled. */
const QUOTED = /"((?:[^"]|"")*)"/y

/** As RFC 4180 has it, but that no row goes over the end of a line. */
function quotedFields(line: Piece, delimiter: string): Field[] {
  const { text } = line
  const fields: Field[] = []
  const bad = (at: number, reason: string) =>
    errorIn(line, at, `bad CSV row (a row must stand on one line): ${reason}`)
  for (let at = 0; at <= text.length; at += delimiter.length) {
    const start = at
    if (text[at] === '"') {
      QUOTED.lastIndex = at
      const field = QUOTED.exec(text)
      if (!field) throw bad(at, 'a quote is not closed')
      at += field[0].length
      if (at < text.length && !text.startsWith(delimiter, at))
        throw bad(at, 'behind a closing quote the field goes on')
      fields.push({ text: field[1]!.replaceAll('""', '"'), quoted: true })
    } else {
      const end = text.indexOf(delimiter, at)
      at = end < 0 ? text.length : end
      const field = text.slice(start, at)
      if (field.includes('"')) throw bad(start + field.indexOf('"'), 'a quote opens in the middle of a field')
      fields.push({ text: field, quoted: false })
    }
  }
  return fields
}
