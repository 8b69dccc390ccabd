/** Tapa's notations, its errors with line and column, its rules against a naive oracle, its tokens and pictures. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samplesOf } from '../../../test/samples.ts'
import { completions, judgeTapa, tapaPuzzles } from '../../../test/shading.ts'
import type { GridAnswer } from '../../board/board.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import { ClueWithoutTokenError, PuzzleParseError } from '../../errors.ts'
import type { Violation } from '../../kind.ts'
import { type TapaPuzzle, tapa } from './index.ts'
import { broken, isSolved } from './rules.ts'

const SAMPLES = samplesOf(tapa) as { puzzle: TapaPuzzle; solution: GridAnswer; url: string }[]
const PUZZLE: TapaPuzzle = { kind: 'tapa', rows: 2, cols: 3, clues: [[], [2, 1], [-1], [3, -1], [0], []] }
const url = (body: string) => `https://puzz.link/p?tapa/${body}`

/** Thousands of boards: seconds on a busy machine. */
const SLOW = { timeout: 60_000 }

function rules(grid: string, answer: string): string[] {
  const puzzle = tapa.parse(grid)
  return tapa.partial(puzzle, tapa.parseAnswer(puzzle, answer)).map(({ rule }) => rule)
}

/** The rule's name as the oracle says it. */
const plain = ({ rule, cells }: Violation) => (rule.includes('clue') ? `clue at ${cells[0]}` : rule)

describe('notations', () => {
  it.each([
    ['a grid', '. 21 ?\n3? 0 .'],
    ['a grid in columns, below its name', 'tapa\n.  21 ?\n3? 0  _'],
    ['bars and frames', '+---+\n| . | 21 | ? |\n| 3? | 0 | . |\n+---+'],
    ['commas', '.,21,?\n3?,0,.'],
    ['a puzz.link URL', url('3/2/gad.ai0g')],
    ['a pzv.jp URL', 'http://pzv.jp/p.html?tapa/3/2/gad.ai0g'],
  ])('reads %s', (_, text) => {
    expect(tapa.parse(text)).toEqual(PUZZLE)
  })

  it('reads a grid without blanks character by character', () => {
    expect(tapa.parse('.1?\n80.').clues).toEqual([[], [1], [-1], [8], [0], []])
  })

  it('reads each clue that a URL can say, and writes it as it was', () => {
    const codes = [...Array(10).keys(), ...Array.from({ length: 475 - 360 }, (_, i) => 360 + i)]
    for (const code of ['.', ...codes.map((value) => value.toString(36))]) {
      const puzzle = tapa.parse(url(`1/2/g${code}`))
      expect(puzzle.clues[1]!.length).toBeGreaterThan(0)
      expect(tapa.toUrl(puzzle)).toBe(url(`1/2/g${code}`))
      expect(tapa.parse(tapa.toGrid(puzzle))).toEqual(puzzle)
    }
    expect(tapa.toUrl(tapa.parse(url('1/1/d7')))).toBe(url('1/1/9'))
  })

  it('writes what it read, for all samples and random puzzles of any size', () => {
    for (const { puzzle, url } of SAMPLES) expect(tapa.toUrl(puzzle)).toBe(url)
    const property = fc.property(tapaPuzzles(17), (puzzle) => {
      expect(tapa.parse(tapa.toUrl(puzzle))).toEqual(puzzle)
      expect(tapa.parse(tapa.toGrid(puzzle))).toEqual(puzzle)
    })
    fc.assert(property, { seed: 7, numRuns: 200 })
  })

  it.each([
    [
      'a number that no clue has',
      '. 1\n9 .',
      2,
      1,
      /unexpected '9'; expected '\.' .*: one number 0-8, two of 1-5/,
    ],
    ['numbers that URLs cannot say', '. 1\n2 61', 2, 3, /unexpected '61'/],
    ['a 0 beside another number', '01 .', 1, 1, /unexpected '01'/],
    ['five numbers', '. 11111', 1, 3, /unexpected '11111'/],
    ['a letter', '. x', 1, 3, /unexpected 'x'/],
    ['a ragged row', '. 12\n3', 2, 2, /expected 2 cells as in the grid's first row, found 1/],
    ['a URL that ends early', url('2/2/g1'), 1, 32, /expected 4 cells, found 2/],
    ['a clue that ends early', url('2/2/g1a'), 1, 32, /unexpected 'a'; expected a clue/],
    ['a code that says no clue', url('2/2/gd8h'), 1, 31, /unexpected 'd'; expected a clue .* a0-d7/],
    ['another character', url('2/2/g-1h'), 1, 31, /unexpected '-'; expected a clue/],
    ['a URL that goes on', url('2/2/g1h1'), 1, 33, /goes on after its 4 cells/],
    ['a run over the end', url('2/2/g1i'), 1, 32, /goes on after its 4 cells/],
    ['another kind', 'https://puzz.link/p?nurikabe/2/2/j', 1, 21, /expected a 'tapa' URL, found 'nurikabe'/],
  ])('points at %s', (_, text, line, column, message) => {
    const reader = tapa.reader('file')
    const [item] = [...text.split('\n').flatMap((row) => reader.push(row)), ...reader.end()]
    expect(item).toMatchObject({ error: expect.any(PuzzleParseError) })
    if (!item || !('error' in item)) return
    expect(item.error.message).toMatch(message)
    expect(item.error.where).toMatchObject({ source: 'file', line, column })
  })
})

describe('rules', () => {
  it.each([
    ['nothing decided', '2 . .\n. . .', '-??/???', []],
    ['a solution', '. . .\n. 8 .\n. . .', '###/#-#/###', []],
    ["a run over the circle's start", '. . .\n. 3 .\n. . .', '#../#-./#..', []],
    ['numbers in another order', '. . .\n. 21 .\n. . .', '#../.-#/..#', ['shaded cells are not connected']],
    ['runs that the edge parts', '. 11 .', '#-#', ['shaded cells are not connected']],
    ['a "?" for any run', '? . .', '-#.', []],
    ['a "?" without a run', '? . .', '-.#', ['shaded cells around do not match the clue ?']],
    ['a 0 beside shaded', '0 . .', '-#.', ['shaded cells around do not match the clue 0']],
    [
      'one run too many',
      '. . .\n. 2 .\n. . .',
      '##./?-?/?#?',
      ['shaded cells around do not match the clue 2'],
    ],
    ['a number out of reach', '. 3 .', '?-?', ['shaded cells around do not match the clue 3']],
    [
      'numbers out of reach',
      '. 1 .\n. 55 .\n. . .',
      '?-?/?-?/???',
      ['shaded cells around do not match the clue 5 5'],
    ],
    ['clue cells among the neighbours', '2 2\n. .', '--/##', []],
    ['a pool', '. . 2\n. . .', '##-/##?', ['shaded cells form a 2x2 square']],
    ['parted shaded cells', '. . .', '#.#', ['shaded cells are not connected']],
    ['shaded cells that undecided ones can join', '. . .', '#?#', []],
    ['nothing shaded', '0 . .', '-..', ['no cell is shaded']],
    ['nothing shaded yet', '0 . .', '-.?', []],
    ['no cell to shade', '0', '-', ['no cell is shaded']],
  ])('judges %s', (_, grid, answer, expected) => {
    expect(rules(grid, answer)).toEqual(expected)
  })

  it('names the cells to mark', () => {
    const puzzle = tapa.parse('. . . .\n. . 1 .\n. . . .')
    expect(tapa.verify(puzzle, tapa.parseAnswer(puzzle, '##.#/##-./....'))).toEqual([
      { rule: 'shaded cells form a 2x2 square', cells: [0, 1, 4, 5] },
      { rule: 'shaded cells around do not match the clue 1', cells: [6] },
      { rule: 'shaded cells are not connected', cells: [3] },
    ])
  })

  it('reports clues that cannot exist before anything is decided', () => {
    const puzzle = tapa.parse('. . .\n. 55 .\n. . .')
    expect(tapa.contradictions(puzzle)).toEqual([
      { rule: 'shaded cells around do not match the clue 5 5', cells: [4] },
    ])
  })

  it('passes over what an answer says in clue cells', () => {
    const puzzle = tapa.parse('1 . .')
    const answer = Uint8Array.of(SHADED, SHADED, UNSHADED)
    expect(tapa.isSolved(puzzle, answer)).toBe(true)
    expect(tapa.verify(puzzle, answer)).toEqual([])
  })

  it('says the same as the naive oracle on samples with flips, random fills and random puzzles', SLOW, () => {
    let [solved, unsolved] = [0, 0]
    const check = (puzzle: TapaPuzzle, answer: GridAnswer) => {
      const expected = judgeTapa(puzzle, answer)
      expect(new Set(broken(puzzle, answer).map(plain))).toEqual(expected)
      expect(isSolved(puzzle, answer)).toBe(expected.size === 0)
      if (expected.size === 0) solved++
      else unsolved++
    }
    const flips = fc.uniqueArray(fc.nat(99), { maxLength: 4 })
    const property = fc.property(fc.constantFrom(...SAMPLES), flips, ({ puzzle, solution }, cells) => {
      const answer = solution.slice()
      for (const cell of cells) if (answer[cell]) answer[cell] = SHADED + UNSHADED - answer[cell]
      check(puzzle, answer)
    })
    fc.assert(property, { seed: 1, numRuns: 800 })
    const shades = fc.infiniteStream(fc.constantFrom(SHADED, UNSHADED))
    const random = fc.property(tapaPuzzles(4), shades, (puzzle, stream) => {
      check(puzzle, Uint8Array.from(stream.take(puzzle.clues.length)))
    })
    fc.assert(random, { seed: 2, numRuns: 1500 })
    expect(solved).toBeGreaterThan(100)
    expect(unsolved).toBeGreaterThan(1000)
  })

  it('calls a part broken exactly where every completion breaks the same rule', SLOW, () => {
    const values = fc.infiniteStream(fc.constantFrom(0, SHADED, UNSHADED))
    const seen = new Set<string>()
    const property = fc.property(tapaPuzzles(3), values, (puzzle, stream) => {
      const part = Uint8Array.from(stream.take(puzzle.clues.length))
      const names = new Set(broken(puzzle, part).map(plain))
      const verdicts = completions(part, (cell) => puzzle.clues[cell]!.length > 0).map((answer) =>
        judgeTapa(puzzle, answer),
      )
      const common = [...verdicts[0]!].filter((name) => verdicts.every((broken) => broken.has(name)))
      expect(names).toEqual(new Set(common))
      for (const name of names) seen.add(name.replace(/\d$/, 'n'))
    })
    fc.assert(property, { seed: 5, numRuns: 1000 })
    expect(seen.size).toBe(4)
  })
})

describe('tokens', () => {
  it('tells clues whatever their order', () => {
    const board = tapa.encode(tapa.parse('. ? 0\n8 12 21\n1111 . ??'))
    expect(board).toEqual({ rows: 3, columns: 3, tokens: Uint8Array.of(3, 4, 5, 13, 21, 21, 45, 3, 14) })
  })

  it('refuses what models cannot read, and only that', () => {
    expect(() => tapa.encode(tapa.parse('. .\n. 55'))).toThrow(ClueWithoutTokenError)
    expect(() => tapa.encode(tapa.parse('. .\n. 55'))).toThrow(/the clue 55 \(row 2, column 2\)/)
    const wide = tapa.parse('1 . . . . . . . . . .')
    expect(tapa.encode(wide)).toMatchObject({ rows: 1, columns: 11 })
    expect(tapa.verify(wide, tapa.parseAnswer(wide, '-###.......'))).toEqual([])
    const large = tapa.parse(url(`17/17/${'z'.repeat(14)}n0`))
    expect(tapa.encode(large).tokens).toHaveLength(17 * 17)
    expect(tapa.toText(large).split('\n')).toHaveLength(35)
    expect(tapa.contradictions(large)).toEqual([])
  })
})

describe('pictures', () => {
  const puzzle = tapa.parse('. 12 .\n112 . 1')
  const answer = tapa.parseAnswer(puzzle, '#-?/-.-')

  it('shows shaded cells, clues, decided cells and marks in text', () => {
    expect(tapa.toText(puzzle, answer, { violations: [{ rule: 'any', cells: [0, 3, 4] }] })).toBe(
      [
        '┏━━━━━┯━━━━━┯━━━━━┓',
        '┃!▓▓▓!│ 1 2 │     ┃',
        '┠─────┼─────┼─────┨',
        '┃!112!│! · !│  1  ┃',
        '┗━━━━━┷━━━━━┷━━━━━┛',
      ].join('\n'),
    )
    expect(tapa.toText(puzzle, answer)).toContain('┃▓▓▓│1 2│   ┃')
    expect(tapa.toText(tapa.parse('1?11 .'))).toContain('┃1?11│    ┃')
  })

  it('spreads the numbers of a clue over its cell in the SVG', () => {
    const svg = tapa.toSvg(puzzle, answer)
    expect(svg.match(/class="shade"/g)).toHaveLength(1)
    expect(svg.match(/class="dot"/g)).toHaveLength(1)
    const numbers = [...svg.matchAll(/class="clue" x="([^"]+)" y="([^"]+)"[^>]*>([^<]*)</g)]
    expect(numbers.map(([, , , text]) => text).join('')).toBe('121121')
    expect(new Set(numbers.map(([, x, y]) => `${x} ${y}`)).size).toBe(6)
  })
})
