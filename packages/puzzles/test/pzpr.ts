/** The puzzle program pzpr as an independent judge of boards and reader of URLs, behind types and one adapter a kind. */
import { createRequire } from 'node:module'
import type { AnyKind } from '../src/kind.ts'
import type { Adapter, Board, Checker, Info } from './pzpr-adapter.ts'
import { supportOf } from './support.ts'

interface CheckResult {
  readonly complete: boolean
  readonly length: number
  readonly [index: number]: string
}

interface Puzzle {
  readonly pid: string
  readonly board: Board
  readonly checker: Checker
  open(url: string): void
  setConfig(name: string, value: boolean): void
  getURL(): string
  getFileData(format?: number, options?: { readonly history?: boolean; readonly trial?: boolean }): string
  enterTrial(): void
  check(withReasons: boolean): CheckResult
}

const pzpr: { readonly Puzzle: new () => Puzzle } = createRequire(import.meta.url)('pzpr')

/** Boards of one puzzle, judged by pzpr. */
export class PzprBoard {
  readonly #kind: AnyKind
  readonly #adapter: Adapter<unknown>
  readonly #puzzle = new pzpr.Puzzle()
  readonly #live: readonly Info[]

  /** `url` may also be a save. `asItComes`: without the repair of a rule, and with boards refused that look untouched. */
  constructor(kind: AnyKind, url: string, asItComes = false) {
    this.#kind = kind
    const adapter = supportOf(kind).pzpr
    if (!adapter) throw new Error(`pzpr does not know ${kind.name}`)
    this.#adapter = adapter
    this.#puzzle.open(url)
    this.#puzzle.setConfig('multierr', true)
    this.#puzzle.setConfig('allowempty', !asItComes && this.#adapter.allowsEmpty === true)
    if (!asItComes) this.#adapter.repair?.(this.#puzzle.checker)
    this.#live = this.#puzzle.board.infolist.filter(({ relation }) => 'cell.qans' in relation)
  }

  /** The puzzle that pzpr read, as our kind's data. */
  get puzzle(): object {
    const { board, pid } = this.#puzzle
    const puzzle = this.#adapter.puzzle(board, { rows: board.rows, cols: board.cols })
    return { ...(puzzle as object), kind: pid }
  }

  /** The puzzle's URL as pzpr writes it, from behind the `?`. */
  get query(): string {
    return this.#puzzle.getURL().replace(/^[^?]*\?/, '')
  }

  /**
   * The puzzle and these answer tokens (0: left open) as a save of pzpr: bare, with its history, or with the same answer
   * on trial as well.
   */
  save(answer: ArrayLike<number>, how: 'bare' | 'history' | 'trial'): string {
    this.#put(answer)
    if (how === 'trial') {
      this.#puzzle.enterTrial()
      this.#put(answer)
    }
    return this.#puzzle.getFileData(1, { history: how === 'history', trial: how === 'trial' })
  }

  #put(answer: ArrayLike<number>): void {
    const { board } = this.#puzzle
    for (let cell = 0; cell < board.cell.length; cell++)
      if (answer[cell]) this.#adapter.put(board.cell[cell]!, answer[cell]!)
  }

  /** pzpr's codes of all rules that a complete answer breaks; none = solved. */
  judge(answer: ArrayLike<number>): ReadonlySet<string> {
    const { board, checker } = this.#puzzle
    this.#put(answer)
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
