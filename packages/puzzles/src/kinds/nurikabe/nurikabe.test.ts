/** Nurikabe's notations, its errors with line and column, its rules against a naive oracle, its tokens and pictures. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samplesOf } from '../../../test/samples.ts'
import { completions, judgeNurikabe, nurikabePuzzles } from '../../../test/shading.ts'
import { type GridAnswer, NO_CLUE, UNKNOWN_CLUE } from '../../board/board.ts'
import { SHADED, UNSHADED } from '../../board/shading.ts'
import { ClueWithoutTokenError, PuzzleParseError } from '../../errors.ts'
import type { Violation } from '../../kind.ts'
import { itemsOf } from '../../notation/whole-text.ts'
import { type NurikabePuzzle, nurikabe } from './index.ts'
import { broken, isSolved } from './rules.ts'

const SAMPLES = samplesOf(nurikabe) as { puzzle: NurikabePuzzle; solution: GridAnswer; url: string }[]
const PUZZLE: NurikabePuzzle = {
  kind: 'nurikabe',
  rows: 2,
  cols: 3,
  clues: Int16Array.of(NO_CLUE, 12, UNKNOWN_CLUE, 3, NO_CLUE, NO_CLUE),
}
const url = (body: string) => `https://puzz.link/p?nurikabe/${body}`

/** Thousands of boards: seconds on a busy machine. */
const SLOW = { timeout: 60_000 }

function rules(grid: string, answer: string): string[] {
  const puzzle = nurikabe.parse(grid)
  return nurikabe.partial(puzzle, nurikabe.parseAnswer(puzzle, answer)).map(({ rule }) => rule)
}

/** The rule's name with n for numbers, as the oracle says it. */
const withoutNumbers = ({ rule }: Violation) => rule.replace(/\b\d+\b/g, 'n')

describe('notations', () => {
  it.each([
    ['a grid', '. 12 ?\n3 . .'],
    ['a grid in columns, below its name', 'Nurikabe:\n.  12  ?\n3   .  _'],
    ['bars and frames', '+---+\n| . | 12 | ? |\n| 3 | . | . |\n+---+'],
    ['commas', '.,12,?\n3,.,.'],
    ['a puzz.link URL', url('3/2/gc.3h')],
    ['a pzv.jp URL', 'http://pzv.jp/p.html?nurikabe/3/2/gc.3h'],
    ['numbers in two digits', url('3/2/g-0c.-03h')],
    ['numbers in three digits', url('3/2/g+00c.+003h')],
    ['blanks one by one', url('3/2/gc.3gg')],
    ['a JSON line', `{"puzzle_url":"${url('3/2/gc.3h')}","clues":[]}`],
  ])('reads %s', (_, text) => {
    expect(nurikabe.parse(text)).toEqual(PUZZLE)
  })

  it('reads a grid without blanks character by character', () => {
    expect(nurikabe.parse('.1?\n3..')).toEqual({ ...PUZZLE, clues: PUZZLE.clues.with(1, 1) })
  })

  it('writes what it read, for all samples and random puzzles of any size', () => {
    for (const { puzzle, url } of SAMPLES) expect(nurikabe.toUrl(puzzle)).toBe(url)
    const property = fc.property(nurikabePuzzles(17, 12287), (puzzle) => {
      expect(nurikabe.parse(nurikabe.toUrl(puzzle))).toEqual(puzzle)
      expect(nurikabe.parse(nurikabe.toGrid(puzzle))).toEqual(puzzle)
    })
    fc.assert(property, { seed: 7, numRuns: 200 })
  })

  it('writes a single column of long numbers so that it stays one', () => {
    const column = nurikabe.parse(url('1/3/-1fg5'))
    expect(nurikabe.toGrid(column)).toBe('nurikabe\n31,\n.,\n5,')
    expect(nurikabe.parse(nurikabe.toGrid(column))).toEqual(column)
  })

  it.each([
    [
      'a clue of 0 in a grid',
      '. 1\n0 .',
      2,
      1,
      /unexpected '0'; expected '\.' .* a number from 1 to 12287, or '\?'/,
    ],
    ['a letter', '. 1\n2 x', 2, 3, /unexpected 'x'/],
    ['a number above all that URLs can say', '. 12288', 1, 3, /unexpected '12288'/],
    ['a ragged row', '. 1\n2', 2, 2, /expected 2 cells as in the grid's first row, found 1/],
    ['a clue of 0 in a URL', url('2/2/g0h'), 1, 35, /expected a clue of 1 or more, found 0/],
    ['a long 0 in a URL', url('2/2/g-00h'), 1, 35, /expected a clue of 1 or more, found 0/],
    ['a URL that ends early', url('2/2/g1'), 1, 36, /expected 4 cells, found 2/],
    ['a number that ends early', url('2/2/g-1'), 1, 35, /unexpected '-'; expected a number/],
    ['a URL that goes on', url('2/2/g1h1'), 1, 37, /goes on after its 4 cells/],
    ['a run over the end', url('2/2/g1i'), 1, 36, /goes on after its 4 cells/],
    ['another kind', 'https://puzz.link/p?tapa/2/2/j', 1, 21, /expected a 'nurikabe' URL, found 'tapa'/],
  ])('points at %s', (_, text, line, column, message) => {
    const [item] = readAll(text)
    expect(item).toMatchObject({ error: expect.any(PuzzleParseError) })
    if (!item || !('error' in item)) return
    expect(item.error.message).toMatch(message)
    expect(item.error.where).toMatchObject({ source: 'file', line, column })
  })

  it('reads answers in dots and hashes, digits or blocks', () => {
    const answer = Uint8Array.of(SHADED, 0, 0, 0, UNSHADED, 0)
    expect(nurikabe.answerToLine(PUZZLE, answer)).toBe('#--/-.?')
    for (const text of ['#--/-.?', '1--/-0?', '▓--\n-·?', '1 0 0\n0 0 ?', '#---.?'])
      expect(nurikabe.parseAnswer(PUZZLE, text)).toEqual(answer)
    expect(() => nurikabe.parseAnswer(PUZZLE, '##-/-.?')).toThrow(/1:2: row 1, column 2 holds a wall or clue/)
  })
})

function readAll(text: string) {
  return [...itemsOf(nurikabe.reader('file'), text)]
}

describe('rules', () => {
  it.each([
    ['nothing decided', '1 . .\n. . .', '-??/???', []],
    ['a solution', '2 .\n. .', '-./##', []],
    ['a board that is all sea', '. . .', '###', []],
    ['a board that is one island', '4 .\n. .', '-./..', []],
    ['an island of any size', '? . .', '-.#', []],
    ['a pool', '. . 1\n. . .', '##-/##?', ['shaded cells form a 2x2 square']],
    ["shaded cells at a row's end and the next row's start", '. 1 .\n. . .', '?-#/#?#', []],
    ['a parted sea', '. 1 .', '#-#', ['shaded cells are not connected']],
    ['a parted sea that undecided cells can join', '. 1 .\n. . .', '#-#/???', []],
    ['a sea that touches at a corner only', '. 1\n1 .', '#-/-#', ['shaded cells are not connected']],
    ['clues side by side', '3 2 .', '--?', ['island has more than one number']],
    ['"?" beside "?"', '? ?', '--', ['island has more than one number']],
    [
      'two clues in an island',
      '3 . 5',
      '-.-',
      ['island has more than one number', 'fewer than 5 cells in the island with the number 5'],
    ],
    ['two clues that an undecided cell parts', '1 . 1', '-?-', []],
    ['an island that is too large', '1 . .', '-.?', ['more than 1 cells in the island with the number 1']],
    ['an island that is too small', '3 . .', '-.#', ['fewer than 3 cells in the island with the number 3']],
    ['an island that can still grow', '3 . .', '-.?', []],
    [
      'a number larger than the board',
      '4 . .',
      '-??',
      ['fewer than 4 cells in the island with the number 4'],
    ],
    ['an island without a number', '1 . .', '-#.', ['island has no number']],
    ['an island that can still reach a number', '3 . .', '-?.', []],
  ])('judges %s', (_, grid, answer, expected) => {
    expect(rules(grid, answer)).toEqual(expected)
  })

  it('names the cells to mark', () => {
    const puzzle = nurikabe.parse('. 1 . .\n. . 2 .\n3 ? . .')
    const answer = nurikabe.parseAnswer(puzzle, '#-##/..-#/--##')
    expect(nurikabe.verify(puzzle, answer)).toEqual([
      { rule: 'shaded cells are not connected', cells: [0] },
      { rule: 'island has more than one number', cells: [1, 6, 8, 9] },
      { rule: 'more than 1 cells in the island with the number 1', cells: [1, 4, 5, 6, 8, 9] },
      { rule: 'more than 2 cells in the island with the number 2', cells: [1, 4, 5, 6, 8, 9] },
      { rule: 'more than 3 cells in the island with the number 3', cells: [1, 4, 5, 6, 8, 9] },
    ])
  })

  it('passes over what an answer says in clue cells', () => {
    const puzzle = nurikabe.parse('1 . .')
    expect(nurikabe.isSolved(puzzle, Uint8Array.of(SHADED, SHADED, SHADED))).toBe(true)
    expect(nurikabe.verify(puzzle, Uint8Array.of(SHADED, SHADED, SHADED))).toEqual([])
  })

  it('says the same as the naive oracle on samples with flips, random fills and random puzzles', SLOW, () => {
    let [solved, unsolved] = [0, 0]
    const check = (puzzle: NurikabePuzzle, answer: GridAnswer) => {
      const expected = judgeNurikabe(puzzle, answer)
      expect(new Set(broken(puzzle, answer).map(withoutNumbers))).toEqual(expected)
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
    const random = fc.property(nurikabePuzzles(4, 3), shades, (puzzle, stream) => {
      check(puzzle, Uint8Array.from(stream.take(puzzle.clues.length)))
    })
    fc.assert(random, { seed: 2, numRuns: 1500 })
    expect(solved).toBeGreaterThan(100)
    expect(unsolved).toBeGreaterThan(1000)
  })

  it('calls a part broken exactly where every completion breaks the same rule', SLOW, () => {
    const values = fc.infiniteStream(fc.constantFrom(0, SHADED, UNSHADED))
    const seen = new Set<string>()
    const property = fc.property(nurikabePuzzles(3, 5), values, (puzzle, stream) => {
      const part = Uint8Array.from(stream.take(puzzle.clues.length))
      const names = new Set(broken(puzzle, part).map(withoutNumbers))
      const verdicts = completions(part, (cell) => puzzle.clues[cell] !== NO_CLUE).map((answer) =>
        judgeNurikabe(puzzle, answer),
      )
      const common = [...verdicts[0]!].filter((name) => verdicts.every((broken) => broken.has(name)))
      expect(names).toEqual(new Set(common))
      for (const name of names) seen.add(name)
    })
    fc.assert(property, { seed: 5, numRuns: 1000 })
    expect(seen.size).toBe(6)
  })
})

describe('tokens', () => {
  it('tells clues', () => {
    const board = nurikabe.encode(nurikabe.parse('. ? 1\n59 . 2'))
    expect(board).toEqual({ rows: 2, columns: 3, tokens: Uint8Array.of(3, 4, 5, 63, 3, 6) })
  })

  it('refuses what models cannot read, and only that', () => {
    expect(() => nurikabe.encode(nurikabe.parse('. .\n. 60'))).toThrow(ClueWithoutTokenError)
    expect(() => nurikabe.encode(nurikabe.parse('. .\n. 60'))).toThrow(/the clue 60 \(row 2, column 2\)/)
    const wide = nurikabe.parse('11 . . . . . . . . . .')
    expect(nurikabe.encode(wide).tokens[0]).toBe(15)
    expect(nurikabe.verify(wide, nurikabe.parseAnswer(wide, '-..........'))).toEqual([])
    const large = nurikabe.parse(url(`17/17/${'z'.repeat(14)}n1`))
    expect(nurikabe.encode(large).tokens).toHaveLength(17 * 17)
    expect(nurikabe.toText(large).split('\n')).toHaveLength(35)
    expect(nurikabe.contradictions(large)).toEqual([])
  })
})

describe('pictures', () => {
  const puzzle = nurikabe.parse('. 1 .\n12 . .')
  const answer = nurikabe.parseAnswer(puzzle, '#-?/-.#')

  it('shows sea, numbers, decided cells and marks in text', () => {
    expect(nurikabe.toText(puzzle, answer, { violations: [{ rule: 'any', cells: [0, 3, 4] }] })).toBe(
      [
        '┏━━━━┯━━━━┯━━━━┓',
        '┃!▓▓!│ 1  │    ┃',
        '┠────┼────┼────┨',
        '┃!12!│!· !│▓▓▓▓┃',
        '┗━━━━┷━━━━┷━━━━┛',
      ].join('\n'),
    )
    expect(nurikabe.toText(puzzle, answer)).toContain('┃▓▓▓│ 1 │   ┃')
  })

  it('draws sea, numbers and dots in the SVG', () => {
    const svg = nurikabe.toSvg(puzzle, answer)
    expect(svg.match(/class="shade"/g)).toHaveLength(2)
    expect(svg.match(/class="dot"/g)).toHaveLength(1)
    expect([...svg.matchAll(/class="clue"[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual(['1', '12'])
  })
})
