/** What Heyawake's cells show and take: rooms in thick lines, a number in a room's first cell, shaded cells or not. */
import { clueText, type GridAnswer } from '../../board/board.ts'
import { type GridEditing, readCells } from '../../board/grid-kind.ts'
import { shadingFace } from '../../board/shading.ts'
import type { Move } from '../../kind.ts'
import type { CellFace } from '../../picture/picture.ts'
import { clueAt, endMarks, type HeyawakePuzzle, readRoomGrid, roomName } from './rooms.ts'

export function faces(puzzle: HeyawakePuzzle, answer: GridAnswer | undefined): (cell: number) => CellFace {
  return (cell) => {
    const clue = clueText(clueAt(puzzle, cell))
    const room = `room ${roomName(puzzle.rooms[cell]!)}`
    return shadingFace(answer?.[cell], clue ? `${room}, clue ${clue}` : room, clue)
  }
}

/** Larger numbers are seldom, and can be typed. */
const MOST_OFFERED = 9

export const editing: GridEditing<HeyawakePuzzle> = {
  hint: 'A number is the room’s; a letter moves the cell to the room of that letter, or to a new one',
  blank: 'a',
  textOf,
  write,
  choices: (puzzle, cell) => {
    const name = roomName(puzzle.rooms[cell]!)
    const most = puzzle.rooms.filter((room) => room === puzzle.rooms[cell]).length
    const largest = Math.min(MOST_OFFERED, Math.ceil(most / 2))
    const numbers = ['', ...Array(largest + 1).keys()]
    // Its dead ends are no matter of its number: clicks leave them where they are.
    return numbers.map((number) => `${name}${number}${endMarks(puzzle, cell)}`)
  },
  moves,
}

const WAYS = [
  { shown: '←', down: 0, right: -1 },
  { shown: '→', down: 0, right: 1 },
  { shown: '↑', down: -1, right: 0 },
  { shown: '↓', down: 1, right: 0 },
] as const

/** The cell goes over to a neighbour's room, or begins one; where its own room stays whole. */
function moves(puzzle: HeyawakePuzzle, cell: number): Move[] {
  const { rooms, clues } = puzzle
  const near = new Map<number, string>()
  for (const { shown, down, right } of WAYS) {
    const room = roomBeside(puzzle, cell, down, right)
    if (room !== undefined && room !== rooms[cell] && !near.has(room)) near.set(room, shown)
  }
  const into = [...near].map(([room, shown]) => {
    const text = roomName(room)
    return { text, shown: `${shown} ${text}`, words: `into room ${text}` }
  })
  const isAlone = rooms.indexOf(rooms[cell]!) === rooms.lastIndexOf(rooms[cell]!)
  const text = roomName(clues.length)
  const begun = isAlone ? [] : [{ text, shown: `+ ${text}`, words: 'a room of its own' }]
  return [...into, ...begun].filter((move) => write(puzzle, cell, move.text))
}

function roomBeside({ rows, cols, rooms }: HeyawakePuzzle, cell: number, down: number, right: number) {
  const [row, col] = [Math.floor(cell / cols) + down, (cell % cols) + right]
  return row < 0 || row >= rows || col < 0 || col >= cols ? undefined : rooms[row * cols + col]
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
