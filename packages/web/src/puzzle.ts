/** Puzzles as pages have them: one text of any kind, and edits of single cells. Pure, knows no DOM. */
import { type AnyItem, type AnyKind, AnyReader, kindNamed, PuzzleParseError } from '@ptrm/puzzles'

/** A puzzle with its kind. */
export interface Board {
  readonly kind: AnyKind
  readonly puzzle: unknown
}

/** Every puzzle and every bad entry of a text; grids without a kind's name are of kind `fallback`. */
export function readAll(text: string, fallback: string, source?: string): AnyItem[] {
  const reader = new AnyReader(source, fallback)
  const items: AnyItem[] = []
  for (const line of text.split(/\r\n|\n|\r/)) items.push(...reader.push(line))
  return [...items, ...reader.end()]
}

/** The one puzzle of a text. Throws `PuzzleParseError` with line and column. */
export function readOne(text: string, fallback: string): Board {
  const items = readAll(text, fallback)
  const bad = items.find((item) => 'error' in item)
  if (bad) throw bad.error
  const [first, second] = items as Extract<AnyItem, { kind: AnyKind }>[]
  if (!first) throw new PuzzleParseError('found no puzzle', { line: 1, column: 1 })
  if (second) throw new PuzzleParseError('found a second puzzle; one board holds one', second.where)
  return { kind: first.kind, puzzle: first.puzzle }
}

/** Sides of a new board; Sudoku has its own. */
const NEW_SIDE = 6

/** A board of the kind without clues. */
export function emptyBoard(kindName: string): Board {
  const kind = kindNamed(kindName)
  if (kind.name === 'sudoku') return { kind, puzzle: kind.parse('.'.repeat(kind.cells)) }
  const cell = emptyCell(kind.name)
  const row = Array(NEW_SIDE).fill(cell).join(' ')
  return { kind, puzzle: kind.parse(Array(NEW_SIDE).fill(row).join('\n')) }
}

/** What a cell without clue is in a text grid. Heyawake's cells always name their room. */
function emptyCell(kindName: string): string {
  return kindName === 'heyawake' ? 'a' : '.'
}

/** The cells of the board's text grid, row by row: what `withCell` takes. */
export function cellTexts({ kind, puzzle }: Board): string[] {
  const { rows, cols } = kind.size(puzzle)
  const lines = kind.toGrid(puzzle).split('\n')
  return lines.slice(lines.length - rows).flatMap((line) => line.trim().split(/\s+/).slice(0, cols))
}

/** The board with another text in one cell; undefined where the kind can't read that. */
export function withCell(board: Board, cell: number, text: string): Board | undefined {
  const { kind, puzzle } = board
  const { rows, cols } = kind.size(puzzle)
  const cells = cellTexts(board)
  cells[cell] = text
  const grid = Array.from({ length: rows }, (_, row) => cells.slice(row * cols, (row + 1) * cols).join(' '))
  try {
    return { kind, puzzle: kind.parse(grid.join('\n')) }
  } catch (error) {
    if (error instanceof PuzzleParseError) return undefined
    throw error
  }
}

/** The cell's text without its clue. */
export function clearedCell({ kind }: Board, text: string): string {
  return kind.name === 'heyawake' ? (/^[a-z]+/i.exec(text)?.[0] ?? 'a') : '.'
}

const CLUE_WORDS: Readonly<Record<string, string>> = { '.': 'blank', x: 'wall', '?': 'clue, any number' }

const ANSWER_WORDS: Readonly<Record<string, string>> = {
  '?': 'undecided',
  '#': 'shaded',
  o: 'bulb',
  '◣': 'black at the lower left',
  '◢': 'black at the lower right',
  '◥': 'black at the upper right',
  '◤': 'black at the upper left',
}

/** What each cell is, in words: its place, its clue, what the answer says of it, and whether that breaks a rule. */
export function cellLabels(board: Board, answer?: unknown, bad: ReadonlySet<number> = new Set()): string[] {
  const { kind, puzzle } = board
  const { cols } = kind.size(puzzle)
  const said = answer === undefined ? [] : [...kind.answerToLine(puzzle, answer).replaceAll('/', '')]
  return cellTexts(board).map((text, cell) => {
    const place = `row ${Math.floor(cell / cols) + 1}, column ${(cell % cols) + 1}`
    const mark = bad.has(cell) ? ', breaks a rule' : ''
    return `${place}: ${clueWords(kind, text)}${answerWords(kind, text, said[cell])}${mark}`
  })
}

function clueWords(kind: AnyKind, text: string): string {
  if (kind.name === 'heyawake') {
    const [, room, number] = /^([a-z]+)(.*)$/i.exec(text) ?? []
    return number ? `room ${room}, clue ${number}` : `room ${room}`
  }
  const word = CLUE_WORDS[text]
  if (word) return word
  return kind.name === 'lightup' || kind.name === 'shakashaka' ? `wall, clue ${text}` : `given ${text}`
}

function answerWords(kind: AnyKind, text: string, said: string | undefined): string {
  if (said === undefined || said === '-' || (kind.name === 'sudoku' && text === said)) return ''
  if (kind.name === 'sudoku') return said === '0' ? '' : `, answer ${said}`
  if (said === '.') return kind.name === 'lightup' ? ', no bulb' : ', unshaded'
  return `, ${ANSWER_WORDS[said] ?? said}`
}
