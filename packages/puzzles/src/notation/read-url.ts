/** Reads a puzzle from its URL, as it stands in a text. */
import { USUAL_SIZE } from '../board/board.ts'
import { PuzzleParseError } from '../errors.ts'
import { attempt } from './attempt.ts'
import type { AnyNotation } from './notation.ts'
import type { Piece } from './piece.ts'
import { isUrl, splitUrl, withoutMarks } from './url.ts'

/** Reads a URL, also one with the end of a sentence behind it. */
export function readUrl(notation: AnyNotation, url: Piece): { readonly puzzle: unknown } {
  const { cols, rows } = notation.size ?? USUAL_SIZE
  const example = `https://puzz.link/p?${notation.urlNames[0]}/${cols}/${rows}/...`
  const read = (piece: Piece) => ({ puzzle: notation.readBody(splitUrl(piece, example)) })
  const found = attempt(() => read(url))
  if (!('error' in found)) return found
  const { error } = found
  if (!isUrl(url.text)) throw error
  for (const bare of withoutMarks(url)) {
    const other = attempt(() => read(bare))
    if (!('error' in other)) return other
  }
  if ('error' in attempt(() => read(withDot(url)))) throw error
  const reason = `${error.reason}; a dot is probably missing at the URL's end: programs that make links leave it out`
  throw new PuzzleParseError(reason, error.where, { cause: error })
}

function withDot(url: Piece): Piece {
  const { columns, text } = url
  return { ...url, text: `${text}.`, ...(columns && { columns: [...columns, columns.at(-1)!] }) }
}
