/** Puzzles as pages have them: one text of any kind. Pure, knows no DOM. */
import {
  type AnyItem,
  type AnyKind,
  AnyReader,
  itemsOf,
  kindNamed,
  kinds,
  PuzzleParseError,
} from '@ptrm/puzzles'

/** A puzzle with its kind. */
export interface Board {
  readonly kind: AnyKind
  readonly puzzle: unknown
  /** What the reader had to decide, for people: one sentence. */
  readonly note?: string | undefined
}

/** Every puzzle and every bad entry of a text; grids without a kind's name are of kind `fallback`. */
export function readAll(text: string, fallback: string, source?: string): AnyItem[] {
  return [...itemsOf(new AnyReader(source, kindCalled(fallback)?.name ?? fallback), text)]
}

/** The kind that people call so: by its name, its title or its name in URLs, in any case; undefined where there is none. */
export function kindCalled(name: string): AnyKind | undefined {
  const wanted = bare(name)
  return [...kinds.values()].find((kind) =>
    [kind.name, kind.title, ...kind.urlNames].some((spelling) => bare(spelling) === wanted),
  )
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

/** The one puzzle of a text. Throws `PuzzleParseError` with line and column. */
export function readOne(text: string, fallback: string): Board {
  const items = readAll(text, fallback)
  const bad = items.find((item) => 'error' in item)
  if (bad) throw bad.error
  const [first, second] = items as Extract<AnyItem, { kind: AnyKind }>[]
  if (!first) throw new PuzzleParseError('found no puzzle', { line: 1, column: 1 })
  if (second) throw new PuzzleParseError('found a second puzzle; one board holds one', second.where)
  return { kind: first.kind, puzzle: first.puzzle, note: first.note }
}

/** The one puzzle of a text, or a board without clues where it is blank. Throws `PuzzleParseError`. */
export function readBoard(text: string | undefined, fallback: string): Board {
  return text?.trim() ? readOne(text, fallback) : emptyBoard(fallback)
}

/** A board of the kind without clues. */
export function emptyBoard(kindName: string): Board {
  const kind = kindCalled(kindName) ?? kindNamed(kindName)
  return { kind, puzzle: kind.editing.empty() }
}
