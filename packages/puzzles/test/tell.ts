/** Reads texts with the formats of other programs alone, as the reader of puzzle texts drives them. */
import { PuzzleParseError } from '../src/errors.ts'
import type { FileFormat, FileReader, SavedPuzzle } from '../src/notation/formats/format.ts'
import { formats } from '../src/notation/formats/index.ts'
import type { AnyNotation } from '../src/notation/notation.ts'
import { kinds } from '../src/registry.ts'

export interface Told {
  /** Puzzles as URLs of their kinds, in order. */
  readonly urls: string[]
  readonly puzzles: unknown[]
  readonly solutions: unknown[]
  readonly notes: string[]
  readonly ids: (string | undefined)[]
  /** `line:column: reason`. */
  readonly errors: string[]
  /** Lines that no format took, by their numbers; blank ones apart. */
  readonly left: number[]
}

/** What the formats find in a text where grids are of `kind`; `among` limits them. */
export function tell(text: string, kind = 'sudoku', among: readonly FileFormat[] = formats): Told {
  const told: Told = { urls: [], puzzles: [], solutions: [], notes: [], ids: [], errors: [], left: [] }
  let open: FileReader | undefined
  const end = () => {
    const reader = open
    open = undefined
    if (!reader) return
    attempt(told, () => {
      for (const saved of reader.end()) attempt(told, () => read(told, saved))
    })
  }
  for (const [i, line] of text.split('\n').entries()) {
    const piece = { text: line, where: { line: i + 1, column: 1 } }
    const step = open?.push(piece)
    if (step === 'last' || step === 'over') end()
    if (step === 'more' || step === 'last') continue
    open = among.find((format) => format.opens(line.trim(), kind))?.start(notationOf)
    if (open) {
      if (open.push(piece) === 'last') end()
    } else if (line.trim() !== '') told.left.push(i + 1)
  }
  end()
  return told
}

function notationOf(name: string): AnyNotation | undefined {
  for (const { notation } of kinds.values())
    if (notation.name === name || notation.urlNames.includes(name)) return notation
  return undefined
}

function read(told: Told, saved: SavedPuzzle): void {
  const notation = notationOf(saved.kind.text.toLowerCase())
  if (!notation) {
    const { line, column } = saved.kind.where
    told.errors.push(`${line}:${column}: no puzzle kind '${saved.kind.text}'`)
    return
  }
  const { puzzle, solution, note } = saved.read(notation)
  told.urls.push(kinds.get(notation.name)!.toUrl(puzzle))
  told.puzzles.push(puzzle)
  told.ids.push(saved.id)
  if (solution !== undefined) told.solutions.push(solution)
  if (note) told.notes.push(note)
}

function attempt(told: Told, act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof PuzzleParseError)) throw error
    told.errors.push(`${error.where.line}:${error.where.column}: ${error.reason}`)
  }
}
