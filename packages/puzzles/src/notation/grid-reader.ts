/** Reads pencil puzzles line by line: URLs, text grids, JSON lines and CSV tables with URLs, mixed freely, with comments. */

import { type GridAnswer, type GridPuzzle, MAX_SIDE } from '../board/board.ts'
import { PuzzleParseError } from '../errors.ts'
import type { FoundPuzzle, PuzzleReader, ReadItem } from '../kind.ts'
import { cut, errorIn, type Piece } from './piece.ts'
import { isRecord, readRecord } from './record.ts'
import { isRow, openTable, readRow, type Table } from './table.ts'
import { isUrl, type PuzzleUrl, splitUrl } from './url.ts'

/** What the reader needs of a kind. */
export interface GridNotation<P extends GridPuzzle> {
  readonly name: string
  /** How URLs spell the kind; the first is written. */
  readonly urlNames: readonly [string, ...string[]]
  readBody(url: PuzzleUrl): P
  /** Cells of a text grid have several characters: only blanks part them. */
  readonly cellsAreWords?: boolean | undefined
  /** Rows of a text grid, of equal length, each row in cells. */
  readGrid(rows: readonly (readonly Piece[])[]): P
  /** Reads a complete answer of the puzzle. */
  readSolution(puzzle: P, solution: Piece): GridAnswer
}

const COMMENT = /^(?:#|\/\/|;)/
/** Frames around a grid carry nothing. */
const FRAME = /^(?=.*[-=+\u2500\u2501\u2550]{2})[-=+|\s\u2500-\u257f]+$/

type Found<P> = FoundPuzzle<P, GridAnswer>
type Item<P> = ReadItem<P, GridAnswer>

export class GridReader<P extends GridPuzzle> implements PuzzleReader<P, GridAnswer> {
  readonly #notation: GridNotation<P>
  readonly #source: string | undefined
  #line = 0
  #table: Table | undefined
  #rows: Piece[] = []

  constructor(notation: GridNotation<P>, source?: string) {
    this.#notation = notation
    this.#source = source
  }

  push(text: string, lineNumber: number = this.#line + 1): Item<P>[] {
    this.#line = lineNumber
    const withoutMark = lineNumber === 1 && text.startsWith('\ufeff') ? text.slice(1) : text
    const line = cut({ text: withoutMark, where: { source: this.#source, line: lineNumber, column: 1 } })
    if (COMMENT.test(line.text) || FRAME.test(line.text)) return []
    if (this.#isGridRow(line)) {
      this.#rows.push(line)
      return []
    }
    return [...this.end(), ...this.#attempt(line, () => this.#readLine(line))]
  }

  end(): Item<P>[] {
    const rows = this.#rows
    if (rows.length === 0) return []
    this.#rows = []
    return this.#attempt(rows[0]!, () => this.#readGrid(rows))
  }

  #isGridRow(line: Piece): boolean {
    const { text } = line
    if (text === '' || isUrl(text) || isRecord(text) || this.#isName(text)) return false
    if (this.#table && isRow(this.#table, line)) return false
    // Cells may be words or letters: only a header with a known column is one.
    return this.#rows.length > 0 || !openTable(line)?.columns.size
  }

  #isName(text: string): boolean {
    const word = text.replace(/:$/, '').toLowerCase()
    return word === this.#notation.name || this.#notation.urlNames.includes(word)
  }

  #readLine(line: Piece): Found<P> | undefined {
    if (line.text === '' || this.#isName(line.text)) return undefined
    if (isUrl(line.text)) return { puzzle: readGridUrl(this.#notation, line), where: line.where }
    if (isRecord(line.text)) return this.#readRecord(line)
    const table = openTable(line)
    if (!table) return this.#readTableRow(this.#table!, line)
    this.#table = table
    if (table.columns.has('puzzle')) return undefined
    const columns = table.header.map((name) => `'${name}'`).join(', ')
    throw errorIn(line, 0, `expected a 'puzzle' or 'url' column in the CSV header, found ${columns}`)
  }

  #readRecord(line: Piece): Found<P> {
    const { url, id, source, solution } = readRecord(line)
    const puzzle = readGridUrl(this.#notation, url)
    return {
      puzzle,
      id,
      source,
      solution: solution && this.#notation.readSolution(puzzle, solution),
      where: line.where,
    }
  }

  #readTableRow(table: Table, line: Piece): Found<P> | undefined {
    // The header's error is reported; one more for each row would bury it.
    if (!table.columns.has('puzzle')) return undefined
    const row = readRow(table, line)
    const url = row.get('puzzle')!
    const puzzle = readGridUrl(this.#notation, url)
    const beside = row.get('solution')
    return {
      puzzle,
      id: row.get('id')?.text || undefined,
      source: row.get('source')?.text || undefined,
      solution: beside?.text ? this.#notation.readSolution(puzzle, beside) : undefined,
      where: url.where,
    }
  }

  #readGrid(lines: readonly Piece[]): Found<P> {
    const rows = lines.map((line) => splitCells(line, this.#notation.cellsAreWords))
    const [first] = rows
    if (rows.length > MAX_SIDE || first!.length > MAX_SIDE)
      throw errorIn(
        lines[0]!,
        0,
        `expected at most ${MAX_SIDE}x${MAX_SIDE} cells, found ${rows.length}x${first!.length}`,
      )
    for (const [index, row] of rows.entries()) {
      if (row.length === first!.length) continue
      const reason = `expected ${first!.length} cells as in the grid's first row, found ${row.length}`
      const surplus = row[first!.length]
      if (surplus) throw errorIn(surplus, 0, reason)
      throw errorIn(lines[index]!, lines[index]!.text.length, reason)
    }
    return { puzzle: this.#notation.readGrid(rows), where: lines[0]!.where }
  }

  /** What `read` found, or the parse error that it threw, as items. */
  #attempt(at: Piece, read: () => Found<P> | undefined): Item<P>[] {
    try {
      const found = read()
      return found ? [found] : []
    } catch (error) {
      if (!(error instanceof PuzzleParseError)) throw error
      return [{ error, where: { ...at.where, ...error.where } }]
    }
  }
}

/** Reads a URL of the kind. Throws `PuzzleParseError` that points into it. */
export function readGridUrl<P extends GridPuzzle>(notation: GridNotation<P>, line: Piece): P {
  const [written] = notation.urlNames
  const url = splitUrl(line, `https://puzz.link/p?${written}/10/10/...`)
  if (!notation.urlNames.includes(url.name))
    throw errorIn(line, url.nameAt, `expected a '${written}' URL, found '${url.name}'`)
  return notation.readBody(url)
}

/**
 * A grid row's cells: what blanks, bars or commas part; where nothing parts them, each character unless they are words.
 * A comma after a row's only cell says that it is one.
 */
export function splitCells(line: Piece, cellsAreWords = false): Piece[] {
  const separated = [...line.text.matchAll(/[^\s|│┃║,]+/g)]
  if (separated.length > 1 || cellsAreWords || line.text.includes(','))
    return separated.map(({ 0: text, index }) => cut(line, index, index + text.length))
  const [only] = separated
  if (!only) return []
  return [...only[0]].map((_, i) => cut(line, only.index + i, only.index + i + 1))
}

/** Cells as rows of a text grid, in columns, so that `splitCells` finds them again. */
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
