/** Nine rows are a Sudoku: tells from the lines of a text which nine, whatever stands around and between them. */
import type { PuzzleParseError } from '../../errors.ts'
import { attempt } from '../../notation/attempt.ts'
import type { Aside, Fault, GridCollector, Reading } from '../../notation/collector.ts'
import { cut, errorIn, type Piece } from '../../notation/piece.ts'
import { delimiterOf, fieldsOf, wordsOf } from '../../notation/rows.ts'
import { HAS_WORD, LONGEST_ROW, strayLine, tooLong } from '../../notation/stray.ts'
import { CELLS, SIZE, type SudokuPuzzle } from './board.ts'
import { otherSize, readGridRow, SEPARATOR, strangeBlank } from './cells.ts'

const BAND = 3
export const WANTED =
  'a puzzle URL, 81 cells on one line, nine rows of nine cells, rows of another kind below its name, CSV, JSON, or a file of another program'
/** A row of blank cells, or a border: the other rows tell. */
const NINE_DASHES = /^[\s|+\u2500-\u257f]*(?:-[\s|+\u2500-\u257f]*){9}$/
/** Where lines cross: no row of cells has that. */
const CROSSING = /[+\u253c\u256a\u256b\u256c\u254b]/
/** Nine fields that tabs part. */
const EMPTY_FIELDS = /^ *(?:\t *){8}$/
/** The candidates of a cell: digits that rise. */
const CANDIDATES = /^1?2?3?4?5?6?7?8?9?$/
/** Fewer cells than these with several digits are slips. */
const LEAST_CANDIDATES = 5
const CANDIDATES_NOTE = 'a grid of candidates: cells with one digit were taken as givens'
const OTHER_SIDES = [4, 6, 8, 10, 12, 16, 25]

/** A line of a grid, looked at by itself. */
interface Row {
  readonly line: Piece
  /** The nine cells, spelled one character each; undefined where it has others. */
  readonly cells?: string | undefined
  /** Nine cells, some with several digits. */
  readonly candidates?: readonly string[] | undefined
  readonly error?: PuzzleParseError | undefined
  /** It looks like another form, which `error` is of. */
  readonly isOther?: boolean | undefined
}

type Stretch = readonly Row[]

/** The lines between two blank ones, all of them rows: three of three make a grid, too. */
interface Band {
  readonly rows: Stretch
  /** Blank lines above it. */
  readonly gap: number
}

export class SudokuGrids implements GridCollector<SudokuPuzzle> {
  #lines: { readonly line: Piece; readonly error?: PuzzleParseError | undefined }[] = []
  /** Lines among them without a tab. */
  #plain = 0
  #bands: Band[] = []
  #gap = 0
  /** The first line of what may be a damaged band: with it the next ones may make no grid. */
  #damage: Piece | undefined

  get isOpen(): boolean {
    return this.#lines.length > 0
  }

  push(line: Piece, error?: PuzzleParseError): void {
    this.#lines.push({ line, error })
    if (!line.text.includes('\t')) this.#plain++
  }

  aside(what: Aside, line: Piece): void {
    if (what === 'frame' && NINE_DASHES.test(line.text)) this.push(line)
  }

  blank(line: Piece): Reading<SudokuPuzzle>[] {
    // A row of empty fields, above or among rows of fields.
    if (this.#plain === 0 && EMPTY_FIELDS.test(line.text)) {
      this.push(line)
      return []
    }
    const readings = this.#endParagraph()
    this.#gap++
    return readings
  }

  end(): Reading<SudokuPuzzle>[] {
    const readings = [...this.#endParagraph(), ...this.#endBands()]
    this.#damage = undefined
    return readings
  }

  #endParagraph(): Reading<SudokuPuzzle>[] {
    if (this.#lines.every(({ line: { text } }) => text.trim() === '')) this.#lines = []
    const borders = bordersAmong(this.#lines.map(({ line }) => line))
    const rows = this.#lines
      .filter(({ line }) => !borders.has(line))
      .map(({ line, error }) => (error ? { line, error, isOther: true } : lookAt(line)))
    this.#lines = []
    this.#plain = 0
    if (rows.length === 0) return []
    // Words above the first band and below the last one are none of the grid.
    const from = rows.findIndex((row) => !isProse(row))
    const to = rows.findLastIndex((row) => !isProse(row)) + 1
    const core = rows.slice(from, to)
    if (from < 0 || !isBand(core)) return this.#endWhole(rows)
    const [above, below] = [rows.slice(0, from), rows.slice(to)]
    const [first] = this.#bands
    const goesOn = above.length === 0 && (!first || first.rows.length === core.length)
    const before = goesOn ? [] : [...this.#endBands(), ...strays(above)]
    this.#bands.push({ rows: core, gap: this.#gap })
    this.#gap = 0
    return below.length > 0 ? [...before, ...this.#endBands(), ...strays(below)] : before
  }

  /** A paragraph that is no band. */
  #endWhole(rows: Stretch): Reading<SudokuPuzzle>[] {
    const before = this.#endBands()
    this.#gap = 0
    const readings = readParagraph(rows)
    const isWhole = readings.some((reading) => 'puzzle' in reading)
    if (isWhole) this.#damage = undefined
    else if (rows.some(maybeRow)) this.#damage ??= rows[0]!.line
    return [...before, ...readings]
  }

  #endBands(): Reading<SudokuPuzzle>[] {
    const bands = this.#bands
    this.#bands = []
    const [first] = bands
    if (first && this.#damage) return [{ error: behindDamage(this.#damage, first.rows[0]!.line) }]
    return groupsOf(bands).flatMap((group) => readStretch(group.flatMap(({ rows }) => rows)))
  }
}

/** Bands that belong together: between grids there are more blank lines than inside one. */
function groupsOf(bands: readonly Band[]): Band[][] {
  const [, ...others] = bands
  const least = others.reduce((least, { gap }) => Math.min(least, gap), Number.POSITIVE_INFINITY)
  const groups: Band[][] = []
  for (const [i, band] of bands.entries()) {
    if (i === 0 || band.gap > least) groups.push([])
    groups.at(-1)!.push(band)
  }
  return groups
}

/** Lines of nine dashes, which are rows where cells are written so elsewhere. */
function bordersAmong(lines: readonly Piece[]): ReadonlySet<Piece> {
  const dashes = new Set(lines.filter(({ text }) => NINE_DASHES.test(text)))
  const dashesAreCells = lines.some(
    (line) => !dashes.has(line) && /\d/.test(line.text) && line.text.includes('-'),
  )
  return dashesAreCells ? new Set([...dashes].filter(({ text }) => CROSSING.test(text))) : dashes
}

function lookAt(line: Piece): Row {
  if (line.text.length > LONGEST_ROW) return { line, error: tooLong(line) }
  const text = spelled(line)
  const cells = Array.from(text.replace(/#.*/, '').replaceAll(/\+[1-9]/g, '.'))
    .filter((character) => !SEPARATOR.test(character))
    .join('')
  const row = attempt(() => readGridRow({ ...line, text }))
  if (!('error' in row)) return { line, cells }
  const words = wordsOf(line).map((word) => word.text)
  const isNine = words.length === SIZE && words.every((word) => CANDIDATES.test(word))
  return { line, error: row.error, candidates: isNine ? words : undefined }
}

/** The line with a dot in each empty field, where it has a field for each cell. */
function spelled(line: Piece): string {
  const delimiter = delimiterOf([line])
  if (!delimiter) return line.text
  const fields = attempt(() => fieldsOf(line, delimiter))
  if ('error' in fields) return line.text
  const isRow = fields.length === SIZE && fields.every(({ text }) => text.length <= 1)
  return isRow ? fields.map(({ text }) => text || '.').join(' ') : line.text
}

function isRow({ cells, candidates }: Row): boolean {
  return cells !== undefined || candidates !== undefined
}

function isBand(rows: Stretch): boolean {
  return (rows.length === BAND || rows.length === 1) && rows.every(isRow)
}

function isProse(row: Row): boolean {
  return !isRow(row) && (row.isOther === true || HAS_WORD.test(row.line.text))
}

/** Whether a line may be a row that lost or won a few cells. */
function maybeRow(row: Row): boolean {
  const { length } = [...row.line.text].filter((character) => !SEPARATOR.test(character))
  return isRow(row) || (length > SIZE / 2 && length < SIZE * 2 && !HAS_WORD.test(row.line.text))
}

function behindDamage(damage: Piece, line: Piece): PuzzleParseError {
  const reason = `not read: the grid above, from line ${damage.where.line} on, is damaged, and nothing tells where the next one starts`
  return errorIn(cut(line), 0, reason)
}

/** Lines with a word part grids. Behind a damaged one nothing is sure, up to the next blank line. */
function readParagraph(rows: readonly Row[]): Reading<SudokuPuzzle>[] {
  const readings: Reading<SudokuPuzzle>[] = []
  let damage: Piece | undefined
  for (const stretch of stretchesOf(rows)) {
    const [first] = stretch
    if (damage && stretch.some(isRow)) {
      readings.push({ error: behindDamage(damage, first!.line) })
      continue
    }
    const read = readStretch(stretch)
    if (stretch.some(isRow) && !read.some((reading) => 'puzzle' in reading)) damage = first!.line
    for (const reading of read) readings.push(reading)
  }
  return readings
}

function stretchesOf(rows: readonly Row[]): Stretch[] {
  const stretches: Row[][] = []
  for (const [i, row] of rows.entries()) {
    const isNew = i === 0 || isProse(row) !== isProse(rows[i - 1]!)
    if (isNew) stretches.push([])
    stretches.at(-1)!.push(row)
  }
  return stretches
}

/** Nine rows, or as many for each of several grids; odd lines above and below them are none of them. */
function readStretch(rows: Stretch): Reading<SudokuPuzzle>[] {
  if (rows.some(({ isOther }) => isOther)) return strays(rows)
  const other = sideOf(rows)
  if (other !== undefined) return [stray(rows, errorIn(cut(rows[0]!.line), 0, otherSize(other)))]
  const from = rows.findIndex(isRow)
  if (from < 0) return [stray(rows, strayLine(rows[0]!.line, WANTED))]
  const to = rows.findLastIndex(isRow) + 1
  const core = rows.slice(from, to)
  const isWhole = core.length % SIZE === 0 && core.every(isRow)
  if (!isWhole) return [{ error: damageOf(rows, core) }]
  const grids = Array.from({ length: core.length / SIZE }, (_, i) => core.slice(i * SIZE, (i + 1) * SIZE))
  return [...strays(rows.slice(0, from)), ...grids.map(readGrid), ...strays(rows.slice(to))]
}

function strays(rows: Stretch): Fault[] {
  return rows.map(({ line, error, isOther }) => {
    const isPlain = !isOther && HAS_WORD.test(line.text)
    return { error: (!isPlain && error) || strayLine(line, WANTED), ...(!isOther && { strayLines: 1 }) }
  })
}

function stray(rows: Stretch, error: PuzzleParseError): Fault {
  return { error, strayLines: rows.length }
}

/** The side of a Sudoku of another size, if the rows are those of one. */
function sideOf(rows: Stretch): number | undefined {
  const counts = (count: (line: Piece) => number) => new Set(rows.map(({ line }) => count(line)))
  const characters = counts(({ text }) => [...text].filter((character) => !SEPARATOR.test(character)).length)
  const words = counts((line) => wordsOf(line, /[^\s|,;\u2500-\u257f]+/g).length)
  if (rows.some(({ line }) => HAS_WORD.test(line.text) && !/[\d.]/.test(line.text))) return undefined
  return OTHER_SIDES.find(
    (side) =>
      rows.length > 1 &&
      side % rows.length === 0 &&
      [characters, words].some((count) => count.size === 1 && count.has(side)),
  )
}

/** What is wrong with a grid that is none: its first bad row, or how many rows it has. */
function damageOf(rows: Stretch, core: Stretch): PuzzleParseError {
  const bad = rows.find((row) => !isRow(row))
  if (bad) return bad.error!
  const last = core.at(-1)!.line
  const { line } = core[0]!.line.where
  const wanted = core.length < SIZE ? SIZE : `a multiple of ${SIZE}`
  const reason = `expected ${wanted} rows in the grid that starts on line ${line}, found ${core.length}`
  return errorIn(last, last.text.trimEnd().length, reason)
}

function readGrid(rows: Stretch): Reading<SudokuPuzzle> {
  const { where } = cut(rows[0]!.line)
  const several = rows.flatMap(({ candidates = [] }) => candidates.filter((word) => word.length > 1))
  if (several.length === 0) return readPlainGrid(rows, where)
  const words = rows.flatMap(({ line }) => wordsOf(line).map((word) => word.text))
  const isCandidates =
    several.length >= LEAST_CANDIDATES &&
    words.length === CELLS &&
    words.every((word) => CANDIDATES.test(word))
  if (!isCandidates) return { error: rows.find(({ cells }) => cells === undefined)!.error! }
  const givens = Uint8Array.from(words, (word) => (word.length === 1 ? Number(word) : 0))
  return { puzzle: { kind: 'sudoku', givens }, where, note: CANDIDATES_NOTE }
}

function readPlainGrid(rows: Stretch, where: Piece['where']): Reading<SudokuPuzzle> {
  const cells = rows.map((row) => row.cells!).join('')
  const strange = strangeBlank(cells)
  if (strange >= 0) {
    const { line } = rows[Math.floor(strange / SIZE)]!
    const reason = `unexpected '${cells[strange]}'; the blank cells of one puzzle are spelled alike`
    return { error: errorIn(line, line.text.indexOf(cells[strange]!), reason) }
  }
  const givens = Uint8Array.from(cells, (cell) => (/[1-9]/.test(cell) ? Number(cell) : 0))
  return { puzzle: { kind: 'sudoku', givens }, where }
}
