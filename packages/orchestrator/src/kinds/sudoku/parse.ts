/** Reads Sudoku texts line by line: 81-cell lines, nine-line grids with or without borders, CSV, URLs, comments. */
import { parse as parseCsv } from 'csv-parse/sync'
import { type Position, PuzzleParseError } from '../../errors.ts'
import type { FoundPuzzle, PuzzleReader, ReadItem } from '../kind.ts'
import { CELLS, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { looksLikeUrl, parseUrl } from './url.ts'

type Item = ReadItem<SudokuPuzzle, SudokuAnswer>
type Found = FoundPuzzle<SudokuPuzzle, SudokuAnswer>

const COMMENT = /^\s*(?:#|\/\/|;)/
const GRID_TITLE = /^\s*grid\b.*/i
/** Lines of rules and corners only, ASCII or box drawing. */
const BORDER = /^[\s|+=\-─-╿]*[+=\-─-╿][\s|+=\-─-╿]*$/
/** Marks between the cells of a row. */
const SEPARATOR = /[\s|│┃║╎┆]/
const PUZZLE_COLUMN = /^(?:puzzles?|quizzes|quiz|question|sudoku)$/i
const SOLUTION_COLUMN = /^(?:solutions?|answers?)$/i

interface Columns {
  readonly puzzle: number
  readonly solution: number
  readonly id: number
  readonly source: number
}

/** Digits 1-9 as themselves, `.`, `0`, `*` and `_` as 0, anything else as undefined. */
function cellValue(char: string): number | undefined {
  if (char >= '1' && char <= '9') return Number(char)
  return '.0*_'.includes(char) ? 0 : undefined
}

/** A reader of mixed notations; `source` names the text in errors. */
export class SudokuReader implements PuzzleReader<SudokuPuzzle, SudokuAnswer> {
  readonly #source: string | undefined
  #line = 0
  #columns: Columns | undefined
  #title: string | undefined
  #rows: number[][] = []
  #gridStart = 0
  /** True after a bad row, until the grid's end: one error a grid. */
  #skipping = false

  constructor(source?: string) {
    this.#source = source
  }

  push(text: string): Item[] {
    this.#line += 1
    const line = (this.#line === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, '')
    try {
      return this.#read(line)
    } catch (error) {
      if (!(error instanceof PuzzleParseError)) throw error
      return [{ error, where: error.where }]
    }
  }

  end(): Item[] {
    return this.#endGrid()
  }

  #read(line: string): Item[] {
    if (line.trim() === '') return this.#endGrid()
    if (COMMENT.test(line) || BORDER.test(line)) return []
    if (GRID_TITLE.test(line)) {
      const items = this.#endGrid()
      this.#title = line.trim()
      return items
    }
    const indent = line.length - line.trimStart().length
    if (looksLikeUrl(line.trim())) {
      const puzzle = parseUrl(line.trim(), (index) => this.#at(indent + index))
      return [...this.#endGrid(), { puzzle, where: this.#at(indent) }]
    }
    if (this.#columns) return [this.#csvRow(line, this.#columns)]
    if (this.#isHeader(line)) return this.#endGrid()
    return this.#cells(line, indent)
  }

  /** A line of cells: a whole board, a board and its solution, or one row of a grid. */
  #cells(line: string, indent: number): Item[] {
    const fields = /^\s*([^\s,;#]{20,})\s*(?:[,;]\s*([1-9]{81})\s*)?(?:#.*)?$/.exec(line)
    if (fields) {
      const before = this.#endGrid()
      const found = this.#found(fields[1]!, indent, fields[2])
      return [...before, found]
    }
    return this.#gridRow(line.replace(/#.*$/, (comment) => ' '.repeat(comment.length)))
  }

  #gridRow(line: string): Item[] {
    if (this.#skipping) return []
    if (this.#rows.length === 0) this.#gridStart = this.#line
    const row: number[] = []
    for (const [index, char] of [...line].entries()) {
      if (SEPARATOR.test(char)) continue
      const value = cellValue(char)
      if (value === undefined) throw this.#skip(unexpected(char), index)
      if (row.length === 9) throw this.#skip('expected 9 cells in this row, found more', index)
      row.push(value)
    }
    if (row.length < 9)
      throw this.#skip(`expected 9 cells in this row, found ${row.length}`, line.trimEnd().length)
    this.#rows.push(row)
    return this.#rows.length === 9 ? this.#endGrid() : []
  }

  #skip(reason: string, index: number): PuzzleParseError {
    this.#skipping = true
    this.#rows = []
    return new PuzzleParseError(reason, this.#at(index))
  }

  #endGrid(): Item[] {
    const rows = this.#rows
    const id = this.#title
    this.#rows = []
    this.#skipping = false
    if (rows.length === 0) return []
    this.#title = undefined
    const where = { source: this.#source, line: this.#gridStart, column: 1 }
    if (rows.length === 9)
      return [{ puzzle: { kind: 'sudoku', givens: Uint8Array.from(rows.flat()) }, id, where }]
    const error = new PuzzleParseError(`expected 9 rows in this grid, found ${rows.length}`, where)
    return [{ error, where }]
  }

  #isHeader(line: string): boolean {
    const names = line.split(/[,;\t]/).map((name) => name.trim().replace(/^"|"$/g, ''))
    const headerLike =
      names.length > 1 ? names.every((name) => /^[a-z][\w ]*$/i.test(name)) : PUZZLE_COLUMN.test(names[0]!)
    if (!headerLike) return false
    const find = (pattern: RegExp) => names.findIndex((name) => pattern.test(name))
    const puzzle = find(PUZZLE_COLUMN)
    if (puzzle < 0) {
      throw new PuzzleParseError(
        `expected a 'puzzle' column in the header, found ${names.join(', ')}`,
        this.#at(0),
      )
    }
    this.#columns = { puzzle, solution: find(SOLUTION_COLUMN), id: find(/^id$/i), source: find(/^source$/i) }
    return true
  }

  #csvRow(line: string, columns: Columns): Item {
    let fields: string[]
    try {
      fields =
        (parseCsv(line, { relax_column_count: true, delimiter: [',', ';', '\t'] }) as string[][])[0] ?? []
    } catch (error) {
      throw new PuzzleParseError(`not a CSV row: ${(error as Error).message}`, this.#at(0))
    }
    const text = fields[columns.puzzle]
    if (text === undefined)
      throw new PuzzleParseError(`this row has no column ${columns.puzzle + 1}`, this.#at(line.length))
    const optional = (index: number) => fields[index] || undefined
    const found = this.#found(text, Math.max(0, line.indexOf(text)), optional(columns.solution))
    return { ...found, id: optional(columns.id), source: optional(columns.source) }
  }

  /** A board of 81 characters that begins at `index` of the line, and its solution. */
  #found(text: string, index: number, solutionText?: string): Found {
    const givens = this.#board(text, index)
    const where = this.#at(index)
    if (solutionText === undefined) return { puzzle: { kind: 'sudoku', givens }, where }
    if (!/^[1-9]{81}$/.test(solutionText))
      throw new PuzzleParseError('expected a solution of 81 digits', where)
    const solution = Uint8Array.from(solutionText, Number)
    const differs = givens.findIndex((given, cell) => given !== 0 && given !== solution[cell])
    if (differs >= 0)
      throw new PuzzleParseError(
        `the solution differs from the given in cell ${differs + 1}`,
        this.#at(index + differs),
      )
    return { puzzle: { kind: 'sudoku', givens }, solution, where }
  }

  #board(text: string, index: number): Uint8Array {
    const values = [...text].map((char, i) => {
      const value = cellValue(char)
      if (value === undefined) throw new PuzzleParseError(unexpected(char), this.#at(index + i))
      return value
    })
    if (values.length !== CELLS) {
      const at = index + Math.min(values.length, CELLS)
      throw new PuzzleParseError(`expected 81 cells, found ${values.length}`, this.#at(at))
    }
    return Uint8Array.from(values)
  }

  #at(index: number): Position {
    return { source: this.#source, line: this.#line, column: index + 1 }
  }
}

function unexpected(char: string): string {
  return `unexpected '${char}'; a cell is a digit 1-9, or one of . 0 * _ for a blank`
}

/** Reads exactly one puzzle. Throws `PuzzleParseError`. */
export function parseOne(text: string, source?: string): SudokuPuzzle {
  const reader = new SudokuReader(source)
  const items = [...text.split('\n').flatMap((line) => reader.push(line)), ...reader.end()]
  for (const item of items) if ('error' in item) throw item.error
  const [first, second] = items as Found[]
  if (!first) throw new PuzzleParseError('found no puzzle', { source, line: 1, column: 1 })
  if (second) throw new PuzzleParseError('expected one puzzle, found another', second.where)
  return first.puzzle
}
