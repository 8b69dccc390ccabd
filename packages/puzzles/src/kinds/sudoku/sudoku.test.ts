/** Sudoku's notations, its errors with line and column, and the rules on givens. */
import { describe, expect, it } from 'vitest'
import type { PuzzleParseError } from '../../errors.ts'
import { itemsOf } from '../../notation/whole-text.ts'
import { sudoku } from './index.ts'

const LINE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
const ROWS = LINE.match(/.{9}/g)!
const puzzle = sudoku.parse(LINE)

function readAll(text: string) {
  return [...itemsOf(sudoku.reader('file'), text)]
}

function simpleSudoku() {
  const rows = ROWS.map((row) => ` |${row.replace(/(...)(...)(...)/, '$1|$2|$3')}|`)
  const line = ' |---+---+---|'
  return [' *-----------*', ...rows.toSpliced(6, 0, line).toSpliced(3, 0, line), ' *-----------*'].join('\n')
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
    ['CSV with quotes', `"id","Puzzle"\n"a,1","${LINE}"`],
    ['CSV by semicolons, a comma in a field', `source;puzzle\na,b;${LINE}`],
    ['81 cells with spaces', [...LINE].join(' ')],
    ['81 cells with commas', [...LINE].join(',')],
    ['rows on one line', ROWS.join(' | ')],
    ['a rating and a name behind', `${LINE} 8.3 name`],
    ['fields behind', `${LINE};11.8;1.2;GoldenNugget`],
    ['carriage returns alone', ROWS.join('\r')],
    ['an editor URL', sudoku.toUrl(puzzle).replace('?', '?type=editor&').replace('sudoku', 'sudoku_edit')],
    ['a number of two digits in a URL', sudoku.toUrl(puzzle).replace('/52', '/-052')],
    ['the borders of Simple Sudoku', simpleSudoku()],
  ])('reads %s', (_, text) => {
    expect(sudoku.parse(text)).toEqual(puzzle)
  })

  // The bodies that pzpr 0.10.1 itself wrote for these boards.
  it.each([
    [LINE, '52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'],
    [
      '..9.............8...8.643..3.......527.8..6...9...7.3..46598........1..6.5.4..1..',
      'h9s8i8g643h3m527g8h6i9i7g3h46598n1h6g5g4h1h',
    ],
    ['.'.repeat(81), 'zzzzg'],
  ])('writes and reads the URL of %s as pzpr does', (line, body) => {
    const url = `https://puzz.link/p?sudoku/9/9/${body}`
    expect(sudoku.toUrl(sudoku.parse(line))).toBe(url)
    expect(sudoku.parse(url)).toEqual(sudoku.parse(line))
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
    ['a long row', row('1234567891'), 4, 10, 'found 10'],
    ['a missing row', ROWS.slice(1).join('\n'), 8, 10, 'starts on line 1, found 8'],
    ['another size', 'https://puzz.link/p?sudoku/6/6/zz', 1, 28, 'expected a 9x9 Sudoku, found 6x6'],
    ['a clue of 10', 'https://puzz.link/p?sudoku/9/9/a', 1, 32, 'expected a digit 1-9, found 10'],
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
      83,
      'given changed (at row 1, column 1)',
    ],
    ['a solution that breaks the rules', `${LINE},${SOLUTION.slice(0, 80)}1`, 1, 160, '1 repeats in row 9'],
    ['a row with a field too few', `id,puzzle,solution\n1,${LINE}`, 2, 84, 'expected 3 fields'],
    ['a quoted cell', `id,puzzle\n"a,""b"" c","${LINE.slice(0, 80)}?"`, 2, 94, "unexpected '?'"],
    ['a number of three digits', 'https://puzz.link/p?sudoku/9/9/5+123', 1, 33, 'found 291'],
    ['an invisible character', `${LINE.slice(0, 80)}\u0007`, 1, 81, 'U+0007'],
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

  it.each(['https://puzz.link/p?sudoku/9/9/q!', 'name,rating', 'Grid 02', ''])(
    'never joins the rows above and below %j',
    (between) => {
      const items = readAll([...ROWS.slice(0, 3), between, ...ROWS.slice(3)].join('\n'))
      expect(items.every((item) => 'error' in item)).toBe(true)
    },
  )

  it('reads other notations after a CSV table, and a grid after a stray line', () => {
    const items = readAll(`id,puzzle\n1,${LINE}\n${LINE}\n${ROWS.join('\n')}\nhello\n${ROWS.join('\n')}`)
    expect(items.map((item) => 'error' in item)).toEqual([false, false, false, true, false])
  })

  it('reports a CSV header without puzzles once, not once a row', () => {
    expect(readAll('id,name\n1,a\n2,b')).toHaveLength(1)
  })

  it('gives the name above it to a puzzle in any notation', () => {
    const items = readAll(`Grid 01\n${LINE}\nGrid 02\n${sudoku.toUrl(puzzle)}`)
    expect(items).toMatchObject([{ id: 'Grid 01' }, { id: 'Grid 02' }])
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

  it('marks the blank cell that no digit fits', () => {
    const stuck = sudoku.parse(`.12345678${'9'.padEnd(72, '.')}`)
    const shown = sudoku.toText(stuck, undefined, { violations: sudoku.contradictions(stuck) })
    expect(shown).toContain('│!. 1 2')
    expect(sudoku.parse(sudoku.toText(stuck))).toEqual(stuck)
  })

  it('takes no token above 9 for a digit', () => {
    const wrapped = Uint8Array.from(SOLUTION, (digit, cell) => Number(digit) + (LINE[cell] === '.' ? 32 : 0))
    expect(sudoku.verify(puzzle, wrapped)).toContainEqual({ rule: 'cell has no digit', cells: [2] })
  })

  it('shows the wrong digit where an answer changes a given', () => {
    const answer = Uint8Array.from(SOLUTION, Number).with(0, 9)
    const options = { violations: sudoku.verify(puzzle, answer) }
    expect(sudoku.toText(puzzle, answer, options)).toContain('│×9 2')
    expect(sudoku.toSvg(puzzle, answer, options)).toMatch(/<text class="answer wrong" x="24"[^>]*>9</)
  })

  it('tells wrong answers from the givens that they break with, without colour', () => {
    const answer = Uint8Array.from(SOLUTION, Number).with(2, 5)
    const text = sudoku.toText(puzzle, answer, { violations: sudoku.verify(puzzle, answer) })
    expect(text).toContain('│!5 2×5 │')
    const show = { violations: sudoku.verify(puzzle, Uint8Array.from(SOLUTION, Number)) }
    expect(sudoku.parse(sudoku.toText(puzzle, undefined, show))).toEqual(puzzle)
  })

  it('rejects a valid grid that changes a given', () => {
    const swapped = Uint8Array.from(SOLUTION, (digit) =>
      digit === '1' ? 2 : digit === '2' ? 1 : Number(digit),
    )
    expect(new Set(sudoku.verify(puzzle, swapped).map((v) => v.rule))).toEqual(new Set(['given changed']))
  })
})
