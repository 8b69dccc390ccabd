/**
 * The text in which pages of janko.at hold a puzzle: between `begin` and `end`, lines that start with a key, and below
 * some keys a grid. Keys and marks may stand in brackets.
 *
 * Where the end is missing, the text ends with a blank line that no key follows, or where something else begins. What
 * was taken without being understood is told then.
 */
import { type GridSize, MAX_SIDE } from '../../board/board.ts'
import type { AnyNotation } from '../notation.ts'
import { cut, errorIn, type Piece, quote } from '../piece.ts'
import type { FileFormat, FileReader, ReadPuzzle, SavedPuzzle } from './format.ts'
import type { JankoForm } from './forms.ts'
import { opensOther } from './other.ts'
import { SavedLines, sideIn, wordsIn } from './saved-board.ts'

const NAME = 'text of janko.at'
const BEGIN = /^\[?begin\]?$/i
const END = /^\[?end\]?$/i
const KEY = /^\[?([a-z]+)\]?(?=\s|$)/i
/** Below these stand grids. */
const GRIDS = new Set([
  'problem',
  'solution',
  'areas',
  'clues',
  'labels',
  'rlabels',
  'clabels',
  'nodes',
  'lines',
])
const KEYS = new Set([
  ...GRIDS,
  ...[
    'puzzle',
    'author',
    'solver',
    'source',
    'info',
    'title',
    'mail',
    'unit',
    'depth',
    'size',
    'rows',
    'cols',
  ],
  ...['pattern', 'patternx', 'patterny', 'variant', 'options', 'layout', 'moves', 'pid', 'id'],
])
const MOVES = /^[\w,;:.+*-]*;$/

/** A key, what stands behind it, and the lines below it. */
interface Section {
  readonly key: string
  readonly value: Piece
  readonly lines: Piece[]
}

export const janko: FileFormat = {
  name: NAME,
  opens: (line) => BEGIN.test(line),
  start: () => new JankoReader(),
}

class JankoReader implements FileReader {
  #first: Piece | undefined
  #last: Piece | undefined
  readonly #sections: Section[] = []
  /** Lines that belong to no key. */
  #strange = 0
  #isBlank = false
  #hasEnd = false

  push(raw: Piece): 'more' | 'last' | 'over' {
    const line = cut(raw)
    const step = this.#first ? this.#take(line) : 'more'
    this.#first ??= line
    this.#isBlank = line.text === ''
    if (step !== 'over' && !this.#isBlank) this.#last = line
    return step
  }

  #take(line: Piece): 'more' | 'last' | 'over' {
    if (line.text === '') return 'more'
    if (END.test(line.text)) {
      this.#hasEnd = true
      return 'last'
    }
    if (opensOther(line.text)) return 'over'
    const [all = '', key = ''] = KEY.exec(line.text) ?? []
    if (KEYS.has(key.toLowerCase())) {
      this.#sections.push({ key: key.toLowerCase(), value: cut(line, all.length), lines: [] })
      return 'more'
    }
    return this.#takeBelow(line, key !== '') ? 'more' : 'over'
  }

  /** A line below a key, or one that starts with a word as keys do; false where it is neither. */
  #takeBelow(line: Piece, isWord: boolean): boolean {
    const section = this.#sections.at(-1)
    if (!section) return false
    if (GRIDS.has(section.key)) {
      // A grid may stand below a blank line, but not around one.
      if ((this.#isBlank && section.lines.length > 0) || section.lines.length > MAX_SIDE) return false
      section.lines.push(line)
      return true
    }
    if (this.#isBlank) return false
    if (section.key === 'moves' && MOVES.test(line.text)) return true
    if (isWord) this.#strange++
    return isWord
  }

  end(): SavedPuzzle[] {
    const [first, last] = [this.#first!, this.#last!]
    const puzzle = this.#find('puzzle')?.value
    if (!puzzle?.text)
      throw errorIn(first, 0, `this ${NAME} names no puzzle: expected a line such as 'puzzle akari'`)
    const kind = cut(puzzle, 0, /^[\w-]*/.exec(puzzle.text)![0].length)
    const saved: SavedPuzzle[] = [
      {
        kind,
        id: this.#find('title')?.value.text || undefined,
        source: this.#find('source')?.value.text || undefined,
        read: (notation) => this.#read(notation, variantIn(puzzle, kind)),
      },
    ]
    if (!this.#hasEnd && this.#strange > 0)
      saved.push({
        kind,
        read: () => {
          throw errorIn(
            first,
            0,
            `this ${NAME} has no 'end': lines ${first.where.line} to ${last.where.line} were taken for it`,
          )
        },
      })
    return saved
  }

  #find(key: string): Section | undefined {
    return this.#sections.find((section) => section.key === key)
  }

  #read(notation: AnyNotation, variant: Piece): ReadPuzzle {
    const form: JankoForm<unknown, unknown> | undefined = notation.saved?.janko
    if (!form)
      throw errorIn(this.#first!, 0, `${notation.name} in the ${NAME}: expected a URL or a text grid`)
    this.#refuseVariants(variant, form)
    const size = this.#size()
    const problem = this.#grid('problem', size)
    const areas = this.#grid('areas', size)
    if (!problem && !areas)
      throw errorIn(this.#last!, 0, `this ${NAME} has no grid: expected one below 'problem'`)
    const puzzle = form.read(problem ?? blank(size, areas!), areas)
    const solution = this.#grid('solution', size)
    return { puzzle, ...(solution && { solution: form.readSolution(puzzle, solution) }) }
  }

  #refuseVariants(variant: Piece, form: JankoForm<unknown, unknown>): void {
    const others = ['variant', 'options'].map((key) => this.#find(key)?.value)
    const found = [variant, ...others].find((piece) => piece?.text)
    if (found) throw errorIn(found, 0, `a variant, ${quote(found.text)}: only the plain kind is read`)
    const areas = this.#find('areas')?.lines[0]
    if (areas && !form.hasAreas) throw errorIn(areas, 0, 'areas: only the plain kind is read')
  }

  /** What the keys say, else the size of the grid. */
  #size(): GridSize {
    const [both, rows, cols] = ['size', 'rows', 'cols'].map((key) => this.#find(key)?.value)
    const grid = this.#find('problem') ?? this.#find('areas')
    const rowsSaid = rows ?? both
    const colsSaid = cols ?? both
    return {
      rows: rowsSaid ? sideIn(rowsSaid, 'rows') : (grid?.lines.length ?? 0),
      cols: colsSaid ? sideIn(colsSaid, 'columns') : wordsIn(grid?.lines[0] ?? this.#last!).length,
    }
  }

  /** The grid below a key; undefined where there is none. Throws where it has a row too many. */
  #grid(key: string, size: GridSize): SavedLines | undefined {
    const section = this.#find(key)
    if (!section || section.lines.length === 0) return undefined
    const surplus = section.lines[size.rows]
    if (surplus)
      throw errorIn(surplus, 0, `expected ${size.rows} rows below '${key}', found ${section.lines.length}`)
    return new SavedLines(NAME, size, section.lines, section.lines.at(-1)!)
  }
}

/** What stands behind the kind's name, as in `sudoku, diagonals`. */
function variantIn(puzzle: Piece, { text }: Piece): Piece {
  return cut(puzzle, /^[\s,]*/.exec(puzzle.text.slice(text.length))![0].length + text.length)
}

/** A board without clues, where only the areas are given. */
function blank({ rows, cols }: GridSize, { rest }: SavedLines): SavedLines {
  const row = { ...rest[0]!, text: Array(cols).fill('-').join(' ') }
  return new SavedLines(NAME, { rows, cols }, Array(rows).fill(row), row)
}
