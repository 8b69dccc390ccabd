/** CSV comes back as it went out, whatever a cell holds. */
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { csv } from './text.ts'

it.each(['a,b', 'a"b', '""', 'a\nb', 'a\rb', 'a\r\nb', '=1+1', " '", '\u001b[31m', ' a ', '\ufeffx'])(
  'keeps %j',
  (cell) => {
    const rows = [
      ['id', 'n'],
      [cell, '1'],
      ['x', cell],
    ]
    expect(parse(csv(rows), { relaxColumnCount: false })).toEqual(rows)
  },
)
