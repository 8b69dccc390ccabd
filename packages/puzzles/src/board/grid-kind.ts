/** Makes a `Kind` of what is special to one pencil genre: its clues, its rules, its picture. */

import type { DrawSvgOptions, DrawTextOptions, Kind, Violation } from '../kind.ts'
import { type AnswerAlphabet, answerToLine, readAnswer } from '../notation/answer.ts'
import { exactlyOne } from '../notation/exactly-one.ts'
import { type GridNotation, GridReader } from '../notation/grid-reader.ts'
import { type GridAnswer, type GridPuzzle, TOKENS, tokenIndex, toTokens, UNDECIDED } from './board.ts'

/** One pencil genre. */
export interface GridGenre<P extends GridPuzzle> extends Omit<GridNotation<P>, 'readSolution'> {
  readonly answers: AnswerAlphabet<P>
  /** BODY of the puzzle's URL, spelled as pzpr itself spells it. */
  writeBody(puzzle: P): string
  /** Rows of cells as `readGrid` takes them, one row a line. */
  writeGrid(puzzle: P): string
  /** The input token of a cell. Throws `ClueWithoutTokenError`. */
  token(puzzle: P, cell: number): number
  /** Every rule broken already, whatever the undecided cells become; exact once nothing is undecided. */
  broken(puzzle: P, answer: GridAnswer): Violation[]
  /** The fast way to yes or no, for complete answers only. */
  isSolved(puzzle: P, answer: GridAnswer): boolean
  drawText(puzzle: P, answer: GridAnswer | undefined, options: DrawTextOptions): string
  drawSvg(puzzle: P, answer: GridAnswer | undefined, options: DrawSvgOptions): string
}

/** The kind of a genre, over boards of any size; as tokens, boards of up to 10x10 at the top left of L = 100. */
export function gridKind<P extends GridPuzzle>(genre: GridGenre<P>): Kind<P, GridAnswer> {
  const { wantsAnswer } = genre.answers
  const notation: GridNotation<P> = {
    ...genre,
    readSolution: (puzzle, solution) => readAnswer(genre.answers, puzzle, solution),
  }
  const reader = (source?: string) => new GridReader(notation, source)
  const isComplete = (puzzle: P, answer: GridAnswer) => undecidedCells(genre, puzzle, answer).length === 0
  const isSolved = (puzzle: P, answer: GridAnswer) =>
    isComplete(puzzle, answer) && genre.isSolved(puzzle, answer)
  return {
    name: genre.name,
    urlNames: genre.urlNames,
    cells: TOKENS,
    parse: (text, source) => exactlyOne(reader(source), text, source),
    reader,
    parseAnswer: (puzzle, text, source) =>
      readAnswer(genre.answers, puzzle, { text, where: { source, line: 1, column: 1 } }),
    size: ({ rows, cols }) => ({ rows, cols }),
    encode: (puzzle) => toTokens(puzzle, (cell) => genre.token(puzzle, cell)),
    decode: (puzzle, tokens) => decode(puzzle, tokens, wantsAnswer),
    encodeAnswer: (puzzle, answer) => toTokens(puzzle, (cell) => answer[cell]!),
    canonical: (puzzle, tokens) => {
      const answer = decode(puzzle, tokens, wantsAnswer)
      return toTokens(puzzle, (cell) => answer[cell]!)
    },
    verify: (puzzle, answer) => {
      const missing = undecidedCells(genre, puzzle, answer)
      if (missing.length === 0 && genre.isSolved(puzzle, answer)) return []
      const broken = genre.broken(puzzle, answer)
      return missing.length > 0 ? [{ rule: 'cell is undecided', cells: missing }, ...broken] : broken
    },
    isSolved,
    partial: genre.broken,
    contradictions: (puzzle) => genre.broken(puzzle, new Uint8Array(puzzle.rows * puzzle.cols)),
    isComplete,
    toText: (puzzle, answer, options = {}) => genre.drawText(puzzle, answer, options),
    toSvg: (puzzle, answer, options = {}) => genre.drawSvg(puzzle, answer, options),
    toGrid: (puzzle) => `${genre.name}\n${genre.writeGrid(puzzle)}`,
    toUrl: (puzzle) =>
      `https://puzz.link/p?${genre.urlNames[0]}/${puzzle.cols}/${puzzle.rows}/${genre.writeBody(puzzle)}`,
    answerToLine: (puzzle, answer) => answerToLine(genre.answers, puzzle, answer),
  }
}

function decode<P extends GridPuzzle>(
  puzzle: P,
  tokens: Uint8Array,
  wantsAnswer: (puzzle: P, cell: number) => boolean,
): GridAnswer {
  const answer = new Uint8Array(puzzle.rows * puzzle.cols)
  for (let cell = 0; cell < answer.length; cell++)
    if (wantsAnswer(puzzle, cell)) answer[cell] = tokens[tokenIndex(puzzle, cell)]!
  return answer
}

/** Cells that want an answer and have none, or one that the kind does not know. */
function undecidedCells<P extends GridPuzzle>(
  { answers }: GridGenre<P>,
  puzzle: P,
  answer: GridAnswer,
): number[] {
  const cells: number[] = []
  const most = answers.characters.length
  for (let cell = 0; cell < puzzle.rows * puzzle.cols; cell++) {
    const value = answer[cell] ?? UNDECIDED
    if ((value === UNDECIDED || value > most) && answers.wantsAnswer(puzzle, cell)) cells.push(cell)
  }
  return cells
}
