/** Heyawake's board: rooms and their numbers, as URL bodies and as text grids. */
import { clueText, type GridPuzzle, type GridSize, NO_CLUE, UNKNOWN_CLUE } from '../../board/board.ts'
import { placeText } from '../../board/place.ts'
import { regionsOf } from '../../board/regions.ts'
import { errorIn, type Piece, quote } from '../../notation/piece.ts'
import type { PuzzleUrl } from '../../notation/url.ts'
import { Body } from '../../notation/url-body.ts'
import {
  MOST_NUMBER16,
  readBits,
  readNumber16,
  writeBits,
  writeNumber16,
} from '../../notation/url-numbers.ts'
import { quoted, shortened } from '../../shown.ts'

export interface HeyawakePuzzle extends GridPuzzle {
  readonly kind: 'heyawake'
  /** Shape [rows * cols]: each cell's room. Rooms count from 0 in the order of their first cells, row by row. */
  readonly rooms: Int16Array
  /** Shape [rooms]: how many of the room's cells are shaded. `UNKNOWN_CLUE` (`?`) and `NO_CLUE` ask for nothing. */
  readonly clues: Int16Array
  /**
   * Borders with one room on both sides, in URL order; left out where there are none. They close nothing, but count
   * where lines cross borders, as on puzzle sites.
   */
  readonly deadEnds?: readonly Pair[] | undefined
}

type Board = Omit<HeyawakePuzzle, 'kind'>

/** Two neighbours: the left or upper one first. */
export type Pair = readonly [cell: number, other: number]

/** Whether a border lies between two neighbouring cells, the left or upper one first. */
export function isBorder({ rooms, deadEnds }: Board, cell: number, other: number): boolean {
  return rooms[cell] !== rooms[other] || (deadEnds?.some(([a, b]) => a === cell && b === other) ?? false)
}

/** The clue of the room whose first cell this is, else `NO_CLUE`. */
export function clueAt({ rooms, clues }: Board, cell: number): number {
  const room = rooms[cell]!
  return rooms.indexOf(room) === cell ? clues[room]! : NO_CLUE
}

/** All neighbours in the order in which URLs tell of their borders: side by side, then one above the other. */
function pairsOf({ rows, cols }: GridSize): { readonly beside: Pair[]; readonly stacked: Pair[] } {
  const beside: Pair[] = []
  const stacked: Pair[] = []
  for (let cell = 0; cell < rows * cols; cell++) {
    if ((cell + 1) % cols > 0) beside.push([cell, cell + 1])
    if (cell + cols < rows * cols) stacked.push([cell, cell + cols])
  }
  return { beside, stacked }
}

/** Borders as bits, then the rooms' numbers. */
export function readRoomBody({ rows, cols, body }: PuzzleUrl): Board {
  const from = new Body(body)
  const { beside, stacked } = pairsOf({ rows, cols })
  const besideBits = readBits(from, beside.length, 'borders between columns')
  const stackedBits = readBits(from, stacked.length, 'borders between rows')
  const borders = [...beside.filter((_, i) => besideBits[i]), ...stacked.filter((_, i) => stackedBits[i])]
  const right = new Set(borders.filter(([a, b]) => b !== a + cols).map(([cell]) => cell))
  const bottom = new Set(borders.filter(([a, b]) => b === a + cols).map(([cell]) => cell))
  const regions = regionsOf(
    { rows, cols },
    () => true,
    // In a single column the next cell is the one below.
    (a, b) => !(Math.abs(a - b) === cols ? bottom : right).has(Math.min(a, b)),
  )
  const rooms = regions.of
  const deadEnds = borders.filter(([cell, other]) => rooms[cell] === rooms[other])
  const clues = readNumber16(from, regions.count, 'rooms')
  from.end(`its ${regions.count} rooms`)
  return withDeadEnds({ rows, cols, rooms, clues }, deadEnds)
}

function withDeadEnds(board: Board, deadEnds: readonly Pair[]): Board {
  return deadEnds.length > 0 ? { ...board, deadEnds } : board
}

export function writeRoomBody(puzzle: HeyawakePuzzle): string {
  const { beside, stacked } = pairsOf(puzzle)
  const bits = (pairs: readonly Pair[]) => writeBits(pairs.map((pair) => (isBorder(puzzle, ...pair) ? 1 : 0)))
  return bits(beside) + bits(stacked) + writeNumber16(puzzle.clues)
}

interface NamedCell {
  readonly name: string
  readonly clue: number
  /** Whether a dead end is at its right (`'`), or below it (`_`). */
  readonly right: boolean
  readonly below: boolean
  readonly piece: Piece
}

/**
 * Cells as the letters of their rooms, with the room's number behind the letters of any one of them, then `'` for a
 * dead end at the cell's right and `_` for one below it.
 */
export function readRoomGrid(rows: readonly (readonly Piece[])[]): Board {
  const size = { rows: rows.length, cols: rows[0]!.length }
  const cells = rows.flat().map(readCell)
  const { count, of } = regionsOf(
    size,
    () => true,
    (a, b) => cells[a]!.name === cells[b]!.name,
  )
  refuseSplitRooms(size, cells, of)
  const rooms = { ...size, rooms: of, clues: collectClues(size, cells, of, count) }
  const board = withDeadEnds(rooms, collectDeadEnds(rooms, cells))
  refuseClosedRooms(board, cells)
  return board
}

function collectDeadEnds(board: Board, cells: readonly NamedCell[]): Pair[] {
  const { beside, stacked } = pairsOf(board)
  const { cols, rooms } = board
  for (const [cell, { right, below, piece }] of cells.entries()) {
    const reachesOut = (right && (cell + 1) % cols === 0) || (below && cell + cols >= cells.length)
    if (reachesOut)
      throw errorIn(
        piece,
        0,
        `a dead end at the board's edge: expected a cell beyond ${shortened(piece.text)}`,
      )
  }
  const marked = [
    ...beside.filter(([cell]) => cells[cell]!.right),
    ...stacked.filter(([cell]) => cells[cell]!.below),
  ]
  return marked.filter(([cell, other]) => rooms[cell] === rooms[other])
}

/** A URL knows rooms by their borders alone: those that close a part of a room off make it a room of its own. */
function refuseClosedRooms(board: Board, cells: readonly NamedCell[]): void {
  const { rooms, clues, deadEnds } = board
  if (!deadEnds) return
  const parts = regionsOf(
    board,
    () => true,
    (a, b) => !isBorder(board, Math.min(a, b), Math.max(a, b)),
  )
  if (parts.count === clues.length) return
  const [cell] = deadEnds.find(([a, b]) => parts.of[a] !== parts.of[b])!
  const { name, piece } = cells[cell]!
  const first = rooms.indexOf(rooms[cell]!)
  const reason = `dead ends close off a part of room ${quoted(name)}, which starts at ${placeText(board, first)}`
  throw errorIn(piece, 0, `${reason}: expected other letters behind them, or a way around them`)
}

function refuseSplitRooms(size: GridSize, cells: readonly NamedCell[], rooms: Int16Array): void {
  const firstCells = new Map<string, number>()
  for (const [cell, { name, piece }] of cells.entries()) {
    const first = firstCells.get(name)
    if (first === undefined) firstCells.set(name, cell)
    else if (rooms[first] !== rooms[cell]) {
      const [here, there] = [placeText(size, cell), placeText(size, first)]
      const reason = `room ${quoted(name)} at ${here} does not touch room ${quoted(name)} at ${there}`
      throw errorIn(
        piece,
        0,
        `${reason}: cells of one room must touch by edges, other rooms need other letters`,
      )
    }
  }
}

function collectClues(
  size: GridSize,
  cells: readonly NamedCell[],
  rooms: Int16Array,
  count: number,
): Int16Array {
  const clues = new Int16Array(count).fill(NO_CLUE)
  for (const [cell, { name, clue, piece }] of cells.entries()) {
    const room = rooms[cell]!
    if (clue === NO_CLUE) continue
    if (clues[room] !== NO_CLUE) {
      const before = cells.findIndex((other) => other.name === name && other.clue !== NO_CLUE)
      const reason = `room ${quoted(name)} has its number at ${placeText(size, before)} already`
      throw errorIn(piece, name.length, `${reason}: expected one number a room`)
    }
    clues[room] = clue
  }
  return clues
}

function readCell(piece: Piece): NamedCell {
  const [, name, clue, right, below] = /^([a-z]+)(\d{1,5}|\?|)('?)(_?)$/i.exec(piece.text) ?? []
  if (name === undefined || clue === undefined || Number(clue) > MOST_NUMBER16)
    throw errorIn(
      piece,
      0,
      `unexpected ${quote(piece.text)}; expected the letters of a room ('a', 'b', 'aa'), in one of its cells with its number ('a2', 'a?')`,
    )
  const value = clue === '' ? NO_CLUE : clue === '?' ? UNKNOWN_CLUE : Number(clue)
  return { name, clue: value, right: right !== '', below: below !== '', piece }
}

/** A cell of the text grid; its room's number stands in the room's first cell alone. */
export function roomCellText(puzzle: HeyawakePuzzle, cell: number): string {
  return roomName(puzzle.rooms[cell]!) + clueText(clueAt(puzzle, cell)) + endMarks(puzzle, cell)
}

export function endMarks({ cols, deadEnds = [] }: HeyawakePuzzle, cell: number): string {
  const ends = deadEnds.filter(([from]) => from === cell).map(([, to]) => to)
  return (ends.some((to) => to !== cell + cols) ? "'" : '') + (ends.includes(cell + cols) ? '_' : '')
}

/** `a` to `z`, `aa`, `ab`, ... */
export function roomName(room: number): string {
  const last = String.fromCharCode(97 + (room % 26))
  return room < 26 ? last : roomName(Math.floor(room / 26) - 1) + last
}
