/** The puzzle program pzpr as an independent judge of boards and reader of URLs, behind types and one adapter a kind. */
import { createRequire } from 'node:module'
import type { AnyKind } from '../src/kind.ts'

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
interface Info {
  /** What it depends on: `cell.qans`. */
  readonly relation: Readonly<Record<string, unknown>>
  rebuild(): void
}

interface Board {
  readonly cols: number
  readonly rows: number
  readonly cell: { readonly [index: number]: PzprCell; readonly length: number }
  readonly roommgr: { readonly components: readonly PzprRoom[] }
  readonly infolist: readonly Info[]
  rebuildInfo(): void
}

interface CheckResult {
  readonly complete: boolean
  readonly length: number
  readonly [index: number]: string
}

interface Checker {
  checkAllCell(isWrong: (cell: PzprCell) => boolean, code: string): void
  checkCountOfClueCell(): void
  makeCheckList(): void
  resetCache(): void
}

interface Puzzle {
  readonly pid: string
  readonly board: Board
  readonly checker: Checker
  open(url: string): void
  setConfig(name: string, value: boolean): void
  getURL(): string
  check(withReasons: boolean): CheckResult
}

const pzpr: { readonly Puzzle: new () => Puzzle } = createRequire(import.meta.url)('pzpr')

/** How a kind's answers and rules are said in pzpr. */
interface Adapter {
  /** Writes one answer token, which is never 0, into a cell that wants an answer. */
  readonly put: (cell: PzprCell, token: number) => void
  /** Which of pzpr's codes says what our rule says. */
  readonly codes: readonly (readonly [rule: RegExp, code: string])[]
  /** Codes on which the two need not agree where pzpr gives another one: code -> the other one. */
  readonly unsettled?: Readonly<Record<string, string>> | undefined
  /** No rule asks for a shaded cell: pzpr is told not to refuse boards without one as untouched. */
  readonly allowsEmpty?: boolean | undefined
  /** The puzzle that pzpr read, as the kind's own data. */
  readonly puzzle: (board: Board) => object
}

/** Not a number's place, and `?`, in the kinds' words. */
const NO_CLUE = -2
const UNKNOWN_CLUE = -1

const clueOf = (qnum: number) => (qnum === -1 ? NO_CLUE : qnum === -2 ? UNKNOWN_CLUE : qnum)

function cellsOf({ cell }: Board): PzprCell[] {
  return Array.from({ length: cell.length }, (_, i) => cell[i]!)
}

const wallClues = (board: Board) => ({
  clues: Int8Array.from(cellsOf(board), ({ qnum }) => clueOf(qnum)),
})

/** pzpr's rooms, counted in the order of their first cells. */
function roomsOf(board: Board): { readonly rooms: Int16Array; readonly clues: Int16Array } {
  const components = board.roommgr.components
    .map(({ clist, top }) => ({
      cells: Array.from({ length: clist.length }, (_, i) => clist[i]!.id),
      clue: clueOf(top.qnum),
    }))
    .toSorted((a, b) => Math.min(...a.cells) - Math.min(...b.cells))
  const rooms = new Int16Array(board.cell.length)
  for (const [room, { cells }] of components.entries()) for (const cell of cells) rooms[cell] = room
  return { rooms, clues: Int16Array.from(components, ({ clue }) => clue) }
}

const putShading = (cell: PzprCell, token: number) => {
  cell.qans = token === 2 ? 1 : 0
}

const ADAPTERS: Readonly<Record<string, Adapter>> = {
  sudoku: {
    put: (cell, token) => {
      if (cell.qnum === -1) cell.anum = token
    },
    codes: [
      [/repeats in (?:row|column)/, 'nmDupRow'],
      [/repeats in/, 'bkDupNum'],
    ],
    puzzle: (board) => ({
      givens: Uint8Array.from(cellsOf(board), ({ qnum }) => Math.max(0, qnum)),
    }),
  },
  lightup: {
    put: putShading,
    codes: [
      [/^bulbs light each other$/, 'akariDup'],
      [/^(?:more|fewer) than \d bulbs/, 'nmAkariNe'],
      [/^cell is not lit$/, 'ceDark'],
    ],
    puzzle: wallClues,
  },
  shakashaka: {
    put: (cell, token) => {
      cell.qans = token === 1 ? 0 : token
    },
    codes: [
      [/^no triangle/, 'brNoTriangle'],
      [/^more than \d triangles/, 'nmTriangleGt'],
      [/^fewer than \d triangles/, 'nmTriangleLt'],
      [/^white area is not a rectangle$/, 'cuNotRectx'],
    ],
    puzzle: wallClues,
  },
  nurikabe: {
    put: putShading,
    codes: [
      [/^shaded cells form a 2x2 square$/, 'cs2x2'],
      [/^shaded cells are not connected$/, 'csDivide'],
      [/^island has no number$/, 'bkNoNum'],
      [/^island has more than one number$/, 'bkNumGe2'],
      [/^(?:more|fewer) than \d+ cells in the island/, 'bkSizeNe'],
    ],
    // Which size should an island with several numbers have? To pzpr, that of its first.
    unsettled: { bkSizeNe: 'bkNumGe2' },
    puzzle: (board) => ({ clues: Int16Array.from(cellsOf(board), ({ qnum }) => clueOf(qnum)) }),
  },
  heyawake: {
    put: putShading,
    codes: [
      [/^shaded cells touch$/, 'csAdjacent'],
      [/^unshaded cells are not connected$/, 'cuDivideRB'],
      [/^(?:more|fewer) than \d+ shaded cells in the room/, 'bkShadeNe'],
      [/^line of unshaded cells/, 'bkUnshadeConsecGt3'],
    ],
    allowsEmpty: true,
    puzzle: roomsOf,
  },
  tapa: {
    put: putShading,
    codes: [
      [/^no cell is shaded$/, 'brNoShade'],
      [/^shaded cells form a 2x2 square$/, 'cs2x2'],
      [/^shaded cells around do not match/, 'ceTapaNe'],
      [/^shaded cells are not connected$/, 'csDivide'],
    ],
    puzzle: (board) => ({ clues: cellsOf(board).map(({ qnums = [] }) => qnums.map(clueOf)) }),
  },
}

/** Boards of one puzzle, judged by pzpr. */
export class PzprBoard {
  readonly #kind: AnyKind
  readonly #adapter: Adapter
  readonly #puzzle = new pzpr.Puzzle()
  readonly #live: readonly Info[]

  /** `asItComes`: without the repair of Tapa's `?`, and with boards refused that look untouched. */
  constructor(kind: AnyKind, url: string, asItComes = false) {
    this.#kind = kind
    this.#adapter = ADAPTERS[kind.name]!
    this.#puzzle.open(url)
    this.#puzzle.setConfig('multierr', true)
    this.#puzzle.setConfig('allowempty', !asItComes && this.#adapter.allowsEmpty === true)
    if (kind.name === 'tapa' && !asItComes) repairTapa(this.#puzzle.checker)
    this.#live = this.#puzzle.board.infolist.filter(({ relation }) => 'cell.qans' in relation)
  }

  /** The puzzle that pzpr read, as our kind's data. */
  get puzzle(): object {
    const { board, pid } = this.#puzzle
    const size = this.#kind.name === 'sudoku' ? {} : { rows: board.rows, cols: board.cols }
    return { kind: pid, ...size, ...this.#adapter.puzzle(board) }
  }

  /** The puzzle's URL as pzpr writes it, from behind the `?`. */
  get query(): string {
    return this.#puzzle.getURL().replace(/^[^?]*\?/, '')
  }

  /** pzpr's codes of all rules that a complete answer breaks; none = solved. */
  judge(answer: ArrayLike<number>): ReadonlySet<string> {
    const { board, checker } = this.#puzzle
    for (let cell = 0; cell < board.cell.length; cell++)
      if (answer[cell] !== 0) this.#adapter.put(board.cell[cell]!, answer[cell]!)
    // All that an answer can change; Light Up keeps its light apart from the list.
    if (this.#live.length > 0) for (const info of this.#live) info.rebuild()
    else board.rebuildInfo()
    checker.resetCache()
    const result = this.#puzzle.check(true)
    if (result.complete !== (result.length === 0)) throw new Error('pzpr gives a wrong board no reason')
    return new Set(Array.from({ length: result.length }, (_, i) => result[i]!))
  }

  /** What our rules say about the answer, in pzpr's codes. */
  translate(puzzle: unknown, answer: unknown): ReadonlySet<string> {
    const codes = this.#kind.verify(puzzle, answer).map(({ rule }) => {
      const entry = this.#adapter.codes.find(([pattern]) => pattern.test(rule))
      if (!entry) throw new Error(`no pzpr code for the rule '${rule}' of ${this.#kind.name}`)
      return entry[1]
    })
    return new Set(codes)
  }

  /** What is wrong between two sets of codes, empty if they agree. */
  difference(ours: ReadonlySet<string>, theirs: ReadonlySet<string>): string[] {
    const { unsettled = {} } = this.#adapter
    const isSettled = (code: string) => !theirs.has(unsettled[code] ?? '')
    const missing = [...theirs].filter((code) => !ours.has(code) && isSettled(code))
    const surplus = [...ours].filter((code) => !theirs.has(code) && isSettled(code))
    return [...missing.map((code) => `pzpr alone: ${code}`), ...surplus.map((code) => `ours alone: ${code}`)]
  }
}

/**
 * pzpr 0.10.1 takes Tapa's `?` for the number -2, which no run has. By the genre's rules it is any number but 0.
 * (Later versions of pzpr fit a lone `?` to an empty ring, too.)
 */
function repairTapa(checker: Checker): void {
  checker.checkCountOfClueCell = () => {
    checker.checkAllCell((cell) => {
      const clue = cell.qnums ?? []
      if (clue.length === 0) return false
      // A `?` takes any run that no number needs.
      const left = cell.getShadedLength?.() ?? []
      for (const number of clue.filter((value) => value >= 0)) {
        const at = left.indexOf(number)
        if (at < 0) return true
        left.splice(at, 1)
      }
      return left.length !== clue.filter((value) => value < 0).length || left.includes(0)
    }, 'ceTapaNe')
  }
  checker.makeCheckList()
}
