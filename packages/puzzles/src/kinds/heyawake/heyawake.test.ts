/** Heyawake's notations, its errors with line and column, its rules against a naive oracle, its tokens and pictures. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samplesOf } from '../../../test/samples.ts'
import { type GridAnswer, NO_CLUE, UNKNOWN_CLUE } from '../../board/board.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import { afterClick } from '../../editing.ts'
import { ClueWithoutTokenError, type PuzzleParseError } from '../../errors.ts'
import { type HeyawakePuzzle, heyawake } from './index.ts'
import { broken, isSolved } from './rules.ts'
import { completions, judge, puzzles, RULES } from './test/oracle.ts'

const SAMPLES = samplesOf(heyawake) as { puzzle: HeyawakePuzzle; solution: GridAnswer; url: string }[]
/** Three rooms side by side over one; the room of the number 2 is no rectangle. */
const GRID = 'a1 b c\na  b c?\nd2 d d'
const PUZZLE: HeyawakePuzzle = {
  kind: 'heyawake',
  rows: 3,
  cols: 3,
  rooms: Int16Array.of(0, 1, 2, 0, 1, 2, 3, 3, 3),
  clues: Int16Array.of(1, NO_CLUE, UNKNOWN_CLUE, 2),
}

const url = (body: string) => `https://puzz.link/p?heyawake/${body}`

function rules(grid: string, answer: string): string[] {
  const puzzle = heyawake.parse(grid)
  return heyawake.partial(puzzle, heyawake.parseAnswer(puzzle, answer)).map(({ rule }) => rule)
}

describe('notations', () => {
  it.each([
    ['a grid', GRID],
    ['other letters, upper case and words', 'B1 b x\nB b x?\nroom2 room room'],
    ['the number in another cell of the room', 'a b c?\na1 b c\nd d d2'],
    ['bars and frames', '+---+\n| a1 | b | c |\n| a | b | c? |\n+---+\n| d2 | d | d |'],
    ['commas', 'a1,b,c\na,b,c?\nd2,d,d'],
    ['tabs', 'a1\tb\tc\na\tb\tc?\nd2\td\td'],
    ['a puzz.link URL', url('3/3/u03g1g.2')],
  ])('reads %s', (_, text) => {
    expect(heyawake.parse(text)).toEqual(PUZZLE)
  })

  it.each([
    ['pzv.jp', 'http://pzv.jp/p.html?heyawake/3/3/u03g1g.2', 2],
    ['-hh and +hhh', url('3/3/u03g-01g.+002'), 2],
    ['=hhh', url('3/3/u03g1g.=002'), 4098],
    ['%hhh', url('3/3/u03g1g.%fff'), 12287],
  ])('reads the number spelled by %s, and writes it as any reader reads it', (_, odd, last) => {
    const read = heyawake.parse(odd)
    expect(read).toEqual({ ...PUZZLE, clues: PUZZLE.clues.with(3, last) })
    expect(heyawake.parse(heyawake.toUrl(read))).toEqual(read)
    expect(heyawake.parse(heyawake.toGrid(read))).toEqual(read)
  })

  it('writes what it read, for all samples and random puzzles of any size', () => {
    for (const { puzzle, url } of SAMPLES)
      expect(heyawake.toUrl(heyawake.parse(url))).toBe(heyawake.toUrl(puzzle))
    fc.assert(
      fc.property(puzzles(17), (puzzle) => {
        expect(heyawake.parse(heyawake.toUrl(puzzle))).toEqual(puzzle)
        expect(heyawake.parse(heyawake.toGrid(puzzle))).toEqual(puzzle)
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('has letters for the 2,500 rooms of the largest board', () => {
    const cells = 50 * 50
    const rooms = Int16Array.from({ length: cells }, (_, cell) => cell)
    const puzzle = { ...PUZZLE, rows: 50, cols: 50, rooms, clues: new Int16Array(cells).fill(NO_CLUE) }
    expect(heyawake.toGrid(puzzle)).toContain('crd')
    expect(heyawake.parse(heyawake.toGrid(puzzle))).toEqual(puzzle)
    expect(heyawake.parse(heyawake.toUrl(puzzle))).toEqual(puzzle)
  })

  it.each([
    [
      'a room in two parts',
      'a b a',
      1,
      5,
      /room 'a' at row 1, column 3 does not touch room 'a' at row 1, column 1/,
    ],
    [
      'parts that touch at a corner only',
      'a b\nb2 a',
      2,
      1,
      /room 'b' at row 2, column 1 .* row 1, column 2/,
    ],
    ['two numbers in a room', 'a2 b\na2 b', 2, 2, /room 'a' has its number at row 1, column 1 already/],
    ['a number without letters', 'a 2', 1, 3, /unexpected '2'; expected the letters of a room/],
    ['a number above all that URLs can say', 'a12288 a', 1, 1, /unexpected 'a12288'/],
    ['a ragged row', 'a a\na', 2, 2, /expected 2 cells as in the grid's first row, found 1/],
    ['a dead end at the edge', "a a'", 1, 3, /dead end at the board's edge/],
    [
      'a dead end that ends a room',
      "a1' a",
      1,
      1,
      /close off a part of room 'a', which starts at row 1, col/,
    ],
    [
      'dead ends around a corner',
      "b a  a  a\nb a' a  a_\nb a_ a_ a_\na a  a  a",
      3,
      3,
      /close off a part of room 'a'/,
    ],
    ['borders that end early', url('3/3/u'), 1, 35, /URL ends early: expected borders between columns/],
    ['a bad border digit', url('3/3/uw'), 1, 35, /unexpected 'w'; expected borders between columns/],
    ['too few rooms', url('1/2/g1'), 1, 36, /expected 2 rooms, found 1/],
    ['too many rooms', url('1/2/g111'), 1, 37, /goes on after its 2 rooms/],
    [
      'another kind',
      url('2/2/00').replace('heyawake', 'lits'),
      1,
      21,
      /expected a 'heyawake' URL, found 'lits'/,
    ],
  ])('points at %s', (_, text, line, column, message) => {
    let error: PuzzleParseError | undefined
    try {
      heyawake.parse(text, 'file')
    } catch (caught) {
      error = caught as PuzzleParseError
    }
    expect(error?.message).toMatch(message)
    expect(error?.where).toMatchObject({ source: 'file', line, column })
  })
})

describe('rules', () => {
  it.each([
    ['nothing decided', 'a1 a b\na a b', '???/???', []],
    ['shaded cells that touch', 'a a a', '##?', ['shaded cells touch']],
    ['shaded cells that touch over a border', 'a\nb', '#/#', ['shaded cells touch']],
    ["shaded cells at a row's end and the next row's start", 'a a a\na a a', '..#/#..', []],
    ['too many shaded', 'a1 a a', '#?#', ['more than 1 shaded cells in the room with the number 1']],
    ['too few places left', 'a2 a a', '.?.', ['fewer than 2 shaded cells in the room with the number 2']],
    [
      'a number larger than the room',
      'a4 a a',
      '???',
      ['fewer than 4 shaded cells in the room with the number 4'],
    ],
    ['a 0 with a shaded cell', 'a0 a', '#?', ['more than 0 shaded cells in the room with the number 0']],
    ['a line over two borders', 'a b c', '...', ['line of unshaded cells crosses more than one room border']],
    [
      'a line down over two borders',
      'a\nb\nc',
      './././',
      ['line of unshaded cells crosses more than one room border'],
    ],
    ['a line that comes back to its first room', 'a b a\na a a', '???/???', []],
    [
      'the same line, unshaded',
      'a b a\na a a',
      '.../???',
      ['line of unshaded cells crosses more than one room border'],
    ],
    ['a line with an undecided cell', 'a b c', '.?.', []],
    ['a long line over one border', 'a a a b b b', '......', []],
    ['a corner cut off', 'a a\na a', '.#/#?', []],
    ['two corners cut off', 'a a\na a', '.#/#.', ['unshaded cells are not connected']],
    ['everything shaded', 'a', '#', []],
    ['nothing shaded, where no rule asks for it', 'a0 a\nb? b', '../..', []],
  ])('judges %s', (_, grid, answer, expected) => {
    expect(rules(grid, answer)).toEqual(expected)
  })

  it('names the cells to mark', () => {
    const puzzle = heyawake.parse('a b c d\na1 b c d\na b c d')
    const answer = heyawake.parseAnswer(puzzle, '#.../.#../#.?.')
    expect(heyawake.partial(puzzle, answer)).toEqual([
      { rule: 'more than 1 shaded cells in the room with the number 1', cells: [0, 4, 8] },
      { rule: 'line of unshaded cells crosses more than one room border', cells: [1, 2, 3] },
      { rule: 'unshaded cells are not connected', cells: [4] },
    ])
  })

  it('says the same as the naive oracle on samples with flips, random fills and random puzzles', () => {
    const flips = fc.uniqueArray(fc.nat(99), { maxLength: 4 })
    let [solved, unsolved] = [0, 0]
    const check = (puzzle: HeyawakePuzzle, answer: GridAnswer) => {
      const expected = judge(puzzle, answer)
      const found = new Set(broken(puzzle, answer).map(({ rule }) => rule.replace(/\d+/g, 'n')))
      expect(found).toEqual(expected)
      expect(isSolved(puzzle, answer)).toBe(expected.size === 0)
      if (expected.size === 0) solved++
      else unsolved++
    }
    const property = fc.property(fc.constantFrom(...SAMPLES), flips, ({ puzzle, solution }, cells) => {
      const answer = solution.slice()
      for (const cell of cells) if (cell < answer.length) answer[cell] = SHADED + UNSHADED - answer[cell]!
      check(puzzle, answer)
    })
    fc.assert(property, { seed: 1, numRuns: 800 })
    const shades = fc.infiniteStream(fc.constantFrom(SHADED, UNSHADED, UNSHADED))
    const random = fc.property(puzzles(5), shades, (puzzle, stream) => {
      check(puzzle, Uint8Array.from(stream.take(puzzle.rooms.length)))
    })
    fc.assert(random, { seed: 2, numRuns: 1000 })
    expect(solved).toBeGreaterThan(200)
    expect(unsolved).toBeGreaterThan(1000)
  })

  it('calls a part broken exactly where every completion breaks one of the same rules', () => {
    const values = fc.infiniteStream(fc.constantFrom(0, 0, SHADED, UNSHADED))
    let found = 0
    const property = fc.property(puzzles(3), values, (puzzle, stream) => {
      const part = Uint8Array.from(stream.take(puzzle.rooms.length))
      const names = new Set(broken(puzzle, part).map(({ rule }) => rule.replace(/\d+/g, 'n')))
      const verdicts = completions(part).map((answer) => judge(puzzle, answer))
      for (const name of RULES) expect(verdicts.every((rules) => rules.has(name))).toBe(names.has(name))
      found += names.size
    })
    fc.assert(property, { seed: 5, numRuns: 600 })
    expect(found).toBeGreaterThan(100)
  })
})

describe('tokens', () => {
  it('tells borders, the edge and numbers', () => {
    const { rows, columns, tokens } = heyawake.encode(PUZZLE)
    expect([rows, columns, tokens.length]).toEqual([3, 3, 9])
    // Border bits: right 1, below 2, left 4, above 8; number n in all cells of its room as 16 * (n + 1); "?" and no number as 0.
    const [one, two] = [16 * 2, 16 * 3]
    expect(Array.from(tokens.subarray(0, 3))).toEqual([3 + 13 + one, 3 + 13, 3 + 13])
    expect(Array.from(tokens.subarray(3, 6))).toEqual([3 + 7 + one, 3 + 7, 3 + 7])
    expect(Array.from(tokens.subarray(6))).toEqual([3 + 14 + two, 3 + 10 + two, 3 + 11 + two])
  })

  it('tells the samples apart by their tokens, all in the vocabulary of 243', () => {
    const all = SAMPLES.map(({ puzzle }) => heyawake.encode(puzzle).tokens)
    expect(new Set(all.map(String)).size).toBe(SAMPLES.length)
    expect(Math.max(...all.map((tokens) => Math.max(...tokens)))).toBeLessThan(243)
    expect(heyawake.encode(heyawake.parse('a13')).tokens[0]).toBe(242)
  })

  it('refuses what models cannot read, and only that', () => {
    expect(() => heyawake.encode(heyawake.parse('a14 a'))).toThrow(ClueWithoutTokenError)
    const wide = heyawake.parse('a3 a a a a a b b b b b')
    expect(heyawake.encode(wide)).toMatchObject({ rows: 1, columns: 11 })
    expect(heyawake.verify(wide, heyawake.parseAnswer(wide, '#.#.#.....#'))).toMatchObject([
      { rule: 'unshaded cells are not connected' },
    ])
  })
})

describe('pictures', () => {
  it('draws rooms, numbers on shade, decided cells and marks', () => {
    const puzzle = heyawake.parse('a12 a b\nc?  a b')
    const answer = heyawake.parseAnswer(puzzle, '#.?/.#.')
    expect(heyawake.toText(puzzle, answer, { violations: [{ rule: 'any', cells: [0, 1] }] })).toBe(
      [
        '┏━━━━┯━━━━┳━━━━┓',
        '┃!12▓│!· !┃    ┃',
        '┣━━━━╅────╂────┨',
        '┃ ? ·┃▓▓▓▓┃ ·  ┃',
        '┗━━━━┻━━━━┻━━━━┛',
      ].join('\n'),
    )
    expect(heyawake.toText(heyawake.parse('a1 b'), Uint8Array.of(SHADED, 0))).toContain('┃▓1▓┃   ┃')
  })

  it('writes numbers over shade in the SVG in another colour', () => {
    const puzzle = heyawake.parse('a1 b0')
    const svg = heyawake.toSvg(puzzle, heyawake.parseAnswer(puzzle, '#.'))
    expect(svg).toMatch(/<text class="on-wall"[^>]*>1</)
    expect(svg).toMatch(/<text class="clue"[^>]*>0</)
    expect(svg.match(/class="shade"/g)).toHaveLength(1)
    expect(svg.match(/class="dot"/g)).toHaveLength(1)
  })
})

describe('the pad', () => {
  const { choices, moves, write } = heyawake.editing
  const shown = (puzzle: HeyawakePuzzle, cell: number) => moves!(puzzle, cell).map((move) => move.shown)

  it('offers the rooms beside a cell, and one of its own, where no room is torn apart', () => {
    expect(shown(PUZZLE, 1)).toEqual(['← a', '→ c', '+ e'])
    // Without its middle the room below would be two.
    expect(shown(PUZZLE, 7)).toEqual([])
    const alone = heyawake.parse('a b\na a')
    expect(shown(alone, 1)).toEqual(['← a'])
    for (const { text } of moves!(PUZZLE, 6)) expect(write(PUZZLE, 6, text)).toBeDefined()
  })

  it('offers nothing that dead ends and the change together would cut off', () => {
    const puzzle = heyawake.parse("a' a\na a")
    expect(shown(puzzle, 3)).toEqual([])
    expect(shown(puzzle, 1)).toEqual(['+ b'])
    expect(write(puzzle, 0, "a'_")).toBeUndefined()
  })

  it('leaves dead ends where they are, whatever number clicks lead to', () => {
    const blank = heyawake.parse("a' a\na  a")
    const seen: string[] = []
    let board = blank
    do {
      board = afterClick(heyawake.editing, board, 0)
      seen.push(heyawake.editing.textOf(board, 0))
    } while (seen.length < 9 && heyawake.toUrl(board) !== heyawake.toUrl(blank))
    expect(seen).toEqual(["a0'", "a1'", "a2'", "a'"])
  })

  it('has room for its keys on the largest board too', () => {
    const puzzle = heyawake.editing.empty({ rows: 50, cols: 50 })
    expect(choices(puzzle, 0)).toEqual(['a', ...Array.from({ length: 10 }, (_, number) => `a${number}`)])
    expect(shown(puzzle, 0)).toEqual(['+ b'])
  })
})
