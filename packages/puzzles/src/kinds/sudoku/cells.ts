/** Reads the cells of a Sudoku from a piece of a line: digits, blanks, and what may stand between them. */
import { placeText } from '../../board/place.ts'
import { cut, errorIn, type Piece, quoteCharacter } from '../../notation/piece.ts'
import { strayLine } from '../../notation/stray.ts'
import { CELLS, SIZE, type SudokuAnswer, type SudokuPuzzle } from './board.ts'
import { verify } from './rules.ts'

/** Cells, and the offset of each in the piece that they were read from. */
export interface Cells {
  readonly values: Uint8Array
  readonly offsets: readonly number[]
}

const BLANKS = '.0*_'
/** Blank cells, too, where a puzzle has no others: each of them may mean something else. */
export const LONE_BLANKS = '-xX'
const CELL_VALUES: ReadonlyMap<string, number> = new Map([
  ...[...BLANKS, ...LONE_BLANKS].map((character) => [character, 0] as const),
  ...[...'123456789'].map((digit) => [digit, Number(digit)] as const),
])
export const SEPARATOR: RegExp = /[\s|,;/\u2500-\u257f]/
const WANTED_CELL = 'a cell is a digit 1-9 or one of . 0 * _ - x for blank'

/** Whole puzzles in one run, at any place of a line. HoDoKu puts `+` before a digit that is no given. */
const RUN = /[^\s,;:|"'`#()[\]{}<>]+/g
const RUN_OF_CELLS = /^(?:\+?[\d.*_xX-])+$/
/** A text, and no damaged puzzle. */
const HAS_WORD = /\p{L}{2}/u
const COMPACT_LENGTHS = { least: 60, most: 110 } as const
/** Sides of other Sudokus, by their number of cells. */
const OTHER_SIDES: ReadonlyMap<number, number> = new Map(
  [4, 6, 8, 10, 12, 16, 25].map((side) => [side * side, side]),
)
/** A rule, and no cells: signs for blanks other than dots and zeros, and nothing else. */
const DECORATION = /^([*_xX-])(?:[\s|,;/]*\1)*$/
const OTHER_RUN = /^[\d.*_-]+$/
/** Boards of more than nine digits have letters, too; so have many other words, but no dots for blanks. */
const LARGE_RUN = /^(?=.*\.)[\da-y.*_-]+$/i

/** How Sudokus of other sizes are refused. */
export function otherSize(side: number): string {
  return `a ${side}x${side} Sudoku: only 9x9 is read`
}

/** Reads the 9 cells of a grid's row. Throws `PuzzleParseError`. */
export function readGridRow(line: Piece): Cells {
  return readCells(line, SIZE, 'cells in this row of the grid')
}

/** A puzzle on one line: its 81 cells, and what stands around them. */
export interface Line {
  readonly puzzle: Piece
  readonly before: Piece
  readonly behind: Piece
}

/** The puzzle that a line holds, or was meant to hold; undefined where it holds none. */
export function puzzleOn(line: Piece): Line | undefined {
  const runs = [...line.text.matchAll(RUN)]
  const run =
    runs.find(({ 0: text }) => isRunOf(text, CELLS, CELLS)) ??
    runs.find(({ 0: text }) => isRunOf(text, COMPACT_LENGTHS.least, COMPACT_LENGTHS.most)) ??
    runs.find(({ 0: text }) => isOfOtherSize(text))
  if (!run)
    return isSpaced(line)
      ? { puzzle: line, before: cut(line, 0, 0), behind: cut(line, line.text.length) }
      : undefined
  const [from, to] = [run.index, run.index + run[0].length]
  return { puzzle: cut(line, from, to), before: cut(line, 0, from), behind: cut(line, to) }
}

function isRunOf(text: string, least: number, most: number): boolean {
  if (DECORATION.test(text)) return false
  const length = text.length - (text.match(/\+/g)?.length ?? 0)
  // One strange character among so many cells is a slip.
  const strange = [...text].filter((character) => !CELL_VALUES.has(character) && character !== '+').length
  return length >= least && length <= most && (least === most ? RUN_OF_CELLS.test(text) : strange <= 3)
}

function isOfOtherSize(text: string): boolean {
  const side = OTHER_SIDES.get(text.length)
  return side !== undefined && side >= 6 && (OTHER_RUN.test(text) || (side > SIZE && LARGE_RUN.test(text)))
}

/** Whether a line holds about 81 cells with blanks or bars between them. */
function isSpaced(line: Piece): boolean {
  let count = 0
  for (const character of line.text) {
    if (character === '#') break
    if (SEPARATOR.test(character)) continue
    if (!CELL_VALUES.has(character)) return false
    count++
  }
  return count >= COMPACT_LENGTHS.least && !DECORATION.test(line.text.trim())
}

/** Reads 81 cells, with a solution beside them if there is one. Throws `PuzzleParseError`. */
export function readPuzzleLine(line: Piece): { puzzle: SudokuPuzzle; solution?: SudokuAnswer } {
  const found = puzzleOn(line)
  if (!found) {
    if (HAS_WORD.test(line.text)) throw strayLine(line, 'a puzzle URL, or 81 cells')
    return { puzzle: readPuzzle(line) }
  }
  const side = OTHER_SIDES.get(found.puzzle.text.length)
  if (side !== undefined && isOfOtherSize(found.puzzle.text)) throw errorIn(found.puzzle, 0, otherSize(side))
  const puzzle = readPuzzle(found.puzzle)
  const next = /^[\s,;:|"']*([\d.*_]{10,})(?![^\s,;:|"'#])/.exec(found.behind.text)
  // A long run of cells is meant as a solution; anything else (rating, name, comment) is a remark.
  if (!next) return { puzzle }
  const start = next[0].length - next[1]!.length
  return { puzzle, solution: readSolution(cut(found.behind, start, next[0].length), puzzle) }
}

/** Reads an answer that a field holds as the puzzle's solution; whether it is one, the rules tell. Throws `PuzzleParseError`. */
export function readStored(piece: Piece): SudokuAnswer {
  return readCells(piece, CELLS, 'cells in the solution').values
}

/** Reads the solution of the puzzle, which nothing but its place says that it is. Throws `PuzzleParseError`, also when it doesn't solve the puzzle. */
export function readSolution(piece: Piece, puzzle: SudokuPuzzle): SudokuAnswer {
  const { values, offsets } = readCells(piece, CELLS, 'cells in the solution')
  const [violation] = verify(puzzle, values)
  if (!violation) return values
  const cell = violation.cells[0]!
  const place = placeText({ cols: SIZE }, cell)
  const reason = `this solution does not solve the puzzle: ${violation.rule} (at ${place})`
  const isMap = verify({ ...puzzle, givens: new Uint8Array(CELLS) }, values).length > 0 && isRegionMap(values)
  throw errorIn(
    piece,
    offsets[cell]!,
    isMap ? `${reason}; or is it a map of jigsaw regions? Only plain 9x9 is read` : reason,
  )
}

/** Nine regions of nine cells each. */
function isRegionMap(values: Uint8Array): boolean {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts.size === SIZE && [...counts.values()].every((count) => count === SIZE)
}

/** Reads an answer, filled or in part: 81 cells, over lines or in one run. Throws `PuzzleParseError`. */
export function readAnswer(piece: Piece): SudokuAnswer {
  return readCells(piece, CELLS, 'cells in the answer').values
}

function readPuzzle(piece: Piece): SudokuPuzzle {
  return { kind: 'sudoku', givens: readCells(piece, CELLS, 'cells').values }
}

/** The blank that is alone in its puzzle, where it stands beside others; -1 where none does. */
export function strangeBlank(text: string): number {
  const used = new Set([...text].filter((character) => CELL_VALUES.get(character) === 0))
  if (used.has('x') && used.has('X')) used.delete('X')
  if (used.size < 2) return -1
  return [...text].findIndex((character) => LONE_BLANKS.includes(character) && used.has(character))
}

function readCells(piece: Piece, wanted: number, what: string): Cells {
  const { text } = piece
  const values: number[] = []
  const offsets: number[] = []
  const end = text.includes('#') ? text.indexOf('#') : text.length
  const strange = strangeBlank(text.slice(0, end))
  for (let offset = 0; offset < end; offset++) {
    const value = CELL_VALUES.get(text[offset]!)
    if (value === undefined || offset === strange) {
      if (SEPARATOR.test(text[offset]!)) continue
      // A digit that a program has filled in is no given.
      if (text[offset] === '+' && /[1-9]/.test(text[offset + 1] ?? '')) {
        values.push(0)
        offsets.push(++offset)
        continue
      }
      throw errorIn(piece, offset, `unexpected ${quoteCharacter(text, offset)}; ${WANTED_CELL}`)
    }
    values.push(value)
    offsets.push(offset)
  }
  if (values.length !== wanted) {
    const offset = offsets[wanted] ?? (offsets.at(-1) ?? -1) + 1
    throw errorIn(piece, offset, `expected ${wanted} ${what}, found ${values.length}`)
  }
  return { values: Uint8Array.from(values), offsets }
}
