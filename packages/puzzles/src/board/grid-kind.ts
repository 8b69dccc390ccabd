/** Makes a `Kind` of what is special to one pencil genre: its clues, its rules, its face. */

import type { Editing, Kind, TokenBoard, Violation } from '../kind.ts'
import { type AnswerAlphabet, answerToLine, readAnswer } from '../notation/answer.ts'
import { attempt } from '../notation/attempt.ts'
import { FreeGrids } from '../notation/grid.ts'
import type { Notation } from '../notation/notation.ts'
import type { Piece } from '../notation/piece.ts'
import { readerOf } from '../notation/reader.ts'
import { type GridForm, joinCells } from '../notation/row-cells.ts'
import { onePuzzle } from '../notation/whole-text.ts'
import type { CellFace, Picture } from '../picture/picture.ts'
import { drawSvg } from '../picture/svg.ts'
import { drawText } from '../picture/terminal.ts'
import { type GridAnswer, type GridPuzzle, type GridSize, MAX_SIDE, UNDECIDED, USUAL_SIZE } from './board.ts'

/** How a genre's cells are written by hand. */
export interface GridEditing<P extends GridPuzzle> extends Pick<Editing<P>, 'hint' | 'choices' | 'moves'> {
  /** The text grid's cell without a clue; `.` unless told. */
  readonly blank?: string | undefined
  /** Where they are other than the text grid's cell, and a change of that cell alone. */
  readonly textOf?: Editing<P>['textOf'] | undefined
  readonly write?: Editing<P>['write'] | undefined
}

/** One pencil genre. */
export interface GridGenre<P extends GridPuzzle>
  extends Pick<Notation<P, GridAnswer>, 'name' | 'urlNames' | 'readBody' | 'cellsAreWords' | 'saved'>,
    Pick<Kind<P, GridAnswer>, 'title' | 'examples'> {
  readonly answers: AnswerAlphabet<P>
  /** How many tokens there are, those of answers and the 0 outside a board among them. */
  readonly tokens: number
  /** BODY of the puzzle's URL, spelled as pzpr itself spells it. */
  writeBody(puzzle: P): string
  /** Reads rows of cells, of equal length. */
  readGrid(rows: readonly (readonly Piece[])[]): P
  /** A field of a table as a cell of the text grid, where tables spell it otherwise. */
  readonly field?: ((text: string) => string) | undefined
  /** A cell of the text grid, as `readGrid` takes it. */
  cellText(puzzle: P, cell: number): string
  /** The input token of a cell. Throws `ClueWithoutTokenError`. */
  token(puzzle: P, cell: number): number
  /** Every rule broken already, whatever the undecided cells become; exact once nothing is undecided. */
  broken(puzzle: P, answer: GridAnswer): Violation[]
  /** The fast way to yes or no, for complete answers only. */
  isSolved(puzzle: P, answer: GridAnswer): boolean
  /** What each cell shows. */
  faces(puzzle: P, answer: GridAnswer | undefined): (cell: number) => CellFace
  /** Whether the line between two neighbours is thick. */
  isHeavy?(puzzle: P, cell: number, other: number): boolean
  readonly editing: GridEditing<P>
}

/** The kind of a genre, over boards of any size. */
export function gridKind<P extends GridPuzzle>(genre: GridGenre<P>): Kind<P, GridAnswer> {
  const { wantsAnswer } = genre.answers
  const form: GridForm<P> = {
    read: genre.readGrid,
    // A cell that is in some room always is never empty.
    blank: genre.cellsAreWords ? undefined : (genre.editing.blank ?? '.'),
    field: genre.field,
    cellsAreWords: genre.cellsAreWords ?? false,
    wanted: `a puzzle URL, rows of cells of a ${genre.title} board, CSV, JSON, or a file of another program`,
  }
  const notation: Notation<P, GridAnswer> = {
    name: genre.name,
    urlNames: genre.urlNames,
    title: genre.title,
    cellsAreWords: genre.cellsAreWords,
    readBody: genre.readBody,
    grids: () => new FreeGrids(form),
    wanted: form.wanted,
    readSolution: (puzzle, solution) => readAnswer(genre.answers, puzzle, solution),
    saved: genre.saved,
  }
  const reader = (source?: string) => readerOf(notation, source)
  const isComplete = (puzzle: P, answer: GridAnswer) => undecidedCells(genre, puzzle, answer).length === 0
  const isSolved = (puzzle: P, answer: GridAnswer) =>
    isComplete(puzzle, answer) && genre.isSolved(puzzle, answer)
  const toPicture = (puzzle: P, answer?: GridAnswer) => pictureOf(genre, puzzle, answer)
  return {
    name: genre.name,
    title: genre.title,
    examples: genre.examples,
    urlNames: genre.urlNames,
    notation,
    vocabulary: { size: genre.tokens, answers: genre.answers.characters.map((_, i) => i + 1) },
    parse: (text, source) => onePuzzle(reader(source), text, source),
    reader,
    parseAnswer: (puzzle, text, source) =>
      readAnswer(genre.answers, puzzle, { text, where: { source, line: 1, column: 1 } }),
    size: ({ rows, cols }) => ({ rows, cols }),
    encode: (puzzle) => encode(genre, puzzle),
    // Answers are the tokens of the cells that want one.
    decode: (puzzle, tokens) => answersAmong(puzzle, tokens, wantsAnswer),
    encodeAnswer: (_puzzle, answer) => answer.slice(),
    canonical: (puzzle, tokens) => answersAmong(puzzle, tokens, wantsAnswer),
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
    toPicture,
    toText: (puzzle, answer, options) => drawText(toPicture(puzzle, answer), options),
    toSvg: (puzzle, answer, options) =>
      drawSvg(toPicture(puzzle, answer), { ...options, title: options?.title ?? genre.title }),
    toGrid: (puzzle) => `${genre.name}\n${joinCells(puzzle.cols, cellTexts(genre, puzzle))}`,
    toUrl: (puzzle) =>
      `https://puzz.link/p?${genre.urlNames[0]}/${puzzle.cols}/${puzzle.rows}/${genre.writeBody(puzzle)}`,
    answerToLine: (puzzle, answer) => answerToLine(genre.answers, puzzle, answer),
    editing: editingOf(genre),
  }
}

function encode<P extends GridPuzzle>(genre: GridGenre<P>, puzzle: P): TokenBoard {
  const { rows, cols } = puzzle
  const tokens = Uint8Array.from({ length: rows * cols }, (_, cell) => genre.token(puzzle, cell))
  return { rows, columns: cols, tokens }
}

/** Shape [rows * cols]: the tokens of cells that want an answer, 0 elsewhere. */
function answersAmong<P extends GridPuzzle>(
  puzzle: P,
  tokens: Uint8Array,
  wantsAnswer: (puzzle: P, cell: number) => boolean,
): GridAnswer {
  const answer = new Uint8Array(puzzle.rows * puzzle.cols)
  for (let cell = 0; cell < answer.length; cell++) if (wantsAnswer(puzzle, cell)) answer[cell] = tokens[cell]!
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

function pictureOf<P extends GridPuzzle>(
  genre: GridGenre<P>,
  puzzle: P,
  answer: GridAnswer | undefined,
): Picture {
  const { rows, cols } = puzzle
  const face = genre.faces(puzzle, answer)
  return {
    kind: genre.name,
    filledWith: 'shapes',
    rows,
    cols,
    cells: Array.from({ length: rows * cols }, (_, cell) => face(cell)),
    isHeavy: genre.isHeavy && ((cell, other) => genre.isHeavy!(puzzle, cell, other)),
  }
}

function cellTexts<P extends GridPuzzle>(genre: GridGenre<P>, puzzle: P): string[] {
  return Array.from({ length: puzzle.rows * puzzle.cols }, (_, cell) => genre.cellText(puzzle, cell))
}

function editingOf<P extends GridPuzzle>(genre: GridGenre<P>): Editing<P> {
  const { hint, choices, moves, blank = '.', textOf = genre.cellText, write } = genre.editing
  const writeCell = (puzzle: P, cell: number, text: string) =>
    readCells(genre, puzzle, cellTexts(genre, puzzle).with(cell, text || blank))
  return {
    hint,
    choices,
    ...(moves && { moves }),
    empty: ({ rows, cols } = USUAL_SIZE) => {
      const fits = [rows, cols].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE)
      if (!fits)
        throw new RangeError(
          `${genre.title} has boards of 1x1 to ${MAX_SIDE}x${MAX_SIDE}, not ${rows}x${cols}`,
        )
      return readCells(genre, { rows, cols }, Array(rows * cols).fill(blank))!
    },
    textOf,
    write: write ?? writeCell,
  }
}

/** The puzzle of these cells of a text grid; undefined where the genre can't read them. */
export function readCells<P extends GridPuzzle>(
  { readGrid }: Pick<GridGenre<P>, 'readGrid'>,
  { rows, cols }: GridSize,
  texts: readonly string[],
): P | undefined {
  const piece = (row: number, col: number) => ({
    text: texts[row * cols + col]!,
    where: { line: row + 1, column: col + 1 },
  })
  const grid = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: cols }, (_, col) => piece(row, col)),
  )
  const found = attempt(() => readGrid(grid))
  return 'error' in found ? undefined : found
}
