/** Properties of all kinds, on random puzzles of any size: round trips, symmetries, soundness of partial checks. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankAnswer, openCells, puzzlesOf, tokensOf } from '../test/boards.ts'
import { throwsOnlyParseErrors } from '../test/parse-errors.ts'
import { samplesOf } from '../test/samples.ts'
import { SYMMETRIES, Transformed } from '../test/symmetry.ts'
import { ClueWithoutTokenError } from './errors.ts'
import type { AnyKind } from './kind.ts'
import { AnyReader } from './notation/any-reader.ts'
import { itemsOf } from './notation/whole-text.ts'
import { kinds } from './registry.ts'

const PATIENCE = { timeout: 120_000 }

/** A puzzle and an answer with each open cell drawn from `tokens`. */
function filled(kind: AnyKind, puzzles: fc.Arbitrary<unknown>, tokens: readonly number[]) {
  return puzzles.chain((puzzle) => {
    const open = openCells(kind, puzzle)
    return fc
      .array(fc.constantFrom(...tokens), { minLength: open.length, maxLength: open.length, size: 'max' })
      .map((values) => {
        const answer = blankAnswer(kind, puzzle)
        for (const [i, cell] of open.entries()) answer[cell] = values[i]!
        return { puzzle, answer }
      })
  })
}

/** Rules broken, as a sorted list. A Sudoku's rows, which turns make columns, are not told apart. */
function rulesOf(violations: readonly { readonly rule: string }[]): string[] {
  return violations.map(({ rule }) => rule.replace(/(row|column|box).*/, 'unit')).toSorted()
}

describe.each([...kinds.values()])('$name', (kind) => {
  const samples = samplesOf(kind)
  const tokens = tokensOf(kind)
  const sample = fc.constantFrom(...samples)

  it('writes random puzzles of any size so that they are read again', PATIENCE, () => {
    fc.assert(
      fc.property(filled(kind, puzzlesOf(kind), [0, ...tokens]), ({ puzzle, answer }) => {
        expect(kind.parse(kind.toUrl(puzzle))).toEqual(puzzle)
        expect(kind.parse(kind.toGrid(puzzle))).toEqual(puzzle)
        expect(structuredClone(puzzle)).toEqual(puzzle)
        expect(kind.parseAnswer(puzzle, kind.answerToLine(puzzle, answer))).toEqual(answer)
      }),
      { seed: 11, numRuns: 150 },
    )
  })

  it('writes random puzzles of any size as tokens, or names the clue that has none', PATIENCE, () => {
    let encoded = 0
    fc.assert(
      fc.property(filled(kind, puzzlesOf(kind), [0, ...tokens]), ({ puzzle, answer }) => {
        const { rows, cols } = kind.size(puzzle)
        try {
          const board = kind.encode(puzzle)
          expect([board.rows, board.columns, board.tokens.length]).toEqual([rows, cols, rows * cols])
          expect(board.tokens.every((token) => token < kind.vocabulary.size)).toBe(true)
          encoded++
        } catch (error) {
          if (!(error instanceof ClueWithoutTokenError)) throw error
        }
        const said = kind.encodeAnswer(puzzle, answer)
        expect(said).toHaveLength(rows * cols)
        expect(kind.decode(puzzle, said)).toEqual(answer)
        const canonical = kind.canonical(puzzle, said)
        expect(kind.decode(puzzle, canonical)).toEqual(answer)
        expect(kind.canonical(puzzle, canonical)).toEqual(canonical)
      }),
      { seed: 17, numRuns: 150 },
    )
    expect(encoded).toBeGreaterThan(10)
  })

  it('throws nothing but PuzzleParseError at damaged puzzles and answers', PATIENCE, () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.string({ maxLength: 3 })), {
      minLength: 1,
      maxLength: 6,
    })
    const damage = (text: string, list: readonly (readonly [number, number, string])[]) =>
      list.reduce((damaged, [place, removed, put]) => {
        const at = place % (damaged.length + 1)
        return damaged.slice(0, at) + put + damaged.slice(at + removed)
      }, text)
    fc.assert(
      fc.property(filled(kind, puzzlesOf(kind), tokens), edits, ({ puzzle, answer }, list) => {
        for (const text of [kind.toUrl(puzzle), kind.toGrid(puzzle)].map((whole) => damage(whole, list))) {
          throwsOnlyParseErrors(() => kind.parse(text))
          Array.from(itemsOf(new AnyReader(undefined, kind.name), text))
        }
        throwsOnlyParseErrors(() => kind.parseAnswer(puzzle, damage(kind.answerToLine(puzzle, answer), list)))
      }),
      { seed: 12, numRuns: 300 },
    )
  })

  it('judges a board alike however it is turned or mirrored', PATIENCE, () => {
    const damaged = fc.record({
      sample,
      changes: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, ...tokens)), { maxLength: 6 }),
    })
    const boards = fc.oneof(
      damaged.map(({ sample: { puzzle, solution }, changes }) => {
        const open = openCells(kind, puzzle)
        const answer = (solution as Uint8Array).slice()
        for (const [place, token] of changes) answer[open[place % open.length]!] = token
        return { puzzle, answer }
      }),
      filled(kind, puzzlesOf(kind, 8), [0, 0, ...tokens]),
    )
    let solved = 0
    fc.assert(
      fc.property(boards, ({ puzzle, answer }) => {
        const verdict = rulesOf(kind.verify(puzzle, answer))
        const early = rulesOf(kind.partial(puzzle, answer))
        if (verdict.length === 0) solved++
        for (const symmetry of SYMMETRIES) {
          const turned = new Transformed(kind, puzzle, symmetry)
          const turnedAnswer = turned.answer(answer)
          expect(rulesOf(kind.verify(turned.puzzle, turnedAnswer)), symmetry.name).toEqual(verdict)
          expect(rulesOf(kind.partial(turned.puzzle, turnedAnswer)), symmetry.name).toEqual(early)
          expect(kind.isSolved(turned.puzzle, turnedAnswer)).toBe(verdict.length === 0)
          expect(kind.parse(kind.toUrl(turned.puzzle))).toEqual(turned.puzzle)
        }
      }),
      { seed: 13, numRuns: 200 },
    )
    expect(solved).toBeGreaterThan(0)
  })

  it('finds nothing broken in any part of a solution', PATIENCE, () => {
    const parts = fc.record({
      sample,
      share: fc.integer({ min: 0, max: 100 }),
      draws: fc.array(fc.nat(99), { minLength: 100, maxLength: 100, size: 'max' }),
    })
    fc.assert(
      fc.property(parts, ({ sample: { puzzle, solution }, share, draws }) => {
        const answer = (solution as Uint8Array).map((token, cell) => (draws[cell]! < share ? token : 0))
        expect(kind.partial(puzzle, answer)).toEqual([])
      }),
      { seed: 14, numRuns: 500 },
    )
  })

  it('judges a complete board in part as it does in whole', PATIENCE, () => {
    fc.assert(
      fc.property(filled(kind, puzzlesOf(kind, 10), tokens), ({ puzzle, answer }) => {
        const whole = kind.verify(puzzle, answer)
        expect(rulesOf(kind.partial(puzzle, answer))).toEqual(rulesOf(whole))
        expect(kind.isSolved(puzzle, answer)).toBe(whole.length === 0)
      }),
      { seed: 15, numRuns: 300 },
    )
  })
})

/** How many partly filled boards a tiny puzzle may have. */
const MOST_BOARDS = 50_000
/** Puzzles with fewer cells to decide show too little. */
const FEWEST_CELLS = 4
const PUZZLES = 25

/** All partly filled boards of a puzzle, by number: the tokens of its open cells are the digits. */
class Boards {
  readonly count: number
  readonly answer: Uint8Array
  readonly #open: readonly number[]
  readonly #base: number

  constructor(kind: AnyKind, puzzle: unknown) {
    this.#open = openCells(kind, puzzle)
    this.#base = tokensOf(kind).length + 1
    this.count = this.#base ** this.#open.length
    this.answer = blankAnswer(kind, puzzle)
  }

  /** Sets `answer` to a board. Returns what to add to its number for each token in its last undecided cell, or 0. */
  set(board: number): number {
    let step = 0
    for (let i = 0, place = 1; i < this.#open.length; i++, place *= this.#base) {
      const token = Math.floor(board / place) % this.#base
      this.answer[this.#open[i]!] = token
      if (token === 0) step = place
    }
    return step
  }
}

/** Shape [boards]: 1 where some filling of the undecided cells solves the puzzle. Undefined if there are too many. */
function solvableBoards(kind: AnyKind, puzzle: unknown): Uint8Array | undefined {
  const boards = new Boards(kind, puzzle)
  if (boards.count > MOST_BOARDS) return undefined
  const solvable = new Uint8Array(boards.count)
  // Boards with one cell more filled have greater numbers.
  for (let board = boards.count - 1; board >= 0; board--) {
    const step = boards.set(board)
    const can =
      step > 0
        ? tokensOf(kind).some((token) => solvable[board + token * step] === 1)
        : kind.isSolved(puzzle, boards.answer)
    solvable[board] = Number(can)
  }
  return solvable
}

// Boards of one size are not tiny.
const kindsOfAnySize = [...kinds.values()].filter(({ notation }) => !notation.size)

describe.each(kindsOfAnySize)('$name, on every partly filled board of tiny puzzles', (kind) => {
  it('calls nothing broken that can still be solved', PATIENCE, () => {
    let [puzzles, found] = [0, 0]
    for (const puzzle of fc.sample(puzzlesOf(kind, 3), { seed: 16, numRuns: 2000 })) {
      if (openCells(kind, puzzle).length < FEWEST_CELLS) continue
      const solvable = solvableBoards(kind, puzzle)
      // Where nothing can be solved, nothing can be called broken wrongly.
      if (!solvable?.[0]) continue
      const boards = new Boards(kind, puzzle)
      for (let board = 0; board < boards.count; board++) {
        const isComplete = boards.set(board) === 0
        const isBroken = kind.partial(puzzle, boards.answer).length > 0
        if (isBroken) found++
        if (isBroken && solvable[board] === 1) fail('can still be solved', puzzle, boards.answer)
        if (isComplete && isBroken === (solvable[board] === 1))
          fail('is judged otherwise whole', puzzle, boards.answer)
      }
      if (++puzzles === PUZZLES) break
    }
    expect(puzzles).toBe(PUZZLES)
    expect(found).toBeGreaterThan(1000)
  })

  const fail = (what: string, puzzle: unknown, answer: Uint8Array) =>
    expect.fail(`${kind.toUrl(puzzle)} with ${kind.answerToLine(puzzle, answer)} ${what}`)
})
