/** What Heyawake's cells show and take: rooms in thick lines, a number in a room's first cell, shaded cells or not. */
import { clueText, type GridAnswer } from '../../board/board.ts'
import { type GridEditing, readCells } from '../../board/grid-kind.ts'
import { shadingFace } from '../../board/shading.ts'
import type { CellFace } from '../../picture/picture.ts'
import { clueAt, endMarks, type HeyawakePuzzle, readRoomGrid, roomName } from './rooms.ts'

export function faces(puzzle: HeyawakePuzzle, answer: GridAnswer | undefined): (cell: number) => CellFace {
  return (cell) => {
    const clue = clueText(clueAt(puzzle, cell))
    const room = `room ${roomName(puzzle.rooms[cell]!)}`
    return shadingFace(answer?.[cell], clue ? `${room}, clue ${clue}` : room, clue)
  }
}

export const editing: GridEditing<HeyawakePuzzle> = {
  hint: 'A number is the room’s; a letter moves the cell to the room of that letter, or to a new one',
  blank: 'a',
  textOf,
  write,
  choices: (puzzle, cell) => {
    const name = roomName(puzzle.rooms[cell]!)
    const most = puzzle.rooms.filter((room) => room === puzzle.rooms[cell]).length
    return [name, ...Array.from({ length: Math.ceil(most / 2) + 1 }, (_, number) => name + number)]
  },
}

/** The room's letters and number, whichever of its cells this is. */
function textOf(puzzle: HeyawakePuzzle, cell: number): string {
  const room = puzzle.rooms[cell]!
  return roomName(room) + clueText(puzzle.clues[room]!) + endMarks(puzzle, cell)
}

/**
 * Letters say which room the cell belongs to, and a number behind them, or alone, is that room's. The letters of its own
 * room, or nothing, take the room's number away.
 */
function write(puzzle: HeyawakePuzzle, cell: number, text: string): HeyawakePuzzle | undefined {
  const [, letters, number, ends] = /^([a-z]*)(\d*|\?)('?_?)$/i.exec(text) ?? []
  if (letters === undefined) return undefined
  const names = Array.from(puzzle.rooms, roomName)
  const numbers = new Map(names.map((name, other) => [name, clueText(puzzle.clues[puzzle.rooms[other]!]!)]))
  const own = names[cell]!
  const name = letters || own
  if (number || name === own) numbers.set(name, number!)
  names[cell] = name
  const texts = names.map((room, other) => {
    const clue = names.indexOf(room) === other ? (numbers.get(room) ?? '') : ''
    return room + clue + (other === cell && letters ? ends : endMarks(puzzle, other))
  })
  return readCells({ readGrid: (rows) => ({ kind: 'heyawake', ...readRoomGrid(rows) }) }, puzzle, texts)
}
