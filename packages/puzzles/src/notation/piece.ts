/** A piece of an input line that knows where it stands, so that every error can name line and column. */
import { type Position, PuzzleParseError } from '../errors.ts'
import { quoted } from '../shown.ts'

/** Words that an error lists. */
const MOST_WORDS = 12

export interface Piece {
  readonly text: string
  /** Where the first character of `text` stands. */
  readonly where: Position
  /** Columns of the characters, and of the end, where they are not one after the other: escapes were decoded. */
  readonly columns?: readonly number[] | undefined
}

/** The part from `start` to `end` (offsets into `piece.text`) without the blanks around it. */
export function cut(piece: Piece, start = 0, end: number = piece.text.length): Piece {
  const part = piece.text.slice(start, end)
  const text = part.trimStart()
  const offset = start + part.length - text.length
  const columns = piece.columns?.slice(offset)
  return { text: text.trimEnd(), where: positionIn(piece, offset), ...(columns && { columns }) }
}

/** Where the character at `offset` of the piece stands. */
function positionIn({ where, columns }: Piece, offset: number): Position {
  return { ...where, column: columns?.[offset] ?? where.column + offset }
}

/** An error about the character at `offset` of the piece, to be thrown. */
export function errorIn(
  piece: Piece,
  offset: number,
  reason: string,
  options?: ErrorOptions,
): PuzzleParseError {
  return new PuzzleParseError(reason, positionIn(piece, offset), options)
}

/** A text for an error message: quoted as far as it is short, or by its code where it is a character that can't be seen. */
export function quote(text: string): string {
  return text.length === 1 ? quoteCharacter(text, 0) : quoted(text)
}

/** The character at `offset` for an error message: quoted, or as `U+0007` where it can't be seen. */
export function quoteCharacter(text: string, offset: number): string {
  const code = text.codePointAt(offset)!
  const character = String.fromCodePoint(code)
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return `'${character}'`
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Words for an error message: each quoted, with commas between them; only the first where there are many. */
export function quoteList(words: readonly string[]): string {
  if (words.length === 0) return 'none'
  const more = words.length > MOST_WORDS ? `, ... (${words.length} in all)` : ''
  return `${words.slice(0, MOST_WORDS).map(quoted).join(', ')}${more}`
}
