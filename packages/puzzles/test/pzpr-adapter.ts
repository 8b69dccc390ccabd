/** How a kind is said in pzpr: what there is of pzpr's boards, and what each kind tells of itself. */
import { type GridSize, NO_CLUE, UNKNOWN_CLUE } from '../src/board/board.ts'

/** A cell, as far as it is used here. Numbers: -1 none, -2 `?`. */
export interface PzprCell {
  readonly qnum: number
  /** Tapa's clue, -2 for `?`. */
  readonly qnums?: readonly number[]
  /** An answer that is not a number: 1 = shaded or bulb; Shakashaka's triangles 2-5. */
  qans: number
  /** An answer that is a number. */
  anum: number
  /** Tapa: lengths of the runs of shaded cells around; `[0]` where there are none. */
  getShadedLength?(): number[]
}

export interface PzprRoom {
  readonly clist: { readonly [index: number]: { readonly id: number }; readonly length: number }
  readonly top: PzprCell
}

/** Something that a board keeps about its cells, such as which shaded ones are connected. */
export interface Info {
  /** What it depends on: `cell.qans`. */
  readonly relation: Readonly<Record<string, unknown>>
  rebuild(): void
}

export interface Board {
  readonly cols: number
  readonly rows: number
  readonly cell: { readonly [index: number]: PzprCell; readonly length: number }
  readonly roommgr: { readonly components: readonly PzprRoom[] }
  readonly infolist: readonly Info[]
  rebuildInfo(): void
}

export interface Checker {
  checkAllCell(isWrong: (cell: PzprCell) => boolean, code: string): void
  checkCountOfClueCell(): void
  makeCheckList(): void
  resetCache(): void
}

/** How a kind's answers, rules and puzzles are said in pzpr. */
export interface Adapter<P> {
  /** Writes one answer token, which is never 0, into a cell that wants an answer. */
  readonly put: (cell: PzprCell, token: number) => void
  /** Which of pzpr's codes says what our rule says. */
  readonly codes: readonly (readonly [rule: RegExp, code: string])[]
  /** Codes on which the two need not agree where pzpr gives another one: code -> the other one. */
  readonly unsettled?: Readonly<Record<string, string>>
  /** No rule asks for a shaded cell: pzpr is told not to refuse boards without one as untouched. */
  readonly allowsEmpty?: boolean
  /** Names in URLs that this version of pzpr does not know yet. */
  readonly newerNames?: readonly string[]
  /** The puzzle that pzpr read, as the kind's own data. */
  readonly puzzle: (board: Board, size: GridSize) => P
  /** The puzzle as far as pzpr keeps it. Without it, it keeps all. */
  readonly kept?: (puzzle: P) => P
  /** A URL's part behind the `?`, alike for spellings between which pzpr chooses otherwise. */
  readonly spelling?: (query: string) => string
  /** Mends a rule that pzpr has wrong. */
  readonly repair?: (checker: Checker) => void
}

/** A number of pzpr in the kinds' words. */
export const clueOf = (qnum: number): number => (qnum === -1 ? NO_CLUE : qnum === -2 ? UNKNOWN_CLUE : qnum)

export function cellsOf({ cell }: Board): PzprCell[] {
  return Array.from({ length: cell.length }, (_, i) => cell[i]!)
}

export const clueCells = (board: Board): number[] => cellsOf(board).map(({ qnum }) => clueOf(qnum))

export const putShading = (cell: PzprCell, token: number): void => {
  cell.qans = token === 2 ? 1 : 0
}
