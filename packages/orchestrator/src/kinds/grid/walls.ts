/** Boards of white cells and walls, some walls with a number 0-4: the puzzles of Light Up and Shakashaka. */
import { errorIn, type Piece, quoteCharacter } from '../piece.ts'
import { type GridPuzzle, NO_CLUE, UNKNOWN_CLUE } from './board.ts'
import { Body, type PuzzleUrl, readNumber4, writeNumber4 } from './url.ts'

export interface WallPuzzle extends GridPuzzle {
  /** Shape [rows * cols]: {@link WHITE}, {@link BARE_WALL}, or a wall's number 0-4. */
  readonly clues: Int8Array
}

export const WHITE: number = NO_CLUE
export const BARE_WALL: number = UNKNOWN_CLUE

const WANTED = "'.' for a white cell, 'x' for a wall, or 0-4 for a wall with a number"

export function isWhite({ clues }: WallPuzzle, cell: number): boolean {
  return clues[cell] === WHITE
}

export function readWallBody({ rows, cols, body }: PuzzleUrl): Omit<WallPuzzle, 'kind'> {
  const from = new Body(body)
  const clues = Int8Array.from(readNumber4(from, rows * cols))
  from.end(`its ${rows * cols} cells`)
  return { rows, cols, clues }
}

export function writeWallBody({ clues }: WallPuzzle): string {
  return writeNumber4(clues)
}

export function readWallGrid(rows: readonly (readonly Piece[])[]): Omit<WallPuzzle, 'kind'> {
  const clues = Int8Array.from(rows.flat(), readWallCell)
  return { rows: rows.length, cols: rows[0]!.length, clues }
}

export function writeWallGrid({ cols, clues }: WallPuzzle): string {
  const cells = Array.from(clues, (clue) => (clue === WHITE ? '.' : clue === BARE_WALL ? 'x' : String(clue)))
  return cells.map((cell, i) => cell + ((i + 1) % cols > 0 ? ' ' : i + 1 < cells.length ? '\n' : '')).join('')
}

function readWallCell(piece: Piece): number {
  if (/^[._]$/.test(piece.text)) return WHITE
  if (/^x$/i.test(piece.text)) return BARE_WALL
  if (/^[0-4]$/.test(piece.text)) return Number(piece.text)
  throw errorIn(
    piece,
    0,
    `unexpected ${piece.text.length === 1 ? quoteCharacter(piece.text, 0) : `'${piece.text}'`}; expected ${WANTED}`,
  )
}

/** The input tokens: white, bare wall, walls with 0-4, in a row from `first`. */
export function wallToken({ clues }: WallPuzzle, cell: number, first: number): number {
  return first + clues[cell]! - WHITE
}
