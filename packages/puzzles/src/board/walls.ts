/** Boards of white cells and walls, some walls with a number 0-4: the puzzles of Light Up and Shakashaka. */
import type { Violation } from '../kind.ts'
import { errorIn, type Piece, quote } from '../notation/piece.ts'
import type { PuzzleUrl } from '../notation/url.ts'
import { Body } from '../notation/url-body.ts'
import { readNumber4, writeNumber4 } from '../notation/url-numbers.ts'
import type { CellFace } from '../picture/picture.ts'
import { type GridAnswer, type GridPuzzle, NO_CLUE, neighbours, UNDECIDED, UNKNOWN_CLUE } from './board.ts'
import type { GridGenre } from './grid-kind.ts'

export interface WallPuzzle extends GridPuzzle {
  /** Shape [rows * cols]: {@link WHITE}, {@link BARE_WALL}, or a wall's number 0-4. */
  readonly clues: Int8Array
}

export const WHITE: number = NO_CLUE
export const BARE_WALL: number = UNKNOWN_CLUE
const MOST_WALL_NUMBER = 4

const WANTED = "'.' for a white cell, 'x' for a wall, or 0-4 for a wall with a number"

export function isWhite({ clues }: WallPuzzle, cell: number): boolean {
  return clues[cell] === WHITE
}

/** What a genre needs to read, write, edit and encode its board: the same for both but for the kind and its first input token. */
export function wallNotation<P extends WallPuzzle>(
  kind: P['kind'],
  firstToken: number,
): Pick<GridGenre<P>, 'tokens' | 'readBody' | 'writeBody' | 'readGrid' | 'cellText' | 'token' | 'editing'> {
  const ofKind = (board: Omit<WallPuzzle, 'kind'>) => ({ kind, ...board }) as P
  return {
    tokens: firstToken + MOST_WALL_NUMBER - WHITE + 1,
    readBody: (url) => ofKind(readWallBody(url)),
    writeBody: ({ clues }) => writeNumber4(clues),
    readGrid: (rows) => ofKind(readWallGrid(rows)),
    cellText: wallCellText,
    // White, bare wall, walls with 0-4, in a row.
    token: ({ clues }, cell) => firstToken + clues[cell]! - WHITE,
    editing: {
      hint: 'x makes a wall, 0 to 4 a wall with a number',
      choices: () => ['.', 'x', '0', '1', '2', '3', '4'],
    },
  }
}

function readWallBody({ rows, cols, body }: PuzzleUrl): Omit<WallPuzzle, 'kind'> {
  const from = new Body(body)
  const clues = Int8Array.from(readNumber4(from, rows * cols))
  from.end(`its ${rows * cols} cells`)
  return { rows, cols, clues }
}

function readWallGrid(rows: readonly (readonly Piece[])[]): Omit<WallPuzzle, 'kind'> {
  const clues = Int8Array.from(rows.flat(), readWallCell)
  return { rows: rows.length, cols: rows[0]!.length, clues }
}

function wallCellText({ clues }: WallPuzzle, cell: number): string {
  const clue = clues[cell]!
  if (clue === WHITE) return '.'
  return clue === BARE_WALL ? 'x' : String(clue)
}

function readWallCell(piece: Piece): number {
  if (/^[._]$/.test(piece.text)) return WHITE
  if (/^x$/i.test(piece.text)) return BARE_WALL
  if (/^[0-4]$/.test(piece.text)) return Number(piece.text)
  throw errorIn(piece, 0, `unexpected ${quote(piece.text)}; expected ${WANTED}`)
}

/** How many white edge neighbours of a cell hold an answer from `least` to `most`. */
export function countBeside(
  puzzle: WallPuzzle,
  answer: GridAnswer,
  cell: number,
  least: number,
  most: number = least,
): number {
  const next = neighbours(puzzle)
  let count = 0
  for (let side = cell * 4; side < cell * 4 + 4; side++) {
    const other = next[side]!
    if (other >= 0 && answer[other]! >= least && answer[other]! <= most && isWhite(puzzle, other)) count++
  }
  return count
}

/** The numbers that no completion can meet any more; `things` names what the answers from `least` to `most` are. */
export function wrongNumbers(
  puzzle: WallPuzzle,
  answer: GridAnswer,
  things: string,
  least: number,
  most: number = least,
): Violation[] {
  const violations: Violation[] = []
  for (let cell = 0; cell < answer.length; cell++) {
    const clue = puzzle.clues[cell]!
    if (clue < 0) continue
    const found = countBeside(puzzle, answer, cell, least, most)
    const possible = found + countBeside(puzzle, answer, cell, UNDECIDED)
    if (found > clue)
      violations.push({ rule: `more than ${clue} ${things} beside the number ${clue}`, cells: [cell] })
    if (possible < clue)
      violations.push({ rule: `fewer than ${clue} ${things} beside the number ${clue}`, cells: [cell] })
  }
  return violations
}

/** The face of a wall; undefined where the cell is white. */
export function wallFace({ clues }: WallPuzzle, cell: number): CellFace | undefined {
  const clue = clues[cell]!
  if (clue === WHITE) return undefined
  if (clue === BARE_WALL) return { ground: 'wall', isOpen: false, words: 'wall' }
  const text = { role: 'clue', parts: [String(clue)] } as const
  return { ground: 'wall', text, isOpen: false, words: `wall, clue ${clue}` }
}
