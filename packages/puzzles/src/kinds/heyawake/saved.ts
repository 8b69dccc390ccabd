/** Heyawake in files of other programs: a map of rooms, and numbers in any cell of their room. */
import { type GridAnswer, type GridSize, NO_CLUE } from '../../board/board.ts'
import { placeText } from '../../board/place.ts'
import { regionsOf } from '../../board/regions.ts'
import { answerFrom, numbersFrom } from '../../board/saved-shading.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import type { SavedForms } from '../../notation/formats/forms.ts'
import { errorIn, type Piece } from '../../notation/piece.ts'
import { MOST_NUMBER16 } from '../../notation/url-numbers.ts'
import type { HeyawakePuzzle } from './rooms.ts'

const LIMITS = { least: 0, most: MOST_NUMBER16 }

export const saved: SavedForms<HeyawakePuzzle, GridAnswer> = {
  pzprv3: {
    lines: ({ rows }) => 1 + 3 * rows,
    read: (board) => {
      board.line('the number of rooms')
      const map = board.cells('the map of rooms')
      const cells = board.cells('the numbers')
      return roomsFrom(board, map, cells, numbersFrom(cells, { blank: '.', unknown: '-', ...LIMITS }))
    },
  },
  janko: {
    hasAreas: true,
    read: (board, areas) => {
      const cells = board.cells()
      if (!areas)
        throw errorIn(cells[0]!, 0, 'a Heyawake of janko.at without [areas]: expected the map of rooms')
      const numbers = numbersFrom(cells, { blank: '-', unknown: '?', ...LIMITS })
      return roomsFrom(board, areas.cells('the areas'), cells, numbers)
    },
    readSolution: (_puzzle, solution) => answerFrom(solution, { '-': UNSHADED, x: SHADED }, () => true),
  },
}

/** Cells of one name that do not touch are two rooms: what the borders between names say. */
function roomsFrom(
  { rows, cols }: GridSize,
  map: readonly Piece[],
  cells: readonly Piece[],
  numbers: Int16Array,
): HeyawakePuzzle {
  const regions = regionsOf(
    { rows, cols },
    () => true,
    (a, b) => map[a]!.text === map[b]!.text,
  )
  const clues = new Int16Array(regions.count).fill(NO_CLUE)
  for (const [cell, number] of numbers.entries()) {
    const room = regions.of[cell]!
    if (number === NO_CLUE) continue
    if (clues[room] !== NO_CLUE)
      throw errorIn(
        cells[cell]!,
        0,
        `a second number in the room of ${placeText({ cols }, cell)}: expected one`,
      )
    clues[room] = number
  }
  return { kind: 'heyawake', rows, cols, rooms: regions.of, clues }
}
