/** Puzzle URLs of puzz.link, pzv.jp and their relatives, by their shape: `...?NAME/COLUMNS/ROWS/BODY`. */
import { type GridSize, MAX_SIDE } from '../board/board.ts'
import { cut, errorIn, type Piece } from './piece.ts'

export interface PuzzleUrl extends GridSize {
  /** `COLUMNS/ROWS`, for errors that point at it. */
  readonly size: Piece
  readonly body: Piece
}

/** The name may have `_edit` behind it, and other parameters before it. */
const NAME = /[?&]([a-z\d]+)(?:_[a-z]+)?\//i
const SIZE_AND_BODY = /^([^/]*)\/([^/]*)\/([^/&#]*)/

/** Whether the text starts as a URL, of whatever puzzle. */
export function isUrl(text: string): boolean {
  return /^(?:https?:\/\/|[^\s{"]*\?[a-z]\w*\/\d)/i.test(text)
}

/** The first URL of a line, with all that follows it; undefined where there is none. */
export function urlIn(line: Piece): Piece | undefined {
  const at = isUrl(line.text) ? 0 : line.text.search(/https?:\/\//i)
  return at < 0 ? undefined : cut(line, at)
}

/** The name of the kind in a text that starts as a URL, as it is spelled there; undefined where it has none. */
export function nameIn(text: Piece): Piece | undefined {
  const match = NAME.exec(firstWord(text))
  return match ? cut(text, match.index + 1, match.index + 1 + match[1]!.length) : undefined
}

/** Takes a text apart that starts as a URL. Throws `PuzzleParseError` that points into it. */
export function splitUrl(text: Piece, example: string): PuzzleUrl {
  const url = firstWord(text)
  const name = NAME.exec(url)
  const start = name ? name.index + name[0].length : url.length
  const parts = SIZE_AND_BODY.exec(url.slice(start))
  if (!parts) throw errorIn(text, 0, `expected a URL such as ${example}, found another`)
  const [all, cols = '', rows = '', body = ''] = parts
  const end = start + all.length
  const rowsAt = start + cols.length + 1
  return {
    cols: readSide(cut(text, start, start + cols.length), 'columns'),
    rows: readSide(cut(text, rowsAt, rowsAt + rows.length), 'rows'),
    size: cut(text, start, rowsAt + rows.length),
    body: cut(text, end - body.length, end),
  }
}

/** A remark may stand behind a URL. */
function firstWord({ text }: Piece): string {
  return /^\S*/.exec(text)![0]
}

function readSide(piece: Piece, what: string): number {
  const side = /^\d{1,4}$/.test(piece.text) ? Number(piece.text) : 0
  if (side >= 1 && side <= MAX_SIDE) return side
  throw errorIn(piece, 0, `expected 1 to ${MAX_SIDE} ${what}, found '${piece.text}'`)
}
