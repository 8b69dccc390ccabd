/** What a kind tells of its spelling in files of other programs. A format that it leaves out is refused for the kind. */
import type { GridSize } from '../../board/board.ts'
import type { Piece } from '../piece.ts'

/** The lines of a board in a file, taken from its first to its last. */
export interface SavedBoard extends GridSize {
  /** The lines that nobody has taken. */
  readonly rest: readonly Piece[]
  /** The next line, trimmed. Throws where there is none; `what` says what was expected there. */
  line(what: string): Piece
  /** The words of the next rows, as many as the board has cells. Throws where a row has too many or too few. */
  cells(what?: string): Piece[]
}

/** How a kind's puzzles (`P`) and answers (`A`) stand in files. Whatever reads throws `PuzzleParseError`. */
export interface SavedForms<P, A> {
  readonly pzprv3?: Pzprv3Form<P> | undefined
  readonly janko?: JankoForm<P, A> | undefined
  readonly tatham?: TathamForm<P> | undefined
  /** For Sudoku programs: 81 cells, row by row, `.` or `0` for a blank one. */
  readonly digits?: ((cells: readonly Piece[]) => P) | undefined
}

/** A board in a save of pzpr. */
export interface Pzprv3Form<P> {
  /** Whether one number says how many rows and how many columns there are. */
  readonly isSquare?: boolean | undefined
  /** How many lines follow the size: the board's, and the answer's where it stands apart. */
  lines(size: GridSize): number
  /** Reads the board; the answer behind it is somebody's progress, and not read. */
  read(board: SavedBoard): P
}

/** A board in the text of janko.at. */
export interface JankoForm<P, A> {
  /** Whether the board has areas, such as rooms. */
  readonly hasAreas?: boolean | undefined
  /** Reads the board; `areas` where the text has them, of the same size. */
  read(problem: SavedBoard, areas: SavedBoard | undefined): P
  /** Reads a complete answer: one word a cell. */
  readSolution(puzzle: P, solution: SavedBoard): A
}

/** A game of Simon Tatham's collection. */
export interface TathamForm<P> {
  /** Whether an ID is of this game, as far as its description fits its parameters. */
  fits(parameters: string, description: string): boolean
  /** Reads an ID: what stands before its colon, and behind it. */
  read(parameters: Piece, description: Piece): P
}
