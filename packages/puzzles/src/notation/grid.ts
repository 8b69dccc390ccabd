/** Text grids of pencil kinds, whose boards have any size: rows of cells, read and written. */
import { MAX_SIDE } from '../board/board.ts'
import { PuzzleParseError } from '../errors.ts'
import { type Aside, type GridCollector, OTHER_QUOTATION, type Reading } from './collector.ts'
import { cut, errorIn, type Piece, quote } from './piece.ts'
import { charactersOf, delimiterOf, fieldsOf, wordsOf } from './rows.ts'

/** How one kind's cells are read. */
export interface GridForm<P> {
  /** Reads rows of cells, of equal length. Throws `PuzzleParseError`. */
  read(rows: readonly (readonly Piece[])[]): P
  /** What an empty field stands for; undefined where a cell can't be empty. */
  readonly blank: string | undefined
  /** Cells are words, and may be of several letters: a row without blanks holds one letter a cell, with what follows it. */
  readonly cellsAreWords: boolean
  /** What a row looks like, for errors. */
  readonly wanted: string
}

/** A cell of several letters' worth, where nothing parts the cells: a letter and what is no letter behind it. */
const LETTER_CELL = /[a-z][^a-z\s]*/gi
const ONLY_LETTER_CELLS = /^(?:[a-z][^a-z\s]*)+$/i
/** What kinds write for a cell without a clue. */
const SAYS_BLANK = /^[._]$/
/** Characters; the rows of the widest boards have fewer. */
export const LONGEST_ROW = 4000
/** Prose has words; a row without any may be damaged. */
const HAS_WORD = /\p{L}{2}/u
/** A row of a board of one column, where cells have several characters. */
const ONE_COLUMN = /^[^\s,]+,$/
const BAR = /[|\u2502\u2503\u2551]/
/** A comment, or a row of a table that starts with an empty field: the other rows tell. */
const MAYBE_ROW = /^;(?!.*\p{L}{2})/u

interface Line {
  readonly piece: Piece
  /** Why it is of no other form, where it looks like one. */
  readonly error?: PuzzleParseError | undefined
  /** It starts with `;`, as comments do. */
  readonly isComment?: boolean
}

/** A line by itself. */
interface Look {
  /** Cells that can be read, of all that are not empty. */
  readonly right: number
  readonly all: number
  readonly width: number
  /** It is no row at all. */
  readonly isOther: boolean
  readonly hasWord: boolean
}

interface Between {
  readonly what: Aside
  readonly line: Piece
  /** How many rows stand above it. */
  readonly above: number
}

/** The lines between two blank ones: a board, or an error. */
export class FreeGrids<P> implements GridCollector<P> {
  readonly #form: GridForm<P>
  #lines: Line[] = []
  /** How many of them are no comments for sure. */
  #written = 0
  #asides: Between[] = []
  /** A board of one row that may be the first line of a text with a blank line after each. */
  #held: { readonly lines: Line[]; readonly width: number; readonly readings: Reading<P>[] } | undefined

  /** Nothing stands between the kind's name and these lines. */
  #isFirst = true

  constructor(form: GridForm<P>) {
    this.#form = form
  }

  get isOpen(): boolean {
    return this.#written > 0
  }

  push(piece: Piece, error?: PuzzleParseError): void {
    this.#lines.push({ piece, error })
    this.#written++
  }

  aside(what: Aside, line: Piece): void {
    const piece = cut(line)
    if (what === 'comment' && MAYBE_ROW.test(piece.text)) this.#lines.push({ piece, isComment: true })
    else this.#asides.push({ what, line, above: this.#lines.length })
  }

  blank(line: Piece): Reading<P>[] {
    // An empty row of a table that tabs part: whether it is one, the other rows tell.
    if (line.text.includes('\t')) {
      this.push(line)
      return []
    }
    return this.#endParagraph()
  }

  end(): Reading<P>[] {
    const readings = [...this.#endParagraph(), ...this.#release()]
    this.#isFirst = false
    return readings
  }

  #endParagraph(): Reading<P>[] {
    const { lines, asides } = withoutComments(this.#lines, this.#asides)
    const lost = lines.length === 0 ? this.#lines.find((line) => this.#isLostRow(line)) : undefined
    this.#lines = []
    this.#written = 0
    this.#asides = []
    if (lost) return [{ error: errorIn(lost.piece, 0, LOST_ROW) }]
    return splitAtTabs(lines, asides).flatMap((part) =>
      this.#hold(part.lines, this.#read(part.lines, part.asides)),
    )
  }

  /** Whether a comment among comments alone holds nothing but a cell. */
  #isLostRow({ piece }: Line): boolean {
    return this.#form.blank !== undefined && /^;\S+$/.test(piece.text) && this.#isCell(cut(piece, 1))
  }

  /** Boards of one row, one after the other, are a text with a blank line after each row. */
  #hold(lines: Line[], readings: Reading<P>[]): Reading<P>[] {
    const [reading] = readings
    const isRow = lines.length === 1 && reading && 'puzzle' in reading
    const width = isRow ? this.#cellsOf([lines[0]!.piece])[0]!.length : 0
    const held = this.#held
    if (held && width === held.width) {
      held.lines.push(...lines)
      return []
    }
    const before = this.#release()
    if (width < 2) return [...before, ...readings]
    this.#held = { lines: [...lines], width, readings }
    return before
  }

  #release(): Reading<P>[] {
    const held = this.#held
    this.#held = undefined
    if (!held) return []
    if (held.lines.length === 1) return held.readings
    const [first] = held.lines
    const reason = `a blank line after each of ${held.lines.length} rows: rows of one board must follow each other (a line with the kind's name may stand above each board of one row)`
    return [{ error: errorIn(first!.piece, 0, reason) }]
  }

  #read(lines: readonly Line[], asides: readonly Between[]): Reading<P>[] {
    const isFirst = this.#isFirst
    this.#isFirst = false
    const long = lines.find(({ piece }) => piece.text.length > LONGEST_ROW)
    if (long) return [{ error: tooLong(long.piece) }]
    const quoted = lines.find(({ error }) => error?.reason === OTHER_QUOTATION)
    if (quoted) return [{ error: quoted.error! }]
    const looks = this.#lookAt(lines)
    const [start, end] = rangeOfRows(looks)
    const core = lines.slice(start, end).map(({ piece }) => piece)
    // A few numbers or words in the midst of a text are hardly a board.
    if (core.length === 0 || (!isFirst && this.#isLoose(core))) return this.#strays(lines)
    const inside = lines.find((_, i) => i >= start && i < end && looks[i]!.isOther)
    if (inside) return [{ error: insideGrid(inside, this.#form.wanted) }]
    const board = attempt((): Reading<P> => {
      refuseAsides(asides, start, core)
      return { puzzle: this.#form.read(evenRows(core, this.#cellsOf(core))), where: cut(core[0]!).where }
    })
    return [...this.#strays(lines.slice(0, start)), board, ...this.#strays(lines.slice(end))]
  }

  /** Whether rows have no blank cell; or, where no cell is ever blank, whether they are one row or one column. */
  #isLoose(rows: readonly Piece[]): boolean {
    const cells = attempt(() => this.#cellsOf(rows))
    if ('error' in cells) return false
    if (this.#form.blank !== undefined) return !cells.flat().some(({ text }) => SAYS_BLANK.test(text))
    return cells.length === 1 || cells.every((row) => row.length === 1)
  }

  #strays(lines: readonly Line[]): Reading<P>[] {
    return lines.map(({ piece, error }) => ({
      error: error ?? strayLine(piece, this.#form.wanted),
      ...(!error && { strayLines: 1 }),
    }))
  }

  /** Each line by itself. */
  #lookAt(lines: readonly Line[]): Look[] {
    const isSentence = this.#form.cellsAreWords
      ? sentencesAmong(lines, (rows) => this.#isBoard(rows))
      : () => false
    return lines.map((line) => {
      const hasWord = HAS_WORD.test(line.piece.text)
      if (line.error || isSentence(line)) return { right: 0, all: 1, width: 0, isOther: true, hasWord: true }
      const cells = attempt(() => this.#cellsOf([line.piece]).flat())
      // A row all the same, though a bad one.
      if ('error' in cells) return { right: 1, all: 2, width: 2, isOther: false, hasWord }
      const { blank } = this.#form
      const written = cells.filter(({ text }) => text !== blank || line.piece.text.includes(text))
      const right = written.filter((cell) => this.#isCell(cell)).length
      return { right, all: written.length, width: cells.length, isOther: false, hasWord }
    })
  }

  #isCell(cell: Piece): boolean {
    return this.#isBoard([[cell]])
  }

  #isBoard(rows: readonly (readonly Piece[])[]): boolean {
    try {
      this.#form.read(rows)
      return true
    } catch (error) {
      if (error instanceof PuzzleParseError) return false
      throw error
    }
  }

  /** The cells of rows, whatever their number. */
  #cellsOf(lines: readonly Piece[]): Piece[][] {
    const { blank, cellsAreWords } = this.#form
    const isOneColumn = lines.every(({ text }) => ONE_COLUMN.test(text.trim()))
    // Cells of one character need no comma: with one, an empty field stands behind it.
    if (isOneColumn && (cellsAreWords || lines.some(({ text }) => /[^,]{2}|^[._],/.test(text.trim()))))
      return lines.map((line) => [cut(line, 0, line.text.trimEnd().length - 1)])
    const delimiter = delimiterOf(lines)
    if (delimiter)
      return withoutMargin(lines.map((line) => fieldsOf(line, delimiter))).map((row) =>
        row.map((field) => filled(field, blank)),
      )
    const rows = lines.map((line) => wordsOf(line))
    const areSingle = rows.every((row) => row.length === 1)
    if (cellsAreWords) return areSingle ? lettersOf(rows.flat()) : rows
    refuseLooseCells(lines, rows)
    return rows.map((row) => (row.length === 1 ? charactersOf(row[0]!) : row))
  }
}

/** The error of a line that is no puzzle and no row of one. */
export function strayLine(line: Piece, wanted: string): PuzzleParseError {
  const shown = cut(line)
  const text = shown.text.length > 40 ? `${shown.text.slice(0, 40)}…` : shown.text
  return errorIn(shown, 0, `no puzzle: found ${quote(text)}, expected ${wanted}`)
}

/** The lines from the first row to the last: what stands above and below them is sure to be none. */
function rangeOfRows(looks: readonly Look[]): [start: number, end: number] {
  const isGood = ({ right, all, width }: Look) => right === all && width > 0
  const from = looks.findIndex(isGood)
  if (from < 0) {
    const isProse = looks.every(({ right, all, hasWord }) => hasWord && right < all / 2)
    return isProse ? [0, 0] : [0, looks.length]
  }
  const to = looks.findLastIndex(isGood)
  const { width: wanted } = looks[from]!
  // A row without any word may be damaged; so may one of the same length, unless all of it is wrong.
  const isStray = ({ right, all, width, hasWord }: Look) =>
    hasWord && (right === 0 || (right <= all / 2 && width !== wanted))
  const start = looks.findIndex((look, i) => i >= from || !isStray(look))
  const last = looks.findLastIndex((look, i) => i <= to || !isStray(look))
  return [start, last + 1]
}

function insideGrid({ piece, error }: Line, wanted: string): PuzzleParseError {
  const { reason, where } = error ?? strayLine(piece, wanted)
  return new PuzzleParseError(`inside of a grid: ${reason}`, where)
}

const UNPARTED = /^(?:[a-z](?:\d*|\?)'?_?){2,}$/i
/** The letters of a cell that is a word. */
const LETTERS = /[a-z]+/gi
/** Letters; a longer name is a word of a sentence, unless several cells have it. */
const LONGEST_NAME = 3

/**
 * Finds the sentences among rows of names: a line with a long word that stands there once; one that stands alone, or all
 * that have no blanks, with names in no order and no number.
 */
function sentencesAmong(
  lines: readonly Line[],
  isBoardOf: (rows: readonly (readonly Piece[])[]) => boolean,
): (line: Line) => boolean {
  const counts = new Map<string, number>()
  const namesOf = ({ piece }: Line) => piece.text.match(LETTERS) ?? []
  // A sentence may stand there twice.
  const different = new Map(lines.map((line) => [line.piece.text.trim(), line]))
  for (const name of [...different.values()].flatMap(namesOf)) counts.set(name, (counts.get(name) ?? 0) + 1)
  // Nothing parts the cells of such a row: each letter is a name, and what follows it is its room's.
  const isUnparted = ({ piece }: Line) => UNPARTED.test(piece.text.trim())
  const unparted = lines.filter(isUnparted).map(({ piece }) => piece.text.trim())
  const isBoard =
    unparted.some((text) => /\d/.test(text)) ||
    areInOrder(unparted.flatMap((text) => [...text])) ||
    (areWoven(unparted) && isBoardOf(lines.filter(isUnparted).map(({ piece }) => charactersOf(cut(piece)))))
  return (line) => {
    if (isUnparted(line)) return !isBoard
    const names = namesOf(line)
    if (names.some((name) => name.length > LONGEST_NAME && counts.get(name) === 1)) return true
    return lines.length === 1 && /^[a-z\s]*$/i.test(line.piece.text) && !areInOrder(names)
  }
}

/** Whether words of one length repeat their letters as the rooms of a board do: with three cells a room, or more. */
function areWoven(words: readonly string[]): boolean {
  // A word may stand there several times.
  const different = [...new Set(words)]
  const letters = different.join('')
  const isEven = different.length > 1 && different.every(({ length }) => length === words[0]!.length)
  return isEven && new Set(letters).size * 3 <= letters.length
}

/** Rooms are named from `a` on. */
function areInOrder(names: readonly string[]): boolean {
  const inOrder = [...new Set(names.map((name) => name.toLowerCase()))]
  return inOrder.every((name, i) => i >= 26 || name === String.fromCharCode(97 + i))
}

export function tooLong(row: Piece): PuzzleParseError {
  return errorIn(cut(row), 0, `a row of ${row.text.length} characters: expected at most ${LONGEST_ROW}`)
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
  if (lines.length < 2) return
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
function evenRows(
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

/** What stands between rows may stand between two boards as well: the text must say which. */
function refuseAsides(asides: readonly Between[], start: number, rows: readonly Piece[]): void {
  const inside = asides.filter(({ above }) => above > start && above < start + rows.length)
  const comment = inside.find(({ what }) => what === 'comment')
  if (comment)
    throw errorIn(
      comment.line,
      0,
      'a comment between the rows of a grid: expected a blank line between two boards',
    )
  const places = new Set(inside.map(({ above }) => above))
  // Between boards in frames the lower frame of one and the upper one of the next follow each other.
  const isBox = places.size === inside.length && rows.every(({ text }) => BAR.test(text))
  if (inside.length === 0 || isBox || places.size === rows.length - 1) return
  const reason =
    'a line between the rows of a grid: expected bars in the rows, too, or a blank line between two boards'
  throw errorIn(inside[0]!.line, 0, reason)
}

const LOST_ROW =
  "a line that starts with ';' is a comment where no other row has one further on: expected '.' for each blank cell"

/** Lines that start with `;` are rows where all other lines have one, too; else they are comments. */
function withoutComments(
  lines: readonly Line[],
  asides: readonly Between[],
): { readonly lines: readonly Line[]; readonly asides: readonly Between[] } {
  if (!lines.some(({ isComment }) => isComment)) return { lines, asides }
  const rows = lines.filter(({ isComment }) => !isComment)
  if (rows.length > 0 && rows.every(({ piece }) => piece.text.includes(';'))) return { lines, asides }
  const above = [0]
  for (const [i, { isComment }] of lines.entries()) above.push(above[i]! + (isComment ? 0 : 1))
  const comments = lines.flatMap(({ piece, isComment }, i) =>
    isComment ? [{ what: 'comment', line: piece, above: above[i]! } as const] : [],
  )
  const others = asides.map((aside) => ({ ...aside, above: above[aside.above]! }))
  return { lines: rows, asides: [...others, ...comments].sort((a, b) => a.above - b.above) }
}

/** Lines of tabs alone are rows of empty cells where other rows have tabs, too; else they are blank lines. */
function splitAtTabs(
  lines: readonly Line[],
  asides: readonly Between[],
): { readonly lines: Line[]; readonly asides: Between[] }[] {
  const isBlank = ({ piece }: Line) => piece.text.trim() === ''
  const written = lines.filter((line) => !isBlank(line))
  if (written.length === 0) return []
  if (written.some(({ piece }) => piece.text.includes('\t')))
    return [{ lines: [...lines], asides: [...asides] }]
  const parts: { lines: Line[]; asides: Between[] }[] = []
  let open: Line[] | undefined
  for (const [i, line] of lines.entries()) {
    if (isBlank(line)) {
      open = undefined
      continue
    }
    if (!open) {
      open = []
      parts.push({ lines: open, asides: [] })
    }
    for (const { above, ...aside } of asides)
      if (above === i) parts.at(-1)!.asides.push({ ...aside, above: open.length })
    open.push(line)
  }
  return parts
}

function attempt<T>(read: () => T): T | { readonly error: PuzzleParseError } {
  try {
    return read()
  } catch (error) {
    if (error instanceof PuzzleParseError) return { error }
    throw error
  }
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
