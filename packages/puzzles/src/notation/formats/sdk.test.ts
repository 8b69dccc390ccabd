/** `.sdk` files with sections: one puzzle each, whatever a player made of it. */
import { describe, expect, it } from 'vitest'
import { tell } from '../../../test/tell.ts'
import { kindNamed } from '../../registry.ts'
import { sdk } from './sdk.ts'

const LINE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const URL = kindNamed('sudoku').toUrl(kindNamed('sudoku').parse(LINE))
const ROWS = Array.from({ length: 9 }, (_, row) => LINE.slice(row * 9, row * 9 + 9))
const STATE = ROWS.map((row) => row.replace('.', '1'))
const MARKS = ROWS.map(() => '1,2,,345,,6,,,')

describe('a file with sections', () => {
  it.each([
    ['the puzzle alone', ['[Puzzle]', ...ROWS]],
    ['a state', ['[Puzzle]', ...ROWS, '[State]', ...STATE]],
    ['a state first', ['[State]', ...STATE, '[Puzzle]', ...ROWS]],
    [
      'pencil marks, colours and blank lines',
      ['[Puzzle]', '', ...ROWS, '', '[State]', ...STATE, '', '[PencilMarks]', ...MARKS, '[Colors]', ...ROWS],
    ],
    ['comments', ['[Puzzle]', '#ASomeone', ...ROWS.flatMap((row) => [row, '#']), '[State]', ...STATE]],
    [
      'zeros and blanks between cells',
      ['[puzzle]', ...ROWS.map((row) => [...row.replaceAll('.', '0')].join(' '))],
    ],
  ])('holds one puzzle: %s', (_, lines) => {
    expect(tell(lines.join('\n'))).toMatchObject({ urls: [URL], errors: [], left: [], solutions: [] })
    const twice = tell([...lines, '', ...lines, '', LINE].join('\n'))
    expect(twice).toMatchObject({ urls: [URL, URL], errors: [], left: [2 * lines.length + 3] })
  })

  it('ends with its ninth row, or a blank line', () => {
    const lines = ['[Puzzle]', ...ROWS, '[State]', ...STATE]
    expect(tell([...lines, ROWS[0]].join('\n'))).toMatchObject({ urls: [URL], left: [21] })
    expect(tell([...lines.slice(0, 15), '', ...ROWS].join('\n'))).toMatchObject({
      urls: [URL],
      left: [17, 18, 19, 20, 21, 22, 23, 24, 25],
    })
    for (const other of ['[begin]', 'https://puzz.link/p?akari/1/1/g', '{"url":1}']) {
      const { urls, left } = tell([...lines, other, '. .'].join('\n'), 'sudoku', [sdk])
      expect([urls, left]).toEqual([[URL], [21, 22]])
    }
    expect(tell([...lines, '[1,2]'].join('\n'))).toMatchObject({ urls: [URL], left: [21] })
  })

  it.each([
    [
      'no puzzle',
      ['[State]', ...ROWS],
      '1:1: an .sdk file with [State] and no [Puzzle]: expected the givens',
    ],
    ['an empty one', ['[Puzzle]'], '1:9: expected 9 rows below [Puzzle], found 0'],
    ['a short one', ['[Puzzle]', ...ROWS.slice(1)], '9:10: expected 9 rows below [Puzzle], found 8'],
    ['a short row', ['[Puzzle]', ...ROWS.with(1, '.9..6.8.')], '3:9: expected 9 cells, found 8'],
    ['a long row', ['[Puzzle]', ...ROWS.with(1, '.9..6.8...')], '3:10: expected 9 cells, found 10'],
    [
      'a bad cell',
      ['[Puzzle]', ...ROWS.with(1, '.9..6.8.?')],
      "3:9: unexpected '?'; a cell is a digit 1-9, or '.' or '0' for blank",
    ],
  ])('is refused once with %s', (_, lines, error) => {
    expect(tell(lines.join('\n'))).toMatchObject({ urls: [], errors: [error] })
  })
})

it('leaves other words in brackets alone', () => {
  for (const line of ['[1,2]', '[{"url":1}]', '[a](b)', '[Event "x"]', '[begin]'])
    expect(sdk.opens(line, 'sudoku')).toBe(false)
})
