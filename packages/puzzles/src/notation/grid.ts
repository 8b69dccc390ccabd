/** Text grids of pencil kinds, whose boards have any size: the lines between two blank ones are a board, or an error. */
import { MAX_SIDE } from '../board/board.ts'
import { PuzzleParseError } from '../errors.ts'
import { attempt } from './attempt.ts'
import { type Aside, type GridCollector, OTHER_QUOTATION, type Reading } from './collector.ts'
import {
  type Between,
  type Line,
  LOST_HASH,
  LOST_ROW,
  refuseAsides,
  splitAtTabs,
  withoutComments,
} from './paragraph.ts'
import { cut, errorIn, type Piece } from './piece.ts'
import { cellsOf, evenRows, type GridForm, SAYS_BLANK } from './row-cells.ts'
import { sentencesAmong } from './sentences.ts'
import { HAS_WORD, LONGEST_ROW, strayLine, tooLong } from './stray.ts'

/** A comment, or a row of a table that starts with an empty field: the other rows tell. */
const MAYBE_ROW = /^;(?!.*\p{L}{2})/u

/** A line by itself. */
interface Look {
  /** Cells that can be read, of all that are not empty. */
  readonly right: number
  readonly all: number
  readonly width: number
  /** It is no row at all. */
  readonly isOther: boolean
  readonly hasWord: boolean
}

/** The lines between two blank ones: a board, or an error. */
export class FreeGrids<P> implements GridCollector<P> {
  readonly #form: GridForm<P>
  #lines: Line[] = []
  /** How many of them are no comments for sure. */
  #written = 0
  #asides: Between[] = []
  /** A board of one row that may be the first line of a text with a blank line after each. */
  #held: { readonly lines: Line[]; readonly width: number; readonly readings: Reading<P>[] } | undefined

  /** Nothing stands between the kind's name and these lines. */
  #isFirst = true

  constructor(form: GridForm<P>) {
    this.#form = form
  }

  get isOpen(): boolean {
    return this.#written > 0
  }

  push(piece: Piece, error?: PuzzleParseError): void {
    this.#lines.push({ piece, error })
    this.#written++
  }

  aside(what: Aside, line: Piece): void {
    const piece = cut(line)
    if (what === 'comment' && MAYBE_ROW.test(piece.text)) this.#lines.push({ piece, isComment: true })
    else this.#asides.push({ what, line, above: this.#lines.length })
  }

  blank(line: Piece): Reading<P>[] {
    // An empty row of a table that tabs part: whether it is one, the other rows tell.
    if (line.text.includes('\t')) {
      this.push(line)
      return []
    }
    return this.#endParagraph()
  }

  end(): Reading<P>[] {
    const readings = [...this.#endParagraph(), ...this.#release()]
    this.#isFirst = false
    return readings
  }

  #endParagraph(): Reading<P>[] {
    const { lines, asides } = withoutComments(this.#lines, this.#asides)
    const lost = lines.length === 0 ? this.#lines.find((line) => this.#isLostRow(line)) : undefined
    this.#lines = []
    this.#written = 0
    this.#asides = []
    if (lost) return [{ error: errorIn(lost.piece, 0, LOST_ROW) }]
    return splitAtTabs(lines, asides).flatMap((part) =>
      this.#hold(part.lines, this.#read(part.lines, part.asides)),
    )
  }

  /** Whether a comment among comments alone holds nothing but a cell. */
  #isLostRow({ piece }: Line): boolean {
    return this.#form.blank !== undefined && /^;\S+$/.test(piece.text) && this.#isCell(cut(piece, 1))
  }

  /** Boards of one row, one after the other, are a text with a blank line after each row. */
  #hold(lines: Line[], readings: Reading<P>[]): Reading<P>[] {
    const [reading] = readings
    const isRow = lines.length === 1 && reading && 'puzzle' in reading
    const width = isRow ? cellsOf([lines[0]!.piece], this.#form)[0]!.length : 0
    const held = this.#held
    if (held && width === held.width) {
      for (const line of lines) held.lines.push(line)
      return []
    }
    const before = this.#release()
    if (width < 2) return [...before, ...readings]
    this.#held = { lines: [...lines], width, readings }
    return before
  }

  #release(): Reading<P>[] {
    const held = this.#held
    this.#held = undefined
    if (!held) return []
    if (held.lines.length === 1) return held.readings
    const [first] = held.lines
    const reason = `a blank line after each of ${held.lines.length} rows: rows of one board must follow each other (a line with the kind's name may stand above each board of one row)`
    return [{ error: errorIn(first!.piece, 0, reason) }]
  }

  #read(lines: readonly Line[], asides: readonly Between[]): Reading<P>[] {
    const isFirst = this.#isFirst
    this.#isFirst = false
    const long = lines.find(({ piece }) => piece.text.length > LONGEST_ROW)
    if (long) return [{ error: tooLong(long.piece) }]
    const quoted = lines.find(({ error }) => error?.reason === OTHER_QUOTATION)
    if (quoted) return [{ error: quoted.error! }]
    const looks = this.#lookAt(lines)
    const [start, end] = rangeOfRows(looks)
    const core = lines.slice(start, end).map(({ piece }) => piece)
    // A few numbers or words in the midst of a text are hardly a board.
    if (core.length === 0 || (!isFirst && this.#isLoose(core))) return this.#strays(lines)
    const inside = lines.find((_, i) => i >= start && i < end && looks[i]!.isOther)
    if (inside) return [{ error: insideGrid(inside, this.#form.wanted) }]
    const board = attempt((): Reading<P> => {
      refuseAsides(asides, start, core)
      const rows = evenRows(core, cellsOf(core, this.#form))
      this.#refuseLostRows(asides, rows[0]!.length)
      return {
        puzzle: this.#form.read(rows),
        where: cut(core[0]!).where,
      }
    })
    return [...this.#strays(lines.slice(0, start)), board, ...this.#strays(lines.slice(end))]
  }

  /** Comments beside a board that are rows of it but for a `#` that stands for their first cell. */
  #refuseLostRows(asides: readonly Between[], width: number): void {
    const { blank } = this.#form
    if (blank === undefined || width < 2) return
    const isRow = (line: Piece) => {
      const text = line.text.replaceAll('#', SAYS_BLANK.test(blank) ? blank : '.')
      const rows = attempt(() => cellsOf([{ ...line, text }], this.#form))
      return !('error' in rows) && rows[0]!.length === width && rows[0]!.every((cell) => this.#isCell(cell))
    }
    const isHash = ({ text }: Piece) => text.trimStart().startsWith('#') && text.length <= LONGEST_ROW
    const lost = asides.find(({ what, line }) => what === 'comment' && isHash(line) && isRow(line))
    if (lost) throw errorIn(cut(lost.line), 0, LOST_HASH)
  }

  /** Whether rows have no blank cell; or, where no cell is ever blank, whether they are one row or one column. */
  #isLoose(rows: readonly Piece[]): boolean {
    const cells = attempt(() => cellsOf(rows, this.#form))
    if ('error' in cells) return false
    if (this.#form.blank !== undefined) return !cells.flat().some(({ text }) => SAYS_BLANK.test(text))
    return cells.length === 1 || cells.every((row) => row.length === 1)
  }

  #strays(lines: readonly Line[]): Reading<P>[] {
    return lines.map(({ piece, error }) => ({
      error: error ?? strayLine(piece, this.#form.wanted),
      ...(!error && { strayLines: 1 }),
    }))
  }

  /** Each line by itself. */
  #lookAt(lines: readonly Line[]): Look[] {
    const isSentence = this.#form.cellsAreWords
      ? sentencesAmong(lines, (rows) => this.#isBoard(rows))
      : () => false
    // A wrong cell takes as long as the making of its error: each is looked at once, and no more than the largest board has.
    const judged = new Map<string, boolean>()
    const isCell = (cell: Piece) => {
      if (!judged.has(cell.text)) judged.set(cell.text, judged.size < MAX_SIDE ** 2 && this.#isCell(cell))
      return judged.get(cell.text)!
    }
    return lines.map((line) => {
      const hasWord = HAS_WORD.test(line.piece.text)
      if (line.error || isSentence(line)) return { right: 0, all: 1, width: 0, isOther: true, hasWord: true }
      const cells = attempt(() => cellsOf([line.piece], this.#form).flat())
      // A row all the same, though a bad one.
      if ('error' in cells) return { right: 1, all: 2, width: 2, isOther: false, hasWord }
      const { blank } = this.#form
      const written = cells.filter(({ text }) => text !== blank || line.piece.text.includes(text))
      const right = written.filter(isCell).length
      return { right, all: written.length, width: cells.length, isOther: false, hasWord }
    })
  }

  #isCell(cell: Piece): boolean {
    return this.#isBoard([[cell]])
  }

  #isBoard(rows: readonly (readonly Piece[])[]): boolean {
    const isTooLarge = rows.length > MAX_SIDE || rows.some(({ length }) => length > MAX_SIDE)
    return !isTooLarge && !('error' in attempt(() => ({ board: this.#form.read(rows) })))
  }
}

/** The lines from the first row to the last: what stands above and below them is sure to be none. */
function rangeOfRows(looks: readonly Look[]): [start: number, end: number] {
  const isGood = ({ right, all, width }: Look) => right === all && width > 0
  const from = looks.findIndex(isGood)
  if (from < 0) {
    const isProse = looks.every(({ right, all, hasWord }) => hasWord && right < all / 2)
    return isProse ? [0, 0] : [0, looks.length]
  }
  const to = looks.findLastIndex(isGood)
  const { width: wanted } = looks[from]!
  // A row without any word may be damaged; so may one of the same length, unless all of it is wrong.
  const isStray = ({ right, all, width, hasWord }: Look) =>
    hasWord && (right === 0 || (right <= all / 2 && width !== wanted))
  const start = looks.findIndex((look, i) => i >= from || !isStray(look))
  const last = looks.findLastIndex((look, i) => i <= to || !isStray(look))
  return [start, last + 1]
}

function insideGrid({ piece, error }: Line, wanted: string): PuzzleParseError {
  const { reason, where } = error ?? strayLine(piece, wanted)
  return new PuzzleParseError(`inside of a grid: ${reason}`, where)
}
