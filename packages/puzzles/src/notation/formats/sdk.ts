/**
 * `.sdk` files of SadMan Sudoku and SudoCue that have sections: `[Puzzle]`, nine rows, and what a player made of it, as
 * `[State]` and pencil marks, which is not read. Each section has at most nine lines; a blank line ends the file unless
 * another section follows. (A file without sections is a text grid.)
 */

import { shortened } from '../../shown.ts'
import type { AnyNotation } from '../notation.ts'
import { cut, errorIn, type Piece } from '../piece.ts'
import type { FileFormat, FileReader, ReadPuzzle, SavedPuzzle } from './format.ts'
import { opensOther } from './other.ts'
import { wordsIn } from './saved-board.ts'

const SECTION = /^\[([a-z][a-z ]*)\]$/i
const OPENING = /^\[(?:puzzle|state|pencil ?marks|colou?rs)\]$/i
const ROWS = 9

export const sdk: FileFormat = {
  name: '.sdk',
  opens: (line) => OPENING.test(line),
  start: () => new SectionReader(),
}

class SectionReader implements FileReader {
  readonly #sections: { readonly name: string; readonly head: Piece; readonly rows: Piece[] }[] = []
  #isBlank = false

  push(raw: Piece): 'more' | 'over' {
    const line = cut(raw)
    const step = this.#take(line)
    this.#isBlank = line.text === ''
    return step
  }

  #take(line: Piece): 'more' | 'over' {
    if (line.text === '' || line.text.startsWith('#')) return 'more'
    if (opensOther(line.text) && !OPENING.test(line.text)) return 'over'
    const name = SECTION.exec(line.text)?.[1]?.toLowerCase()
    const present = this.#sections.at(-1)
    if (name !== undefined) {
      const isNext = present === undefined || !this.#sections.some((section) => section.name === name)
      if (isNext) this.#sections.push({ name, head: line, rows: [] })
      return isNext ? 'more' : 'over'
    }
    const { rows } = present!
    if (rows.length === ROWS || (this.#isBlank && rows.length > 0)) return 'over'
    rows.push(line)
    return 'more'
  }

  end(): SavedPuzzle[] {
    const puzzle = this.#sections.find(({ name }) => name === 'puzzle')
    const [first] = this.#sections
    if (!puzzle)
      throw errorIn(
        first!.head,
        0,
        `an .sdk file with ${shortened(first!.head.text)} and no [Puzzle]: expected the givens`,
      )
    const kind = { ...puzzle.head, text: 'sudoku' }
    return [{ kind, read: (notation) => readRows(notation, puzzle.head, puzzle.rows) }]
  }
}

function readRows({ name, saved }: AnyNotation, head: Piece, rows: readonly Piece[]): ReadPuzzle {
  if (!saved?.digits) throw errorIn(head, 0, `an .sdk file holds a Sudoku, not ${name}`)
  if (rows.length < ROWS) {
    const last = rows.at(-1) ?? head
    throw errorIn(last, last.text.length, `expected ${ROWS} rows below [Puzzle], found ${rows.length}`)
  }
  const cells = rows.map((row) => {
    const found = cellsIn(row)
    if (found.length === ROWS) return found
    throw errorIn(
      found[ROWS] ?? row,
      found[ROWS] ? 0 : row.text.length,
      `expected ${ROWS} cells, found ${found.length}`,
    )
  })
  return { puzzle: saved.digits(cells.flat()) }
}

/** Words, or the characters of the only one. */
function cellsIn(row: Piece): Piece[] {
  const words = wordsIn(row)
  if (words.length > 1) return words
  return Array.from(row.text, (_, i) => cut(row, i, i + 1))
}
