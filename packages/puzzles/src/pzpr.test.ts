/** All kinds against pzpr, the program behind puzz.link: the same verdict on every board, for the same reasons. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankAnswer, oddUrlsOf, openCells, puzzlesOf, tokensOf } from '../test/boards.ts'
import { PzprBoard } from '../test/pzpr.ts'
import { samplesOf } from '../test/samples.ts'
import { supportOf } from '../test/support.ts'
import type { AnyKind } from './kind.ts'
import { kindNamed, kinds } from './registry.ts'

const known = [...kinds.values()].filter((kind) => supportOf(kind).pzpr)
for (const kind of kinds.values()) if (!known.includes(kind)) it.skip(`pzpr does not know ${kind.name}`)

const PATIENCE = { timeout: 300_000 }

/** A tiny puzzle has no more answers: five cells with five tokens each, nine with two. */
const MOST_ANSWERS = 4000

/** Boards that both judged, and how many of them both call solved. */
const judged = { all: 0, solved: 0 }

/** One puzzle in both programs. */
class Pair {
  readonly kind: AnyKind
  readonly puzzle: unknown
  readonly open: readonly number[]
  readonly #pzpr: PzprBoard

  constructor(kind: AnyKind, puzzle: unknown) {
    this.kind = kind
    this.puzzle = puzzle
    this.open = openCells(kind, puzzle)
    this.#pzpr = new PzprBoard(kind, kind.toUrl(puzzle))
  }

  /** Fails where verdicts or reasons differ; returns whether both say solved. */
  compare(answer: Uint8Array): boolean {
    const { kind, puzzle } = this
    const theirs = this.#pzpr.judge(answer)
    const ours = this.#pzpr.translate(puzzle, answer)
    const differences = this.#pzpr.difference(ours, theirs)
    const isSolved = theirs.size === 0
    if ((ours.size === 0) !== isSolved) differences.push(`pzpr says ${isSolved ? 'solved' : 'wrong'}`)
    if (kind.isSolved(puzzle, answer) !== isSolved) differences.push('isSolved is not of verify’s mind')
    if (differences.length > 0)
      expect.fail(
        `${kind.toUrl(puzzle)} with ${kind.answerToLine(puzzle, answer)}: ${differences.join(', ')}`,
      )
    judged.all++
    if (isSolved) judged.solved++
    return isSolved
  }

  /** Some answers with each cell drawn anew. */
  randomFills(count: number, seed: number): Uint8Array[] {
    const { length } = this.open
    const fills = fc.array(fc.constantFrom(...tokensOf(this.kind)), { minLength: length, maxLength: length })
    return fc.sample(fills, { seed, numRuns: count }).map((tokens) => this.#fill(tokens))
  }

  /** Every answer there is. */
  *allFills(): Generator<Uint8Array> {
    const tokens = tokensOf(this.kind)
    for (let number = 0; number < tokens.length ** this.open.length; number++)
      yield this.#fill(
        this.open.map((_, i) => tokens[Math.floor(number / tokens.length ** i) % tokens.length]!),
      )
  }

  #fill(tokens: readonly number[]): Uint8Array {
    const answer = blankAnswer(this.kind, this.puzzle)
    for (const [i, cell] of this.open.entries()) answer[cell] = tokens[i]!
    return answer
  }
}

/** Two to eight cells of an answer changed. */
function mixtures(pair: Pair, right: Uint8Array, count: number, seed: number): Uint8Array[] {
  const change = fc.tuple(fc.constantFrom(...pair.open), fc.constantFrom(...tokensOf(pair.kind)))
  const changes = fc.array(change, { minLength: 2, maxLength: 8 })
  return fc.sample(changes, { seed, numRuns: count }).map((list) => {
    const answer = right.slice()
    for (const [cell, token] of list) answer[cell] = token
    return answer
  })
}

describe.each(known)('$name is judged as by pzpr', (kind) => {
  const samples = samplesOf(kind)
  const tokens = tokensOf(kind)

  it('on every sample solution and every change of one cell of it', PATIENCE, () => {
    for (const { puzzle, solution } of samples) {
      const pair = new Pair(kind, puzzle)
      const right = solution as Uint8Array
      expect(pair.compare(right)).toBe(true)
      for (const cell of pair.open)
        for (const token of tokens) if (token !== right[cell]) pair.compare(right.with(cell, token))
    }
  })

  it('on mixtures of a solution and chance, and on chance alone', PATIENCE, () => {
    for (const [seed, { puzzle, solution }] of samples.entries()) {
      const pair = new Pair(kind, puzzle)
      const boards = [...mixtures(pair, solution as Uint8Array, 8, seed), ...pair.randomFills(2, seed)]
      for (const answer of boards) pair.compare(answer)
    }
  })

  it('on random puzzles, which mostly have no solution', PATIENCE, () => {
    for (const [seed, puzzle] of fc.sample(puzzlesOf(kind, 17), { seed: 5, numRuns: 40 }).entries()) {
      const pair = new Pair(kind, puzzle)
      for (const answer of pair.randomFills(4, seed)) pair.compare(answer)
    }
  })

  // Boards of one size are not tiny.
  it.skipIf(kind.notation.size)('on every answer of tiny puzzles', PATIENCE, () => {
    const before = judged.solved
    for (const puzzle of fc.sample(puzzlesOf(kind, 3), { seed: 6, numRuns: 120 })) {
      if (tokens.length ** openCells(kind, puzzle).length > MOST_ANSWERS) continue
      const pair = new Pair(kind, puzzle)
      for (const answer of pair.allFills()) pair.compare(answer)
    }
    expect(judged.solved - before).toBeGreaterThan(0)
  })
})

/** The forms of address that people paste. */
const ADDRESSES = [
  'https://puzz.link/p?',
  'http://puzz.link/p.html?',
  'http://pzv.jp/p.html?',
  'https://pzv.jp/p?',
  'https://pzprxs.vercel.app/p.html?',
]

/** A URL from behind its `?` on. Behind a final `.`, pzpr puts a slash, so that the dot is not taken for a full stop. */
function queryOf(url: string): string {
  return url.replace(/^[^?]*\?/, '').replace(/\/$/, '')
}

describe.each(known)('$name is read and written as by pzpr', (kind) => {
  /** Both read the URL, and each what the other writes. */
  const expectSame = (url: string, puzzle: unknown) => {
    const { kept: asKept = (whole: unknown) => whole, spelling = (query: string) => query } =
      supportOf(kind).pzpr!
    const pzpr = new PzprBoard(kind, url)
    const kept = asKept(puzzle)
    expect(pzpr.puzzle).toEqual(kept)
    expect(kind.parse(url)).toEqual(puzzle)
    expect(kind.parse(`https://puzz.link/p?${pzpr.query}`)).toEqual(kept)
    expect(spelling(queryOf(kind.toUrl(kept)))).toBe(spelling(queryOf(pzpr.query)))
  }

  it('in every sample, at every address, by every name', PATIENCE, () => {
    for (const [i, { puzzle, url }] of samplesOf(kind).entries()) {
      expectSame(url, puzzle)
      const rest = queryOf(url).replace(/^[^/]*/, '')
      const others = ADDRESSES.flatMap((address) => kind.urlNames.map((name) => address + name + rest))
      for (const other of others) {
        const isNewer = supportOf(kind).pzpr!.newerNames?.some((name) => other.includes(`?${name}/`))
        if (i === 0 && !isNewer) expectSame(other, puzzle)
        else expect(kind.parse(other)).toEqual(puzzle)
      }
    }
  })

  it('in random puzzles of any size, however numbers and runs are spelled', PATIENCE, () => {
    for (const [puzzle, url] of fc.sample(oddUrlsOf(kind, puzzlesOf(kind)), { seed: 7, numRuns: 60 })) {
      expectSame(kind.toUrl(puzzle), puzzle)
      expectSame(url, puzzle)
    }
  })
})

describe('where pzpr is not followed', () => {
  const judgeBoth = (name: string, url: string, line: string) => {
    const kind = kindNamed(name)
    const puzzle = kind.parse(url)
    const answer = kind.parseAnswer(puzzle, line)
    const [pzpr, repaired] = [true, false].map((asItComes) => [
      ...new PzprBoard(kind, url, asItComes).judge(answer as Uint8Array),
    ])
    return { ours: kind.verify(puzzle, answer).map(({ rule }) => rule), pzpr, repaired }
  }

  it('Heyawake has no rule that something be shaded: one white cell is solved', () => {
    expect(judgeBoth('heyawake', 'https://puzz.link/p?heyawake/1/1/g', '.')).toEqual({
      ours: [],
      pzpr: ['brNoShade'],
      repaired: [],
    })
  })

  it('Tapa’s ? is any number but 0, and pzpr 0.10.1 takes it for none', () => {
    expect(judgeBoth('tapa', 'https://puzz.link/p?tapa/2/1/.g', '-#')).toEqual({
      ours: [],
      pzpr: ['ceTapaNe'],
      repaired: [],
    })
    const { ours, repaired } = judgeBoth('tapa', 'https://puzz.link/p?tapa/4/1/.i', '-..#')
    expect(ours).toEqual(['shaded cells around do not match the clue ?'])
    expect(repaired).toEqual(['ceTapaNe'])
  })

  it('a number near the end of a URL needs no blanks behind the board, but may have them', () => {
    const kind = kindNamed('lightup')
    const [ours, theirs] = ['https://puzz.link/p?akari/2/1/g2', 'https://puzz.link/p?akari/2/1/gc']
    expect(new PzprBoard(kind, ours).query).toBe(queryOf(theirs))
    expect(kind.toUrl(kind.parse(theirs))).toBe(ours)
  })

  it('a Heyawake border with one room on both sides counts as crossed, as in pzpr, and round-trips', () => {
    const kind = kindNamed('heyawake')
    const url = 'https://puzz.link/p?heyawake/3/2/o0g'
    const puzzle = kind.parse(url)
    expect(puzzle).toMatchObject({
      rooms: new Int16Array(6),
      deadEnds: [
        [0, 1],
        [1, 2],
      ],
    })
    expect(kind.toUrl(puzzle)).toBe(url)
    expect(kind.toGrid(puzzle)).toContain("a' a' a")
    expect(kind.parse(kind.toGrid(puzzle))).toEqual(puzzle)
    const pzpr = new PzprBoard(kind, url)
    for (const [line, right] of [
      ['#../...', true],
      ['.../..#', false],
      ['.#./...', true],
    ] as const) {
      const answer = kind.parseAnswer(puzzle, line)
      expect(pzpr.judge(answer as Uint8Array).size === 0).toBe(right)
      expect(kind.isSolved(puzzle, answer)).toBe(right)
      expect(kind.verify(puzzle, answer).length === 0).toBe(right)
    }
  })
})

it('at least 20,000 boards were judged by both, solved ones among them', () => {
  console.log(`${judged.all} boards judged by both, ${judged.solved} of them solved`)
  expect(judged.all).toBeGreaterThanOrEqual(20_000)
  expect(judged.solved).toBeGreaterThan(602)
})
