/** The cells of a text grid's rows, read and written: whatever stands between them, the same in all rows of one board. */
import { MAX_SIDE } from '../board/board.ts'
import { cut, errorIn, type Piece } from './piece.ts'
import { charactersOf, delimiterOf, fieldsOf, wordsOf } from './rows.ts'

/** How one kind's cells are read. */
export interface GridForm<P> {
  /** Reads rows of cells, of equal length. Throws `PuzzleParseError`. */
  read(rows: readonly (readonly Piece[])[]): P
  /** What an empty field stands for; undefined where a cell can't be empty. */
  readonly blank: string | undefined
  /** The cell that a field of a table spells, where that differs. */
  readonly field?: ((text: string) => string) | undefined
  /** Cells are words, and may be of several letters: a row without blanks holds one letter a cell, with what follows it. */
  readonly cellsAreWords: boolean
  /** What a row looks like, for errors. */
  readonly wanted: string
}

/** A cell of several letters' worth, where nothing parts the cells: a letter and what is no letter behind it. */
export const LETTER_CELL: RegExp = /[a-z][^a-z\s]*/gi
const ONLY_LETTER_CELLS = /^(?:[a-z][^a-z\s]*)+$/i
/** What kinds write for a cell without a clue. */
export const SAYS_BLANK: RegExp = /^[._]$/
/** A row of a board of one column, where cells have several characters. */
const ONE_COLUMN = /^[^\s,]+,$/

/** The cells of rows, whatever their number. Throws `PuzzleParseError`. */
export function cellsOf(
  lines: readonly Piece[],
  { blank, field: spelled, cellsAreWords }: Pick<GridForm<unknown>, 'blank' | 'field' | 'cellsAreWords'>,
): Piece[][] {
  const isOneColumn = lines.every(({ text }) => ONE_COLUMN.test(text.trim()))
  // Cells of one character need no comma: with one, an empty field stands behind it.
  if (isOneColumn && (cellsAreWords || lines.some(({ text }) => /[^,]{2}|^[._],/.test(text.trim()))))
    return lines.map((line) => [cut(line, 0, line.text.trimEnd().length - 1)])
  const delimiter = delimiterOf(lines)
  if (delimiter)
    return withoutMargin(lines.map((line) => fieldsOf(line, delimiter))).map((row) =>
      row.map((field) => filled(spelled ? { ...field, text: spelled(field.text) } : field, blank)),
    )
  const rows = lines.map((line) => wordsOf(line))
  const areSingle = rows.every((row) => row.length === 1)
  if (cellsAreWords) return areSingle ? lettersOf(rows.flat()) : rows
  refuseLooseCells(lines, rows)
  return rows.map((row) => (row.length === 1 ? charactersOf(row[0]!) : row))
}

/** A field of a table as a cell: an empty one is what it stands for. */
function filled(field: Piece, blank: string | undefined): Piece {
  if (field.text !== '') return field
  if (blank === undefined) throw errorIn(field, 0, 'an empty field: expected a cell')
  return { ...field, text: blank }
}

/** Without the fields behind delimiters that end each row, where the cells say themselves what is blank. */
function withoutMargin(rows: Piece[][]): Piece[][] {
  const saysBlank = rows.some((row) => row.some(({ text }) => SAYS_BLANK.test(text)))
  const isOpen = rows.every((row) => row.length > 1 && row.at(-1)!.text === '')
  return saysBlank && isOpen ? rows.map((row) => row.slice(0, -1)) : rows
}

/** One letter a cell where all rows have as many; else each word is the cell of a board of one column. */
function lettersOf(words: readonly Piece[]): Piece[][] {
  const isRow = words.every(({ text }) => ONLY_LETTER_CELLS.test(text))
  const rows = words.map((word) => wordsOf(word, LETTER_CELL))
  const isOneColumn = rows.every((row) => row.length === 1)
  if (isOneColumn || !isRow) return words.map((word) => [word])
  return rows
}

/** Blanks can't stand for cells: where no cell says that it is blank, cells that stand in no columns show that they do. */
function refuseLooseCells(lines: readonly Piece[], rows: readonly (readonly Piece[])[]): void {
  // What is more than a board is refused for that.
  if (lines.length < 2 || lines.length > MAX_SIDE) return
  const words = rows.flat()
  if (words.some(({ text }) => /[._]/.test(text))) return
  const indents = new Set(rows.map((row) => row[0]?.where.column))
  const isLoose = indents.size > 1 || lines.some(({ text }) => /\S\s{2,}\S/.test(text))
  if (!isLoose) return
  const isTable = rows.every((row) =>
    row.every((word, i) => rows.every((other) => other[i] === undefined || overlap(word, other[i]))),
  )
  if (isTable) return
  throw errorIn(
    lines[0]!,
    0,
    "the cells stand in no columns: expected '.' for each blank cell, or commas between the cells",
  )
}

function overlap(one: Piece, other: Piece): boolean {
  const end = ({ where, text }: Piece) => where.column + text.length
  return one.where.column < end(other) && other.where.column < end(one)
}

/** Rows of cells, all of one length. Throws `PuzzleParseError` that points at a cell too many, or behind a row's last. */
export function evenRows(
  lines: readonly Piece[],
  rows: readonly (readonly Piece[])[],
): readonly (readonly Piece[])[] {
  const { length: width } = rows[0]!
  if (rows.length > MAX_SIDE || width > MAX_SIDE) {
    const reason = `expected at most ${MAX_SIDE}x${MAX_SIDE} cells, found ${rows.length}x${width}`
    throw errorIn(cut(lines[0]!), 0, reason)
  }
  if (width === 0) throw errorIn(lines[0]!, 0, 'expected a row of cells, found none')
  for (const [index, row] of rows.entries()) {
    if (row.length === width) continue
    const reason = `expected ${width} cells as in the grid's first row, found ${row.length}`
    const surplus = row[width]
    if (surplus) throw errorIn(surplus, 0, reason)
    throw errorIn(lines[index]!, lines[index]!.text.trimEnd().length, reason)
  }
  return rows
}

/** Cells as rows of a text grid, in columns, so that they are found again. */
export function joinCells(cols: number, cells: readonly string[]): string {
  const width = Math.max(...cells.map(({ length }) => length))
  const rows = Array.from({ length: cells.length / cols }, (_, row) => {
    const line = cells.slice(row * cols, (row + 1) * cols)
    if (cols === 1 && width > 1) return `${line[0]},`
    return line
      .map((cell) => cell.padEnd(width))
      .join(' ')
      .trimEnd()
  })
  return rows.join('\n')
}
