/** Tells sentences from rows of names, where cells are words. */

import { cut, type Piece } from './piece.ts'
import { LETTER_CELL } from './row-cells.ts'
import { wordsOf } from './rows.ts'

interface Line {
  readonly piece: Piece
}

/** Nothing parts the cells. */
const UNPARTED = /^(?:[a-z](?:\d*|\?)'?_?){2,}$/i
/** The letters of a cell that is a word. */
const LETTERS = /[a-z]+/gi
/** Letters; a longer name is a word of a sentence, unless several cells have it. */
const LONGEST_NAME = 3

/**
 * Finds the sentences among rows of names: a line with a long word that stands there once; one that stands alone, or all
 * that have no blanks, with names in no order and no number.
 */
export function sentencesAmong(
  lines: readonly Line[],
  isBoardOf: (rows: readonly (readonly Piece[])[]) => boolean,
): (line: Line) => boolean {
  const counts = new Map<string, number>()
  const namesOf = ({ piece }: Line) => piece.text.match(LETTERS) ?? []
  // A sentence may stand there twice.
  const different = new Map(lines.map((line) => [line.piece.text.trim(), line]))
  for (const name of [...different.values()].flatMap(namesOf)) counts.set(name, (counts.get(name) ?? 0) + 1)
  // Nothing parts the cells of such a row: each letter is a name, and what follows it is its room's.
  const isUnparted = ({ piece }: Line) => UNPARTED.test(piece.text.trim())
  const unparted = lines.filter(isUnparted).map((line) => line.piece)
  // A `?` or a dead end belongs to the letter in front of it.
  const words = unparted.map(({ text }) => text.replaceAll(/[^a-z]/gi, ''))
  const isBoard =
    unparted.some(({ text }) => /\d/.test(text)) ||
    areInOrder([...words.join('')]) ||
    (areWoven(words) && isBoardOf(unparted.map((piece) => wordsOf(cut(piece), LETTER_CELL))))
  return (line) => {
    if (isUnparted(line)) return !isBoard
    const names = namesOf(line)
    if (names.some((name) => name.length > LONGEST_NAME && counts.get(name) === 1)) return true
    return lines.length === 1 && /^[a-z\s]*$/i.test(line.piece.text) && !areInOrder(names)
  }
}

/** Whether words of one length repeat their letters as the rooms of a board do: with three cells a room, or more. */
function areWoven(words: readonly string[]): boolean {
  // A word may stand there several times.
  const different = [...new Set(words)]
  const letters = different.join('')
  const isEven = different.length > 1 && different.every(({ length }) => length === words[0]!.length)
  return isEven && new Set(letters).size * 3 <= letters.length
}

/** Rooms are named from `a` on. */
function areInOrder(names: readonly string[]): boolean {
  const inOrder = [...new Set(names.map((name) => name.toLowerCase()))]
  return inOrder.every((name, i) => i >= 26 || name === String.fromCharCode(97 + i))
}
