/** fast-check arbitraries of puzzles of every kind and size, mostly without solution, and of answers to them. */
import fc from 'fast-check'
import type { AnyKind } from '../src/kind.ts'
import type { HeyawakePuzzle } from '../src/kinds/heyawake/index.ts'
import { CLUES } from '../src/kinds/tapa/clues.ts'

const NO_CLUE = -2
const UNKNOWN_CLUE = -1
/** Numbers that fill all digits of their spellings in URLs: pzpr does not pad others, and can't read them again. */
const longNumber = fc.oneof(
  fc.integer({ min: 7, max: 4095 }),
  fc.integer({ min: 4096 + 256, max: 8191 }),
  fc.integer({ min: 8192 + 256, max: 12239 }),
)

interface Side {
  readonly rows: number
  readonly cols: number
}

const sides = (least: number, most: number): fc.Arbitrary<Side> =>
  fc.record({ rows: fc.integer({ min: least, max: most }), cols: fc.integer({ min: least, max: most }) })

const arrayOf = <T>(cells: number, value: fc.Arbitrary<T>) =>
  fc.array(value, { minLength: cells, maxLength: cells, size: 'max' })

/** `share` of 100 values are `common`, the others from `rare`. */
const mostly = <T>(share: number, common: T, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: share, arbitrary: fc.constant(common) }, { weight: 100 - share, arbitrary: rare })

const wallClue = mostly(65, NO_CLUE, fc.integer({ min: UNKNOWN_CLUE, max: 4 }))

/** Small numbers above all, as they alone can be right; long ones for notation. */
const numbers = (least: number) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: least, max: 6 }) },
    { weight: 4, arbitrary: fc.constant(UNKNOWN_CLUE) },
    { weight: 1, arbitrary: longNumber },
  )

const tapaClue = mostly(
  75,
  [] as readonly number[],
  fc
    .oneof(
      { weight: 1, arbitrary: fc.constant([UNKNOWN_CLUE]) },
      { weight: 9, arbitrary: fc.constantFrom(...CLUES) },
    )
    .chain((clue) => fc.shuffledSubarray([...clue], { minLength: clue.length, maxLength: clue.length })),
)

/** Each cell joins the room at its left or above, or opens a new one: rooms are connected and counted in order. */
function roomsFrom({ rows, cols }: Side, choices: readonly ('left' | 'above' | 'new')[]): Int16Array {
  const rooms = new Int16Array(rows * cols)
  let count = 0
  for (const [cell, choice] of choices.entries()) {
    if (choice === 'left' && cell % cols > 0) rooms[cell] = rooms[cell - 1]!
    else if (choice === 'above' && cell >= cols) rooms[cell] = rooms[cell - cols]!
    else rooms[cell] = count++
  }
  return rooms
}

function heyawakeOf(side: Side): fc.Arbitrary<HeyawakePuzzle> {
  const choice = fc.constantFrom<'left' | 'above' | 'new'>('left', 'left', 'above', 'above', 'new')
  return arrayOf(side.rows * side.cols, choice).chain((choices) => {
    const rooms = roomsFrom(side, choices)
    return arrayOf(Math.max(...rooms) + 1, mostly(50, NO_CLUE, numbers(0))).map((clues) => ({
      kind: 'heyawake' as const,
      ...side,
      rooms,
      clues: Int16Array.from(clues),
    }))
  })
}

/** Puzzles of a kind, with sides from `least` to `most` (Sudokus are always 9x9). */
export function puzzlesOf(kind: AnyKind, most = 17, least = 1): fc.Arbitrary<unknown> {
  const cellwise = <T>(value: fc.Arbitrary<T>, make: (clues: T[]) => unknown) =>
    sides(least, most).chain((side) =>
      arrayOf(side.rows * side.cols, value).map((clues) => ({
        kind: kind.name,
        ...side,
        clues: make(clues),
      })),
    )
  switch (kind.name) {
    case 'sudoku':
      return arrayOf(81, mostly(80, 0, fc.integer({ min: 1, max: 9 }))).map((givens) => ({
        kind: 'sudoku',
        givens: Uint8Array.from(givens),
      }))
    case 'lightup':
    case 'shakashaka':
      return cellwise(wallClue, (clues) => Int8Array.from(clues))
    case 'nurikabe':
      return cellwise(mostly(80, NO_CLUE, numbers(1)), (clues) => Int16Array.from(clues))
    case 'tapa':
      return cellwise(tapaClue, (clues) => clues)
    case 'heyawake':
      return sides(least, most).chain(heyawakeOf)
    default:
      throw new Error(`no arbitrary puzzles of kind '${kind.name}' yet: add them here`)
  }
}

/** The answer tokens of a kind: 1 and up. */
export function tokensOf(kind: AnyKind): number[] {
  const count = { sudoku: 9, shakashaka: 5 }[kind.name] ?? 2
  return Array.from({ length: count }, (_, i) => i + 1)
}

/** Which cells of a puzzle want an answer; Sudoku's givens, which can't be other than they are, do not. */
export function openCells(kind: AnyKind, puzzle: unknown): number[] {
  if (kind.name === 'sudoku') {
    const { givens } = puzzle as { givens: Uint8Array }
    return [...givens.keys()].filter((cell) => givens[cell] === 0)
  }
  const { rows, cols } = kind.size(puzzle)
  // Spelled answers say where nothing is asked.
  const blank = kind.answerToLine(puzzle, new Uint8Array(rows * cols)).replaceAll('/', '')
  return [...blank].flatMap((character, cell) => (character === '?' ? [cell] : []))
}

/** An answer with only what can't be otherwise: 0, and Sudoku's givens. */
export function blankAnswer(kind: AnyKind, puzzle: unknown): Uint8Array {
  if (kind.name === 'sudoku') return (puzzle as { givens: Uint8Array }).givens.slice()
  const { rows, cols } = kind.size(puzzle)
  return new Uint8Array(rows * cols)
}
