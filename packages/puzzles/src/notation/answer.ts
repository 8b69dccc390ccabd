/** Answers of pencil kinds as text: rows joined by `/`, one character a cell. */

import { type GridAnswer, type GridPuzzle, UNDECIDED } from '../board/board.ts'
import { placeText } from '../board/place.ts'
import { cut, errorIn, type Piece, quoteCharacter } from './piece.ts'

/** How a kind spells answers. */
export interface AnswerAlphabet<P extends GridPuzzle> {
  /** What is written for answer token 1, 2, ... */
  readonly characters: readonly string[]
  /** Other spellings that are read, with their tokens. */
  readonly alsoRead?: Readonly<Record<string, number>> | undefined
  /** Whether the cell has something to decide. */
  readonly wantsAnswer: (puzzle: P, cell: number) => boolean
}

/** Written where a cell has nothing to decide. */
const NOTHING = '-'
const UNDECIDED_CHARACTER = '?'
/** Read where a cell has nothing to decide: it must not look like an answer. */
const NOTHING_SPELLINGS = '-?.0_'

export function answerToLine<P extends GridPuzzle>(
  alphabet: AnswerAlphabet<P>,
  puzzle: P,
  answer: GridAnswer,
): string {
  let line = ''
  for (let cell = 0; cell < answer.length; cell++) {
    if (cell > 0 && cell % puzzle.cols === 0) line += '/'
    if (!alphabet.wantsAnswer(puzzle, cell)) line += NOTHING
    else line += answer[cell] === UNDECIDED ? UNDECIDED_CHARACTER : alphabet.characters[answer[cell]! - 1]
  }
  return line
}

/**
 * Reads an answer: rows parted by `/` or line breaks, or all cells in one run; blanks between cells are passed over.
 * Throws `PuzzleParseError` that points at the character.
 */
export function readAnswer<P extends GridPuzzle>(
  alphabet: AnswerAlphabet<P>,
  puzzle: P,
  text: Piece,
): GridAnswer {
  const { rows, cols } = puzzle
  const lines = rowsOf(text).filter((row) => row.text !== '')
  const isOneRun = lines.length === 1 && rows > 1
  if (!isOneRun && lines.length !== rows)
    throw errorIn(text, 0, `expected an answer of ${rows} rows, found ${lines.length}`)
  const answer = new Uint8Array(rows * cols)
  for (const [row, line] of lines.entries())
    readRow(alphabet, puzzle, line, answer, row * cols, isOneRun ? rows * cols : cols)
  return answer
}

function readRow<P extends GridPuzzle>(
  alphabet: AnswerAlphabet<P>,
  puzzle: P,
  line: Piece,
  answer: GridAnswer,
  first: number,
  wanted: number,
): void {
  let count = 0
  for (let offset = 0; offset < line.text.length; offset++) {
    const character = line.text[offset]!
    if (/[\s|,]/.test(character)) continue
    if (count === wanted) throw errorIn(line, offset, `expected ${wanted} cells, found more`)
    answer[first + count] = readCell(alphabet, puzzle, first + count, line, offset)
    count++
  }
  if (count < wanted) throw errorIn(line, line.text.length, `expected ${wanted} cells, found ${count}`)
}

function readCell<P extends GridPuzzle>(
  alphabet: AnswerAlphabet<P>,
  puzzle: P,
  cell: number,
  line: Piece,
  offset: number,
): number {
  const character = line.text[offset]!
  const found = quoteCharacter(line.text, offset)
  if (!alphabet.wantsAnswer(puzzle, cell)) {
    if (NOTHING_SPELLINGS.includes(character)) return UNDECIDED
    throw errorIn(
      line,
      offset,
      `${placeText(puzzle, cell)} holds a wall or clue: expected '${NOTHING}', found ${found}`,
    )
  }
  if (character === UNDECIDED_CHARACTER) return UNDECIDED
  const written = alphabet.characters.indexOf(character)
  const token = written >= 0 ? written + 1 : alphabet.alsoRead?.[character]
  if (token !== undefined) return token
  const spellings = [...alphabet.characters, UNDECIDED_CHARACTER].map((c) => `'${c}'`).join(', ')
  throw errorIn(line, offset, `unexpected ${found}; expected one of ${spellings}`)
}

function rowsOf(text: Piece): Piece[] {
  const rows: Piece[] = []
  let { line, column } = text.where
  for (const part of text.text.split(/(\r\n|\n|\r|\/)/)) {
    const isBreak = /^(?:\r\n|\n|\r|\/)$/.test(part)
    if (!isBreak) rows.push(cut({ text: part, where: { ...text.where, line, column } }))
    column += part.length
    if (isBreak && part !== '/') {
      line += 1
      column = 1
    }
  }
  return rows
}
