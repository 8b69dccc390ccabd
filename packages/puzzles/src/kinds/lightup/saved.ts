/** Light Up in files of other programs. */
import type { GridAnswer } from '../../board/board.ts'
import { answerFrom } from '../../board/saved-shading.ts'
import { wallsFrom } from '../../board/saved-walls.ts'
import { BARE_WALL, isWhite, WHITE } from '../../board/walls.ts'
import type { SavedForms } from '../../notation/formats/forms.ts'
import { sideIn } from '../../notation/formats/saved-board.ts'
import { cut, errorIn, type Piece, quote } from '../../notation/piece.ts'
import type { LightUpPuzzle } from './puzzle.ts'
import { BULB, NO_BULB } from './rules.ts'

const kind = 'lightup'
/** Simon Tatham's: columns, rows, share of walls, symmetry, difficulty. */
const PARAMETERS = /^(\d+)x(\d+)(?:b\d+)?(?:s\d+)?(?:r|d\d+)?$/

export const saved: SavedForms<LightUpPuzzle, GridAnswer> = {
  pzprv3: {
    lines: ({ rows }) => rows,
    // Bulbs and crosses stand among the clues.
    read: (board) => ({
      kind,
      rows: board.rows,
      cols: board.cols,
      clues: wallsFrom(board.cells(), '.#+', '-'),
    }),
  },
  janko: {
    read: (board) => ({
      kind,
      rows: board.rows,
      cols: board.cols,
      clues: wallsFrom(board.cells(), '-', 'x'),
    }),
    readSolution: (puzzle, solution) =>
      answerFrom(solution, { '-': NO_BULB, o: BULB }, (cell) => isWhite(puzzle, cell)),
  },
  tatham: {
    fits: (parameters, description) => {
      const [, cols, rows] = PARAMETERS.exec(parameters) ?? []
      return cols !== undefined && countCells(description) === Number(cols) * Number(rows)
    },
    read: (parameters, description) => {
      const [, cols = '', rows = ''] = PARAMETERS.exec(parameters.text) ?? []
      if (cols === '')
        throw errorIn(parameters, 0, `expected a size such as '7x7', found ${quote(parameters.text)}`)
      const size = {
        cols: sideIn(cut(parameters, 0, cols.length), 'columns'),
        rows: sideIn(cut(parameters, cols.length + 1, cols.length + 1 + rows.length), 'rows'),
      }
      return { kind, ...size, clues: cluesFrom(description, size.rows * size.cols) }
    },
  },
}

/** White cells in runs of 1 (`a`) to 26, `B` for a bare wall, numbers: one character after the other. */
function cluesFrom(description: Piece, wanted: number): Int8Array {
  const { text } = description
  const clues: number[] = []
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (/[a-z]/.test(character)) clues.push(...Array(runOf(character)).fill(WHITE))
    else if (character === 'B') clues.push(BARE_WALL)
    else if (/[0-4]/.test(character)) clues.push(Number(character))
    else throw errorIn(description, i, `unexpected ${quote(character)}; expected a-z, B or 0-4`)
  }
  if (clues.length !== wanted)
    throw errorIn(description, text.length, `expected ${wanted} cells, found ${clues.length}`)
  return Int8Array.from(clues)
}

/** How many cells a description says; -1 where it is none of Light Up. */
function countCells(description: string): number {
  if (!/^[a-zB0-4]+$/.test(description)) return -1
  return Array.from(description, runOf).reduce((sum, run) => sum + run, 0)
}

function runOf(character: string): number {
  return /[a-z]/.test(character) ? Number.parseInt(character, 36) - 9 : 1
}
