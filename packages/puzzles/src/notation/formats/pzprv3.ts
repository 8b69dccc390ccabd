/**
 * Saves of pzpr, the program behind puzz.link: a line `pzprv3`, the kind, rows, columns, then the board and the answer; or
 * all this as one URL, with slashes for line breaks. What a player filled in is not read: it need not be right.
 *
 * A save has no mark at its end. It ends with the lines that its kind asks for, and with what pzpr writes behind them
 * (trials, history); of an unknown kind, with a blank line or one that can't be a row.
 */
import type { AnyNotation } from '../notation.ts'
import { cut, errorIn, type Piece, quote } from '../piece.ts'
import type { FileFormat, FileReader, NotationOf, ReadPuzzle, SavedPuzzle } from './format.ts'
import type { Pzprv3Form } from './forms.ts'
import { opensOther } from './other.ts'
import { SavedLines, sideIn, wordsIn } from './saved-board.ts'

/** The first line of a file, or of one that has slashes for line breaks. */
const OPENING = /^pzprv[\d.]+(?=$|\/|%2f)/i
/** The start of a URL that holds a save, up to the save; a quote or a comma before it makes the line a table's or JSON. */
const URL_START = /^[^"{},;\t]*\?(?:\w+=\w+&)*(?:v:[^/?]*\/)?(?=pzprv[\d.]+(?:\/|%2f))/i
const SLASH = /\/|%2f/i
/** What pzpr puts into cells, of whatever kind: no word of several letters. */
const WORD = /^(?:[a-z]|[^a-z/?:{}"']{1,20})$/i
/** Cells of further blocks, which only some saves have: dots that were crossed out, helping lines. */
const MARK = /^(?:[.-]|-?[01])$/
const TRIAL = /^TrialData\(/
const HISTORY = /^(?:info|history):\{/

export const pzprv3: FileFormat = {
  name: 'pzprv3',
  opens: (line) => OPENING.test(line) || URL_START.test(line),
  start: (notationOf) => new SaveReader(notationOf),
}

/** What the lines to come are. */
type Part = 'opening' | 'name' | 'rows' | 'cols' | 'board' | 'behind' | 'gap' | 'trial' | 'history'

class SaveReader implements FileReader {
  readonly #notationOf: NotationOf
  #part: Part = 'opening'
  /** All lines of the save up to the end of its board. */
  readonly #lines: Piece[] = []
  #form: Pzprv3Form<unknown> | undefined
  /** Lines of the board to come; undefined where nobody knows. */
  #left: number | undefined
  #rows = 0
  #cols = 0
  /** Whether each line has a blank one behind it, and whether the last one was blank. */
  #isSpaced = false
  #isBlank = false
  /** Braces of the history that are open, and where it starts. */
  #depth = 0
  #history: Piece | undefined
  #last: Piece | undefined

  constructor(notationOf: NotationOf) {
    this.#notationOf = notationOf
  }

  push(line: Piece): 'more' | 'last' | 'over' {
    const trimmed = cut(line)
    const step = this.#take(trimmed)
    this.#isBlank = trimmed.text === ''
    if (step !== 'over' && !this.#isBlank) this.#last = trimmed
    return step
  }

  #take(line: Piece): 'more' | 'last' | 'over' {
    if (this.#part === 'opening') return this.#open(line)
    if (this.#part === 'history') return this.#takeHistory(line)
    if (line.text === '') return this.#takeBlank()
    if (opensOther(line.text)) return 'over'
    if (this.#part === 'behind' || this.#part === 'gap' || this.#part === 'trial')
      return this.#takeBehind(line)
    return this.#takeLine(line) ? 'more' : 'over'
  }

  #open(line: Piece): 'more' | 'last' {
    const start = URL_START.exec(line.text)?.[0].length ?? 0
    const save = cut(line, start)
    this.#part = 'name'
    if (!SLASH.test(save.text)) {
      this.#lines.push(save)
      return 'more'
    }
    for (const line of splitAtSlashes(save)) this.#lines.push(line)
    return 'last'
  }

  #takeBlank(): 'more' | 'over' {
    if (this.#lines.length === 1) this.#isSpaced = true
    if (this.#part === 'behind' || this.#part === 'trial') this.#part = 'gap'
    return (this.#isSpaced && !this.#isBlank) || this.#part === 'gap' ? 'more' : 'over'
  }

  /** A line of the head or the board; false where it is none. */
  #takeLine(line: Piece): boolean {
    if (this.#part === 'name') {
      if (!/^[a-z][\w-]*$/i.test(line.text)) return false
      this.#form = this.#notationOf(line.text.toLowerCase())?.saved?.pzprv3
      this.#part = 'rows'
    } else if (this.#part === 'rows' || this.#part === 'cols') {
      if (!/^\d{1,4}$/.test(line.text)) return false
      this.#takeSide(Number(line.text))
    } else {
      if (!this.#isRow(line)) return false
      // Of an unknown kind nobody reads the board.
      if (this.#left === undefined) return true
      this.#left--
    }
    this.#lines.push(line)
    if (this.#left === 0) this.#part = 'behind'
    return true
  }

  #takeSide(side: number): void {
    if (this.#part === 'rows') this.#rows = side
    const isSize = this.#part === 'cols' || this.#form?.isSquare
    this.#cols = side
    this.#part = isSize ? 'board' : 'cols'
    if (isSize) this.#left = this.#form?.lines({ rows: this.#rows, cols: side })
  }

  /** A row of anything: cells with blanks between them, or a number. */
  #isRow(line: Piece): boolean {
    const words = wordsIn(line)
    if (words.length === 1 && this.#cols > 1) return /^\d{1,4}$/.test(line.text)
    return words.every(({ text }) => WORD.test(text))
  }

  #takeBehind(line: Piece): 'more' | 'last' | 'over' {
    if (HISTORY.test(line.text)) {
      this.#history = line
      this.#part = 'history'
      return this.#takeHistory(line)
    }
    if (TRIAL.test(line.text)) {
      this.#part = 'trial'
      return 'more'
    }
    if (this.#part === 'gap') return 'over'
    const isMore =
      this.#part === 'trial' ? this.#isRow(line) : wordsIn(line).every(({ text }) => MARK.test(text))
    return isMore ? 'more' : 'over'
  }

  #takeHistory({ text }: Piece): 'more' | 'last' {
    for (const brace of text.replaceAll(/"(?:[^"\\]|\\.)*"?/g, '').match(/[{}]/g) ?? [])
      this.#depth += brace === '{' ? 1 : -1
    return this.#depth > 0 ? 'more' : 'last'
  }

  end(): SavedPuzzle[] {
    const [opening, name, ...rest] = this.#lines
    const version = OPENING.exec(opening!.text)![0]
    if (!/^pzprv3(?:\.\d+)?$/i.test(version))
      throw errorIn(opening!, 0, `a ${version} file: of pzpr's files, only pzprv3 is read`)
    if (!name || name.text === '')
      throw errorIn(opening!, opening!.text.length, 'the pzprv3 file ends early: expected the name of a kind')
    const puzzles: SavedPuzzle[] = [
      { kind: name, read: (notation) => readSave(notation, name, rest, this.#last!) },
    ]
    if (this.#depth > 0) puzzles.push({ kind: name, read: () => this.#refuseHistory() })
    return puzzles
  }

  #refuseHistory(): never {
    const { where } = this.#last!
    throw errorIn(
      this.#history!,
      0,
      `the history of this pzprv3 file has no end: lines ${this.#history!.where.line} to ${where.line} were taken for it`,
    )
  }
}

function readSave(notation: AnyNotation, name: Piece, lines: readonly Piece[], end: Piece): ReadPuzzle {
  const form: Pzprv3Form<unknown> | undefined = notation.saved?.pzprv3
  if (!form)
    throw errorIn(name, 0, `a pzprv3 file of ${notation.name}: expected the puzzle's URL or a text grid`)
  const head = form.isSquare ? [lines[0], lines[0]] : lines.slice(0, 2)
  const [rows, cols] = head
  if (!rows || !cols) throw errorIn(end, end.text.length, 'the pzprv3 file ends early: expected the size')
  const size = { rows: sideIn(rows, 'rows'), cols: sideIn(cols, 'columns') }
  const trial = lines.findIndex(({ text }) => TRIAL.test(text))
  const below = lines.slice(form.isSquare ? 1 : 2, trial < 0 ? undefined : trial)
  const puzzle = form.read(new SavedLines('pzprv3 file', size, below, end))
  const surplus = below.slice(form.lines(size)).find(({ text }) => !isMarks(text))
  if (surplus)
    throw errorIn(surplus, 0, `the pzprv3 file goes on after its board: found ${quote(surplus.text)}`)
  return { puzzle }
}

/** Nothing but marks, or what closes a link. */
function isMarks(text: string): boolean {
  return /^[\s.\d+-]*$|^[)\]>"'.,;\s]*$/.test(text)
}

/** The lines of a save in a URL. Where one has escapes, columns inside it are those of its start. */
function splitAtSlashes(save: Piece): Piece[] {
  const lines: Piece[] = []
  let start = 0
  for (const part of save.text.split(/(\/|%2f)/i)) {
    if (!/^(?:\/|%2f)$/i.test(part)) {
      const line = cut(save, start, start + part.length)
      lines.push({ ...line, text: unescaped(line.text) })
    }
    start += part.length
  }
  return lines
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text).trim()
  } catch {
    return text
  }
}
