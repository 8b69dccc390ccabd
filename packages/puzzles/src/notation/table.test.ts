/** Rows of CSV are split as csv-parse splits them, which is too large for a page. */
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PuzzleParseError } from '../errors.ts'
import { splitFields } from './table.ts'

const split = (text: string, delimiter: string) =>
  splitFields({ text, where: { line: 1, column: 1 } }, delimiter)

it('splits any row as csv-parse does, and refuses what that refuses', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '"', ',', ';', 'a', ' ', '1'), maxLength: 14 })
  let [rows, refused] = [0, 0]
  fc.assert(
    fc.property(text, fc.constantFrom(',', ';'), (row, delimiter) => {
      // A row of nothing is none to csv-parse.
      fc.pre(row !== '')
      let wanted: string[] | undefined
      try {
        wanted = (parse(row, { delimiter }) as string[][])[0]!.map((field) => field.trim())
      } catch {
        refused++
      }
      if (wanted) expect(split(row, delimiter).map((field) => field.text)).toEqual(wanted)
      else expect(() => split(row, delimiter)).toThrow(PuzzleParseError)
      rows++
    }),
    { seed: 19, numRuns: 5000 },
  )
  expect(refused).toBeGreaterThan(500)
  expect(rows - refused).toBeGreaterThan(500)
})

it('knows where each field stands, quotes and doubled quotes or not', () => {
  const row = '"a,""b""", c ,"",d'
  const fields = split(row, ',')
  expect(fields.map(({ text }) => text)).toEqual(['a,"b"', 'c', '', 'd'])
  expect(fields.map(({ where }) => where.column)).toEqual([2, 12, 16, 18])
})
