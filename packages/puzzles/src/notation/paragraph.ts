/** The lines between two blank ones: which of them are rows, and what stands between these. */
import type { PuzzleParseError } from '../errors.ts'
import type { Aside } from './collector.ts'
import { errorIn, type Piece } from './piece.ts'

const BAR = /[|\u2502\u2503\u2551]/

export interface Line {
  readonly piece: Piece
  /** Why it is of no other form, where it looks like one. */
  readonly error?: PuzzleParseError | undefined
  /** It starts with `;`, as comments do. */
  readonly isComment?: boolean
}

export interface Between {
  readonly what: Aside
  readonly line: Piece
  /** How many rows stand above it. */
  readonly above: number
}

/** What stands between rows may stand between two boards as well: the text must say which. */
export function refuseAsides(asides: readonly Between[], start: number, rows: readonly Piece[]): void {
  const inside = asides.filter(({ above }) => above > start && above < start + rows.length)
  const comment = inside.find(({ what }) => what === 'comment')
  if (comment)
    throw errorIn(
      comment.line,
      0,
      'a comment between the rows of a grid: expected a blank line between two boards',
    )
  const places = new Set(inside.map(({ above }) => above))
  // Between boards in frames the lower frame of one and the upper one of the next follow each other.
  const isBox = places.size === inside.length && rows.every(({ text }) => BAR.test(text))
  if (inside.length === 0 || isBox || places.size === rows.length - 1) return
  const reason =
    'a line between the rows of a grid: expected bars in the rows, too, or a blank line between two boards'
  throw errorIn(inside[0]!.line, 0, reason)
}

export const LOST_ROW: string =
  "a line that starts with ';' is a comment where no other row has one further on: expected '.' for each blank cell"

export const LOST_HASH: string =
  "a line that starts with '#' is a comment, but this one has as many cells as the rows beside it: expected another sign for its first cell, or a blank line between"

/** Lines that start with `;` are rows where all other lines have one, too; else they are comments. */
export function withoutComments(
  lines: readonly Line[],
  asides: readonly Between[],
): { readonly lines: readonly Line[]; readonly asides: readonly Between[] } {
  if (!lines.some(({ isComment }) => isComment)) return { lines, asides }
  const rows = lines.filter(({ isComment }) => !isComment)
  if (rows.length > 0 && rows.every(({ piece }) => piece.text.includes(';'))) return { lines, asides }
  const above = [0]
  for (const [i, { isComment }] of lines.entries()) above.push(above[i]! + (isComment ? 0 : 1))
  const comments = lines.flatMap(({ piece, isComment }, i) =>
    isComment ? [{ what: 'comment', line: piece, above: above[i]! } as const] : [],
  )
  const others = asides.map((aside) => ({ ...aside, above: above[aside.above]! }))
  return { lines: rows, asides: [...others, ...comments].sort((a, b) => a.above - b.above) }
}

/** Lines of tabs alone are rows of empty cells where other rows have tabs, too; else they are blank lines. */
export function splitAtTabs(
  lines: readonly Line[],
  asides: readonly Between[],
): { readonly lines: Line[]; readonly asides: Between[] }[] {
  const isBlank = ({ piece }: Line) => piece.text.trim() === ''
  const written = lines.filter((line) => !isBlank(line))
  if (written.length === 0) return []
  if (written.some(({ piece }) => piece.text.includes('\t')))
    return [{ lines: [...lines], asides: [...asides] }]
  const parts: { lines: Line[]; asides: Between[] }[] = []
  let open: Line[] | undefined
  let next = 0 // of the asides, which rise
  for (const [i, line] of lines.entries()) {
    while (next < asides.length && asides[next]!.above < i) next++
    if (isBlank(line)) {
      open = undefined
      continue
    }
    if (!open) {
      open = []
      parts.push({ lines: open, asides: [] })
    }
    for (; asides[next]?.above === i; next++)
      parts.at(-1)!.asides.push({ ...asides[next]!, above: open.length })
    open.push(line)
  }
  const last = parts.at(-1)!
  for (const aside of asides.slice(next))
    if (open && aside.above === lines.length) last.asides.push({ ...aside, above: open.length })
  return parts
}
