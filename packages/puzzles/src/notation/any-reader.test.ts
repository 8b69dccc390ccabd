/** Texts that mix kinds and notations. */
import { expect, it } from 'vitest'
import { kinds } from '../registry.ts'
import { AnyReader } from './any-reader.ts'

const SUDOKU = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SUDOKU_URL = 'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'
const AKARI_URL = 'http://pzv.jp/p.html?akari/6/6/mcjcg.hcj5ah.'

function read(lines: string[], fallback?: string) {
  const reader = new AnyReader('file', fallback)
  const items = [...lines.flatMap((line) => reader.push(line)), ...reader.end()]
  return items.map((item) => ('error' in item ? item.error.message : `${item.kind.name}:${item.where.line}`))
}

it('gives URLs and records to their kinds, and grids to the kind named last', () => {
  const record = `{"puzzle_url":"${AKARI_URL}","pid":"lightup"}`
  expect(read([SUDOKU, AKARI_URL, SUDOKU, record, 'lightup:', '. 1', 'x .', '', SUDOKU_URL, '. .'])).toEqual([
    'sudoku:1',
    'lightup:2',
    'sudoku:3',
    'lightup:4',
    'lightup:6',
    'sudoku:9',
    'lightup:10',
  ])
})

it('reads CSV rows of several kinds under one header', () => {
  expect(read(['id,url', `a,${SUDOKU_URL}`, `b,${AKARI_URL}`, `c,${SUDOKU_URL}`])).toEqual([
    'sudoku:2',
    'lightup:3',
    'sudoku:4',
  ])
})

it('takes grids for the kind that it is told', () => {
  expect(read(['. 1', '. .'], 'lightup')).toEqual(['lightup:1'])
})

it('names a kind that it does not know, and goes on', () => {
  expect(read(['https://puzz.link/p?yajilin/8/8/42j23e22zi13j', SUDOKU])).toEqual([
    expect.stringContaining(`file:1:21: no puzzle kind 'yajilin'; known: ${[...kinds.keys()].join(', ')}`),
    'sudoku:2',
  ])
})

it('keeps a grid apart from the lines of other kinds around it', () => {
  expect(read(['lightup', '. .', SUDOKU_URL, '. .'])).toEqual(['lightup:2', 'sudoku:3', 'lightup:4'])
})
