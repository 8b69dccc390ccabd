/** Splits the lines of a text grid into cells: by what stands between them, the same way in all lines of one grid. */
import { cut, type Piece } from './piece.ts'
import { splitFields } from './table.ts'

/** What parts the cells of a grid: a delimiter with a field for each cell, or blanks and bars, or nothing. */
export type Delimiter = '\t' | ',' | ';' | '|'

const BARS = /[|\u2502\u2503\u2551]/g

/** The delimiter of a grid's lines where each of its fields is a cell, be it empty; undefined where blanks part the cells. */
export function delimiterOf(lines: readonly Piece[]): Delimiter | undefined {
  const every = (['\t', ',', ';'] as const).find((mark) => lines.every(({ text }) => text.includes(mark)))
  if (every) return every
  // Bars may as well be borders between cells that blanks part. A field that is empty tells.
  const fields = lines.map(barFields)
  const isCells = fields.every((row) => row.every(({ text }) => !/\s/.test(text)))
  return isCells && fields.some((row) => row.length > 1 && row.some(({ text }) => text === ''))
    ? '|'
    : undefined
}

/** The fields of a line, the empty ones too. Throws `PuzzleParseError` on bad quotes. */
export function fieldsOf(line: Piece, delimiter: Delimiter): Piece[] {
  return delimiter === '|' ? barFields(line) : splitFields(line, delimiter)
}

/** What stands between bars; the first and the last one of a line may be its frame. */
function barFields(line: Piece): Piece[] {
  const inner = cut(line)
  const bars = [...inner.text.matchAll(BARS)].map(({ index }) => index)
  const starts = [-1, ...bars].map((bar) => bar + 1)
  const fields = starts.map((start, i) => cut(inner, start, bars[i] ?? inner.text.length))
  const last = fields.length - 1
  return fields.filter(({ text }, i) => !(text === '' && last > 0 && (i === 0 || i === last)))
}

/** What blanks and bars part. */
export function wordsOf(line: Piece, between: RegExp = /[^\s|\u2502\u2503\u2551]+/g): Piece[] {
  return [...line.text.matchAll(between)].map(({ 0: word, index }) => cut(line, index, index + word.length))
}

/** Each character of a word. */
export function charactersOf(word: Piece): Piece[] {
  return Array.from({ length: word.text.length }, (_, i) => cut(word, i, i + 1))
}
