/** Text grids of pencil kinds: rows of cells, read and written. */
import { MAX_SIDE } from '../board/board.ts'
import { cut, errorIn, type Piece } from './piece.ts'

/**
 * The cells of a grid's lines, as many in each row. Throws `PuzzleParseError` that points at a cell too many, or behind
 * the row that has too few.
 */
export function cellRows(lines: readonly Piece[], cellsAreWords = false): Piece[][] {
  const rows = lines.map((line) => splitCells(line, cellsAreWords))
  const { length: width } = rows[0]!
  if (rows.length > MAX_SIDE || width > MAX_SIDE) {
    const reason = `expected at most ${MAX_SIDE}x${MAX_SIDE} cells, found ${rows.length}x${width}`
    throw errorIn(lines[0]!, 0, reason)
  }
  if (width === 0) throw errorIn(lines[0]!, 0, 'expected a row of cells, found none')
  for (const [index, row] of rows.entries()) {
    if (row.length === width) continue
    const reason = `expected ${width} cells as in the grid's first row, found ${row.length}`
    const surplus = row[width]
    if (surplus) throw errorIn(surplus, 0, reason)
    throw errorIn(lines[index]!, lines[index]!.text.length, reason)
  }
  return rows
}

/**
 * A grid row's cells: what blanks, bars or commas part; where nothing parts them, each character unless they are words.
 * A comma after a row's only cell says that it is one.
 */
function splitCells(line: Piece, cellsAreWords = false): Piece[] {
  const separated = [...line.text.matchAll(/[^\s|│┃║,]+/g)]
  if (separated.length > 1 || cellsAreWords || line.text.includes(','))
    return separated.map(({ 0: text, index }) => cut(line, index, index + text.length))
  const [only] = separated
  if (!only) return []
  return [...only[0]].map((_, i) => cut(line, only.index + i, only.index + i + 1))
}

/** Cells as rows of a text grid, in columns, so that `cellRows` finds them again. */
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
