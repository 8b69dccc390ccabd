/**
 * Sudokus in XML: each element with an attribute that holds 81 cells, as in OpenSudoku's files (`<game data="..."/>`) and
 * their like. The tags are read as they come; nothing else of XML is needed, so there is no parser behind this.
 */
import type { AnyNotation } from '../notation.ts'
import { cut, errorIn, type Piece, quote } from '../piece.ts'
import type { FileFormat, FileReader, ReadPuzzle, SavedPuzzle } from './format.ts'
import { opensOther } from './other.ts'

const NAME = 'XML'
const OPENING = /^<(?:\?xml|opensudoku\d*|onegravitysudoku|puzzle|sudoku)(?=\s|>(?!:)|\/>|$)/i
const TAG = /^<([a-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/i
const CLOSING = /^<\/([a-z_][\w:.-]*)\s*>/i
const ATTRIBUTE = /\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/dg
/** What is passed over: how it starts and ends. */
const PASSED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const
/** Attributes that hold a puzzle, in the elements that have one. */
const PUZZLES = ['data', 'cells_data', 'original_values', 'puzzle', 'givens']
const ELEMENTS = ['game', 'sudoku', 'puzzle']
/** OpenSudoku's own form: a version, then each cell's digit, notes and whether it may be changed. */
const CELLS = /^version: (\d+)\s+/
const CELL = /(\d)\|[^|]*\|{1,2}([01])\|/g
const CELL_WITH_TWO_NOTES = /(\d)\|[^|]*\|[^|]*\|([01])\|/g
/** Characters of one tag, so that a quote that is never closed does not take a whole text. */
const LONGEST_TAG = 100_000

/** Characters of 81 cells, with blanks between them. */
const LONGEST_CELLS = 1000

export const xml: FileFormat = {
  name: NAME,
  opens: (line) => OPENING.test(line),
  start: () => new XmlReader(),
}

class XmlReader implements FileReader {
  /** What is read of the text that has come: a tag that is not whole yet. */
  #open: Piece | undefined
  #first: Piece | undefined
  #last: Piece | undefined
  #root: Piece | undefined
  /** How many elements are open. */
  #depth = 0
  #isOver = false
  #isBlank = false
  #fault: Error | undefined
  readonly #saved: SavedPuzzle[] = []

  push(line: Piece): 'more' | 'last' | 'over' {
    const { text: trimmed } = cut(line)
    if (this.#first && !this.#open && this.#isBlank && opensOther(trimmed)) return 'over'
    this.#isBlank = trimmed === ''
    this.#first ??= cut(line)
    if (!this.#isBlank) this.#last = line
    // What is open ends with a `>`, whatever it is: until one comes, nothing is read again.
    if (this.#open && !line.text.includes('>')) return this.#wait(joined(this.#open, line)) ?? 'more'
    let text: Piece | undefined = this.#open ? joined(this.#open, line) : line
    this.#open = undefined
    while (text && !this.#isOver) text = this.#step(text)
    return this.#isOver ? 'last' : 'more'
  }

  /** Reads up to the end of the next tag; undefined where the line has no other one. */
  #step(text: Piece): Piece | undefined {
    const at = text.text.indexOf('<')
    if (at < 0) return undefined
    const rest = behind(text, at)
    const passed = PASSED.find(([start]) => rest.text.startsWith(start))
    if (passed) {
      const end = rest.text.indexOf(passed[1], passed[0].length)
      return end < 0 ? this.#wait(rest) : behind(rest, end + passed[1].length)
    }
    const closing = CLOSING.exec(rest.text)
    if (closing) {
      if (this.#depth === 0)
        this.#fault ??= errorIn(rest, 0, `the XML closes ${quote(closing[1]!)}, which it never opened`)
      this.#close(behind(rest, closing[0].length))
      return behind(rest, closing[0].length)
    }
    const tag = TAG.exec(rest.text)
    if (!tag) return this.#wait(rest)
    this.#take(rest, tag)
    return behind(rest, tag[0].length)
  }

  /** A tag may go on in the next line. */
  #wait(rest: Piece): undefined {
    if (rest.text.length <= LONGEST_TAG) this.#open = rest
    else {
      this.#open = undefined
      this.#fault ??= errorIn(rest, 0, 'the XML has a tag without end')
    }
  }

  #take(rest: Piece, [all, name = '', , isEmpty]: RegExpExecArray): void {
    this.#root ??= cut(rest, 1, 1 + name.length)
    this.#depth++
    if (ELEMENTS.includes(name.toLowerCase())) this.#save(attributesOf(cut(rest, 0, all.length)))
    if (isEmpty) this.#close(behind(rest, all.length))
  }

  /** One element less; behind the last one, only blanks may stand in its line. */
  #close(rest: Piece): void {
    this.#depth--
    if (this.#depth > 0) return
    this.#isOver = true
    const more = cut(rest)
    if (more.text !== '')
      this.#fault ??= errorIn(
        more,
        0,
        `behind the XML stands ${quote(more.text)}: expected a line of its own`,
      )
  }

  #save(attributes: ReadonlyMap<string, Piece>): void {
    const puzzle = PUZZLES.map((name) => attributes.get(name)).find((value) => value !== undefined)
    if (!puzzle) return
    const kind = { ...puzzle, text: 'sudoku' }
    this.#saved.push({ kind, read: (notation) => readAttribute(notation, puzzle) })
  }

  end(): SavedPuzzle[] {
    const fault = this.#fault ?? this.#faultOfWhole()
    if (fault && this.#saved.length === 0) throw fault
    if (!fault) return this.#saved
    const { kind } = this.#saved[0]!
    const refuse = () => {
      throw fault
    }
    return [...this.#saved, { kind, read: refuse }]
  }

  #faultOfWhole(): Error | undefined {
    const [first, last] = [this.#first!, this.#last!]
    if (!this.#isOver) {
      const reason = `the XML has no end: lines ${first.where.line} to ${last.where.line} were taken for it`
      return errorIn(this.#open ?? first, 0, reason)
    }
    if (this.#saved.length > 0) return undefined
    const root = this.#root!
    return errorIn(
      root,
      0,
      `XML of ${quote(root.text)}: expected a file of OpenSudoku, with <game data="81 digits"/>`,
    )
  }
}

/** A Sudoku in an attribute: 81 cells, or OpenSudoku's own form of them. */
function readAttribute({ name, saved }: AnyNotation, value: Piece): ReadPuzzle {
  if (!saved?.digits) throw errorIn(value, 0, `this XML holds a Sudoku, not ${name}`)
  const head = CELLS.exec(value.text.replaceAll('&#10;', '\n'))
  if (!head && value.text.length > LONGEST_CELLS)
    throw errorIn(value, 0, `expected 81 cells, found ${value.text.length} characters`)
  if (!head) return { puzzle: saved.digits(Array.from(value.text, (_, i) => behind(value, i, 1))) }
  const text = value.text.replaceAll('&#10;', '\n').slice(head[0].length)
  const cells = [...text.matchAll(Number(head[1]) < 4 ? CELL : CELL_WITH_TWO_NOTES)]
  // Cells that may be changed are a player's.
  return {
    puzzle: saved.digits(
      cells.map(([, digit, isOpen]) => ({ ...value, text: isOpen === '1' ? '.' : digit! })),
    ),
  }
}

function joined(open: Piece, line: Piece): Piece {
  return { ...open, text: `${open.text}\n${line.text}` }
}

function attributesOf(tag: Piece): ReadonlyMap<string, Piece> {
  return new Map(
    [...tag.text.matchAll(ATTRIBUTE)].map(({ 1: name = '', indices }) => {
      const [start, end] = indices![2] ?? indices![3]!
      return [name.toLowerCase(), behind(tag, start, end - start)]
    }),
  )
}

/** A part of a text of several lines, each as it stands, with its place. */
function behind({ text, where }: Piece, start: number, length?: number): Piece {
  const before = text.slice(0, start).split('\n')
  const column = before.length > 1 ? 1 : where.column
  return {
    text: text.slice(start, length === undefined ? undefined : start + length),
    where: { ...where, line: where.line + before.length - 1, column: column + before.at(-1)!.length },
  }
}
