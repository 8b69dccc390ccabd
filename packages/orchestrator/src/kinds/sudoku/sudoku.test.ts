/** Sudoku's notations, its errors with line and column, and the rules on givens. */
import { describe, expect, it } from 'vitest'
import type { PuzzleParseError } from '../../errors.ts'
import { sudoku } from './index.ts'

const LINE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
const ROWS = LINE.match(/.{9}/g)!
const puzzle = sudoku.parse(LINE)

function readAll(text: string) {
  const reader = sudoku.reader('file')
  return [...text.split('\n').flatMap((line) => reader.push(line)), ...reader.end()]
}

describe('notations', () => {
  it.each([
    ['blanks as 0', LINE.replaceAll('.', '0')],
    ['blanks as * and _', LINE.replaceAll('.', '*').replace('*', '_')],
    ['a trailing comment', `${LINE}   # rated 9`],
    ['a line end and a byte order mark', `\uFEFF${LINE}\r\n`],
    ['nine lines', ROWS.join('\n')],
    ['nine lines with spaces', ROWS.map((row) => [...row].join(' ')).join('\n')],
    [
      'nine lines with borders',
      ROWS.map(
        (row, i) => (i % 3 === 0 ? '+---+---+---+\n' : '') + row.replace(/(...)(...)(...)/, '|$1|$2|$3|'),
      ).join('\n'),
    ],
    ['a puzz.link URL', sudoku.toUrl(puzzle)],
    ['a pzv.jp URL', sudoku.toUrl(puzzle).replace('https://puzz.link/p?', 'http://pzv.jp/p.html?')],
    ['CSV', `puzzle,rating\n${LINE},3`],
  ])('reads %s', (_, text) => {
    expect(sudoku.parse(text)).toEqual(puzzle)
  })

  it("writes the URL in puzz.link's own form", () => {
    expect(sudoku.toUrl(puzzle)).toBe(
      'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g',
    )
  })

  it('reads files of many puzzles with comments, titles, ids and solutions', () => {
    const items = readAll(
      `# two\nGrid 01\n${ROWS.join('\n')}\n\n${LINE},${SOLUTION}\nid,puzzle,solution\na7,${LINE},${SOLUTION}`,
    )
    expect(items).toHaveLength(3)
    expect(items.map((item) => ('id' in item ? item.id : undefined))).toEqual(['Grid 01', undefined, 'a7'])
    expect(items[2]).toMatchObject({
      solution: Uint8Array.from(SOLUTION, Number),
      where: { source: 'file', line: 15 },
    })
  })
})

describe('errors', () => {
  const row = (text: string) => [...ROWS.slice(0, 3), text, ...ROWS.slice(4)].join('\n')
  it.each([
    ['a strange character', `${LINE.slice(0, 40)}x${LINE.slice(41)}`, 1, 41, "unexpected 'x'"],
    ['a short line', LINE.slice(1), 1, 81, 'expected 81 cells, found 80'],
    ['a long line', `${LINE}1`, 1, 82, 'expected 81 cells, found 82'],
    ['a short row', row('1234'), 4, 5, 'found 4'],
    ['a long row', row('1234567891'), 4, 10, 'found more'],
    ['a missing row', ROWS.slice(1).join('\n'), 1, 1, 'expected 9 rows in this grid, found 8'],
    ['another size', 'https://puzz.link/p?sudoku/6/6/zz', 1, 21, 'expected a 9/9 board'],
    ['a clue of 10', 'https://puzz.link/p?sudoku/9/9/a', 1, 32, "unexpected 'a'"],
    [
      'a board too long',
      `${sudoku.toUrl(puzzle)}1`,
      1,
      sudoku.toUrl(puzzle).length + 1,
      'goes on after its 81 cells',
    ],
    ['another genre', 'https://puzz.link/p?nurikabe/9/9/zz', 1, 21, "found 'nurikabe'"],
    ['a header without puzzles', 'name,rating', 1, 1, "expected a 'puzzle' column"],
    ['a bad CSV cell', `id,puzzle\n1,${LINE.slice(0, 80)}?`, 2, 83, "unexpected '?'"],
    [
      'a solution that differs',
      `${LINE},${SOLUTION.replace('52', '25')}`,
      1,
      1,
      'differs from the given in cell 1',
    ],
    ['nothing', '# empty', 1, 1, 'found no puzzle'],
  ])('names line and column of %s', (_, text, line, column, reason) => {
    let error: PuzzleParseError | undefined
    try {
      sudoku.parse(text)
    } catch (thrown) {
      error = thrown as PuzzleParseError
    }
    expect(error).toMatchObject({
      name: 'PuzzleParseError',
      where: { line, column },
      reason: expect.stringContaining(reason),
    })
  })

  it('goes on after a bad entry', () => {
    const items = readAll(`${LINE}\n123\n\n${LINE.slice(2)}\n${LINE}`)
    expect(items.map((item) => 'error' in item)).toEqual([false, true, true, false])
  })
})

describe('rules', () => {
  it('finds what the givens already break', () => {
    expect(sudoku.contradictions(sudoku.parse(`11${'.'.repeat(79)}`)).map((v) => v.rule)).toEqual([
      '1 repeats in row 1',
      '1 repeats in box 1',
    ])
    const stuck = sudoku.parse(`.12345678........9${'.'.repeat(63)}`)
    expect(sudoku.contradictions(stuck)).toEqual([])
    expect(sudoku.contradictions(sudoku.parse(`.12345678${'9'.padEnd(72, '.')}`))).toEqual([
      { rule: 'no digit fits', cells: [0] },
    ])
  })

  it('rejects a valid grid that changes a given', () => {
    const swapped = Uint8Array.from(SOLUTION, (digit) =>
      digit === '1' ? 2 : digit === '2' ? 1 : Number(digit),
    )
    expect(new Set(sudoku.verify(puzzle, swapped).map((v) => v.rule))).toEqual(new Set(['given changed']))
  })
})
