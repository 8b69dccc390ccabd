/** Reads Sudokus from text, line by line: single lines, grids, CSV tables and URLs, mixed freely, with comments. */
import { PuzzleParseError } from '../../errors.ts'
import type { FoundPuzzle, PuzzleReader, ReadItem } from '../../kind.ts'
import { exactlyOne } from '../../notation/exactly-one.ts'
import { cut, errorIn, type Piece } from '../../notation/piece.ts'
import { isRecord, readRecord } from '../../notation/record.ts'
import { isRow, openTable, readRow, type Table } from '../../notation/table.ts'
import { isUrl } from '../../notation/url.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { countCharacters, readGridRow, readPuzzleLine, readSolution, startsWithCell } from './cells.ts'
import { readUrl } from './url.ts'

type Item = ReadItem<SudokuPuzzle, SudokuAnswer>
type Found = FoundPuzzle<SudokuPuzzle, SudokuAnswer>

/** A grid whose rows are still coming in. */
interface OpenGrid {
  readonly first: Piece
  readonly id: string | undefined
  readonly givens: Uint8Array
  rows: number
  last: Piece
  /** Its error is already reported: its other rows are passed over. */
  broken: boolean
}

const COMMENT = /^(?:#|\/\/|;|\[[^\]]*\]$)/
const KIND_NAME = /^sudoku:?$/i
const GRID_NAME = /^grid\b/i
/** Made of border characters alone, with two horizontal ones side by side: no row of cells has those. */
const BORDER = /^(?=.*[-=+\u2500\u2501\u2550]{2})[-=+|:.*'\s\u2500-\u257f]+$/
/** More characters than this on one line can't be meant as a row of 9 cells. */
const LONGEST_ROW = 2 * SIZE

/** Reads exactly one puzzle. Throws `PuzzleParseError` with line and column; never anything else. */
export function parse(text: string, source?: string): SudokuPuzzle {
  return exactlyOne(reader(source), text, source)
}

/** A reader for texts that hold many puzzles; `source` names the text in errors. */
export function reader(source?: string): PuzzleReader<SudokuPuzzle, SudokuAnswer> {
  return new SudokuReader(source)
}

class SudokuReader implements PuzzleReader<SudokuPuzzle, SudokuAnswer> {
  readonly #source: string | undefined
  #line = 0
  #table: Table | undefined
  #grid: OpenGrid | undefined
  /** A `Grid 01` line seen, which names the next puzzle. */
  #name: string | undefined

  constructor(source?: string) {
    this.#source = source
  }

  push(text: string, lineNumber: number = this.#line + 1): Item[] {
    this.#line = lineNumber
    const withoutMark = this.#line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text
    const line = cut({ text: withoutMark, where: { source: this.#source, line: this.#line, column: 1 } })
    if (this.#isPassedOver(line.text)) return []
    if (this.#isGridRow(line)) return attempt(() => this.#readGridRow(line))
    return [...this.end(), ...attempt(() => this.#readLine(line))]
  }

  end(): Item[] {
    const grid = this.#grid
    this.#grid = undefined
    if (!grid || grid.broken) return []
    return attempt(() => {
      const reason = `expected ${SIZE} rows in the grid that starts on line ${grid.first.where.line}, found ${grid.rows}`
      throw errorIn(grid.last, grid.last.text.length, reason)
    })
  }

  #isPassedOver(text: string): boolean {
    // A row of a semicolon table may start with an empty field.
    if (text.startsWith(';') && this.#table?.delimiter === ';') return false
    return COMMENT.test(text) || BORDER.test(text)
  }

  #isGridRow(line: Piece): boolean {
    if (line.text === '' || GRID_NAME.test(line.text) || isUrl(line.text) || openTable(line)) return false
    if (KIND_NAME.test(line.text) || isRecord(line.text)) return false
    if (this.#table && isRow(this.#table, line)) return false
    // Inside a grid an odd line is a bad row of it; elsewhere only a line that starts as a row opens a grid.
    return countCharacters(line) <= LONGEST_ROW && (this.#grid !== undefined || startsWithCell(line))
  }

  /** Reads a line that stands for itself. */
  #readLine(line: Piece): Found | undefined {
    if (line.text === '' || KIND_NAME.test(line.text)) return undefined
    if (GRID_NAME.test(line.text)) {
      this.#name = line.text
      return undefined
    }
    if (isUrl(line.text)) return { puzzle: readUrl(line), id: this.#takeName(), where: line.where }
    if (isRecord(line.text)) return readJsonRecord(line)
    const table = openTable(line)
    if (table) {
      this.#table = table
      if (!table.columns.has('puzzle')) throw errorIn(line, 0, missingColumn(table))
      return undefined
    }
    if (this.#table && isRow(this.#table, line)) return readTableRow(this.#table, line)
    return { ...readPuzzleLine(line), id: this.#takeName(), where: line.where }
  }

  #readGridRow(line: Piece): Found | undefined {
    this.#grid ??= {
      first: line,
      id: this.#takeName(),
      givens: new Uint8Array(CELLS),
      rows: 0,
      last: line,
      broken: false,
    }
    const grid = this.#grid
    const row = grid.rows++
    grid.last = line
    if (grid.rows === SIZE) this.#grid = undefined
    if (grid.broken) return undefined
    // Stays true if reading the row throws.
    grid.broken = true
    grid.givens.set(readGridRow(line).values, row * SIZE)
    grid.broken = false
    if (grid.rows < SIZE) return undefined
    return { puzzle: { kind: 'sudoku', givens: grid.givens }, id: grid.id, where: grid.first.where }
  }

  #takeName(): string | undefined {
    const name = this.#name
    this.#name = undefined
    return name
  }
}

function readTableRow(table: Table, line: Piece): Found | undefined {
  // The header's error is reported; one more for each row would bury it.
  if (!table.columns.has('puzzle')) return undefined
  const row = readRow(table, line)
  const field = row.get('puzzle')!
  const beside = row.get('solution')
  const { puzzle, solution } = isUrl(field.text) ? { puzzle: readUrl(field) } : readPuzzleLine(field)
  return {
    puzzle,
    id: row.get('id')?.text || undefined,
    source: row.get('source')?.text || undefined,
    solution: beside?.text ? readSolution(beside, puzzle) : solution,
    where: field.where,
  }
}

function readJsonRecord(line: Piece): Found {
  const { url, id, source, solution } = readRecord(line)
  const read = isUrl(url.text) ? { puzzle: readUrl(url) } : readPuzzleLine(url)
  return {
    ...read,
    ...(solution && { solution: readSolution(solution, read.puzzle) }),
    id,
    source,
    where: line.where,
  }
}

function missingColumn(table: Table): string {
  return `expected a 'puzzle' column in the CSV header, found ${table.header.map((name) => `'${name}'`).join(', ')}`
}

/** What `read` found, or the parse error that it threw, as items. */
function attempt(read: () => Found | undefined): Item[] {
  try {
    const found = read()
    return found ? [found] : []
  } catch (error) {
    if (!(error instanceof PuzzleParseError)) throw error
    return [{ error, where: error.where }]
  }
}
