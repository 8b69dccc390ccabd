/** Boards of white cells and walls in files of other programs. */
import { errorIn, type Piece, quote } from '../notation/piece.ts'
import { BARE_WALL, WHITE } from './walls.ts'

/** Clues of cells, by the characters that say white and bare wall; others are numbers 0-4. Throws `PuzzleParseError`. */
export function wallsFrom(cells: readonly Piece[], white: string, bareWall: string): Int8Array {
  return Int8Array.from(cells, (cell) => {
    if (cell.text.length === 1 && white.includes(cell.text)) return WHITE
    if (cell.text.length === 1 && bareWall.includes(cell.text)) return BARE_WALL
    if (/^[0-4]$/.test(cell.text)) return Number(cell.text)
    const wanted = [...white, ...bareWall].map((character) => `'${character}'`).join(', ')
    throw errorIn(cell, 0, `unexpected ${quote(cell.text)}; expected ${wanted} or a number 0-4`)
  })
}
