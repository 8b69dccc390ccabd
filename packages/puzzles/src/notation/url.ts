/** Puzzle URLs of puzz.link, pzv.jp and their relatives, by their shape: `...?NAME/COLUMNS/ROWS/BODY`. */
import { type GridSize, MAX_SIDE } from '../board/board.ts'
import { cut, errorIn, type Piece, quote } from './piece.ts'

export interface PuzzleUrl extends GridSize {
  /** `COLUMNS/ROWS`, for errors that point at it. */
  readonly size: Piece
  readonly body: Piece
}

/** The name of a kind, in a URL's query or at the start of a bare one; `_edit` or the like may stand behind it. */
const NAME = /(?:^|[?&])([a-z\d]+)(?:_[a-z]+)?\//i
/** `v:/` (a variant) and `c/`, `d/`, ... (how the page draws it) may stand between the name and the size. */
const FLAGS = /^(?:[a-z]{1,2}:?\/)*/i
const SIZE_AND_BODY = /^([^/]*)\/([^/]*)\/([^/&#]*)/
/** What can't stand in a URL, but stands around one: blanks, quotes, brackets, a comma. */
const AROUND = '\\s"\'`<>()[\\]{}|,;\\\\\u2000-\u206f\u3000-\u303f\uff00-\uffef'
const WORD = new RegExp(`[^${AROUND}]+`, 'g')
const ADDRESS = /https?:(?:\/\/|%2f%2f)/i
/** A URL without an address: `?NAME/6/6/...`, or `NAME/6/6/...` alone. */
const BARE = /^(?:[^?]*\?)?(?:[a-z]+=[^&]*&)*([a-z][a-z\d]*)(?:_[a-z]+)?\/(?:[a-z]{1,2}:?\/)*\d+\/\d+\//i
/** What sentences and Markdown end with; a body may end with a dot, too. */
const ENDS_SENTENCE = /[.!?:*_~]$/

/** Three dots, and two characters of Markdown. */
const MOST_MARKS = 5

/** Whether the text starts as a URL, of whatever puzzle. */
export function isUrl(text: string): boolean {
  return ADDRESS.test(text.slice(0, 12)) || BARE.test(firstWord(text))
}

/**
 * The URLs of a line, wherever they stand: behind other words, in quotes, in brackets. One that a page may have been
 * reached by counts once. A bare URL, without address and without `?`, counts where `isKind` knows its name. What stands
 * behind a `#` that follows a blank is a remark.
 */
export function urlsIn(line: Piece, isKind: (name: string) => boolean): Piece[] {
  if (!line.text.includes('/') && !/%2f/i.test(line.text)) return []
  const end = /\s#/.exec(line.text)?.index ?? line.text.length
  const found = new Map<string, Piece>()
  for (const { 0: word, index } of line.text.slice(0, end).matchAll(WORD)) {
    const at = startOfUrl(word, isKind)
    if (at === undefined) continue
    const url = decoded(cut(line, index + at, index + word.length))
    if (!found.has(url.text)) found.set(url.text, url)
  }
  return [...found.values()]
}

/** Where in a word a URL starts. */
function startOfUrl(word: string, isKind: (name: string) => boolean): number | undefined {
  const address = ADDRESS.exec(word)
  if (address) return address.index
  const plain = decoded({ text: word, where: { line: 1, column: 1 } }).text
  const bare = BARE.exec(plain)
  if (!bare) return undefined
  return plain.slice(0, bare.index + bare[0].length).includes('?') || isKind(bare[1]!) ? 0 : undefined
}

/** The name of the kind in a text that starts as a URL, as it is spelled there; undefined where it has none. */
export function nameIn(text: Piece): Piece | undefined {
  const match = nameOf(decoded(text).text)
  return match && cut(decoded(text), match.start, match.start + match.name.length)
}

function nameOf(
  text: string,
): { readonly name: string; readonly start: number; readonly end: number } | undefined {
  const url = firstWord(text)
  // The name of an address, with or without a scheme, stands in its query: its path has slashes as well.
  const query = url.indexOf('?')
  const from = ADDRESS.test(url.slice(0, 12)) || (query > 0 && !STARTS_PLAIN.test(url)) ? query : 0
  if (from < 0) return undefined
  const match = NAME.exec(url.slice(from))
  if (!match) return undefined
  const start = from + match.index + (/^[?&]/.test(match[0]) ? 1 : 0)
  return { name: match[1]!, start, end: from + match.index + match[0].length }
}

/** Takes a text apart that starts as a URL. Throws `PuzzleParseError` that points into it. */
export function splitUrl(text: Piece, example: string): PuzzleUrl {
  const plain = decoded(text)
  const url = firstWord(plain.text)
  const name = nameOf(url)
  const behind = name?.end ?? url.length
  const start = behind + FLAGS.exec(url.slice(behind))![0].length
  const parts = SIZE_AND_BODY.exec(url.slice(start))
  if (!parts) throw errorIn(text, 0, `expected a URL such as ${example}, found another`)
  const [all, cols = '', rows = '', body = ''] = parts
  const end = start + all.length
  const more = /^\/+([^/&#].*)/.exec(url.slice(end))
  if (more) throw errorIn(plain, end, `expected the end of the URL behind the board, found ${quote(more[0])}`)
  const rowsAt = start + cols.length + 1
  return {
    cols: readSide(cut(plain, start, start + cols.length), 'columns'),
    rows: readSide(cut(plain, rowsAt, rowsAt + rows.length), 'rows'),
    size: cut(plain, start, rowsAt + rows.length),
    body: cut(plain, end - body.length, end),
  }
}

/** Without one, two or more of the marks that a sentence ends with; none where the URL ends with no mark. */
export function withoutMarks(url: Piece): Piece[] {
  const shorter: Piece[] = []
  for (let end = url.text.length; shorter.length < MOST_MARKS && ENDS_SENTENCE.test(url.text.slice(0, end)); )
    shorter.push(cut(url, 0, --end))
  return shorter
}

/** A remark may stand behind a URL. */
function firstWord(text: string): string {
  return /^\S*/.exec(text)![0]
}

/** A URL whose slashes are plain; its body may hold a `%` of its own, with lower-case digits behind it. */
const STARTS_PLAIN = /^[a-z\d]+(?:_[a-z]+)?\/(?:[a-z]{1,2}:?\/)*\d+\/\d+\//i
const PLAIN = new RegExp(STARTS_PLAIN.source.replace('^', '(?:^|[?&])'), 'i')
const ESCAPE = /%[\da-f]{2}/gi
/** As programs write it. */
const UPPER_CASE = /^%(?:\d[A-F]|[A-F][\dA-F])$/

/** The piece with its escapes decoded, `%2F` to `/` above all. */
function decoded(piece: Piece): Piece {
  if (piece.columns || !piece.text.includes('%')) return piece
  const isPlain = PLAIN.test(piece.text)
  let text = ''
  const columns: number[] = []
  let at = 0
  const take = (part: string, length: number) => {
    for (let i = 0; i < part.length; i++)
      columns.push(piece.where.column + at + (length > part.length ? 0 : i))
    text += part
    at += length
  }
  for (const { 0: code, index } of piece.text.matchAll(ESCAPE)) {
    const character = Number.parseInt(code.slice(1), 16)
    if (character < 0x21 || character > 0x7e || (isPlain && !UPPER_CASE.test(code))) continue
    take(piece.text.slice(at, index), index - at)
    take(String.fromCharCode(character), code.length)
  }
  take(piece.text.slice(at), piece.text.length - at)
  return text === piece.text
    ? piece
    : { text, where: piece.where, columns: [...columns, piece.where.column + at] }
}

function readSide(piece: Piece, what: string): number {
  const side = /^\d{1,4}$/.test(piece.text) ? Number(piece.text) : 0
  if (side >= 1 && side <= MAX_SIDE) return side
  throw errorIn(piece, 0, `expected 1 to ${MAX_SIDE} ${what}, found ${quote(piece.text)}`)
}
