/** One small file of each format that people have gives the boards that it holds, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FORMAT_FILES } from '../../test/formats/index.ts'
import { AnyReader } from '../notation/any-reader.ts'
import { itemsOf } from '../notation/whole-text.ts'
import { readAllPuzzles } from './index.ts'

const folder = new URL('../../test/formats/', import.meta.url)

it.each(FORMAT_FILES)('$file', async ({ file, urls, kind, isSolved = false }) => {
  const { items } = await readAllPuzzles(new URL(file, folder).pathname, { fallback: kind })
  expect(items.map((item) => ('error' in item ? item.error.message : item.kind.toUrl(item.puzzle)))).toEqual(
    urls,
  )
  for (const item of items) {
    if ('error' in item) continue
    expect(item.solution !== undefined).toBe(isSolved)
    if (isSolved) expect(item.kind.verify(item.puzzle, item.solution)).toEqual([])
  }
})

it('names every file of the folder', () => {
  const names = readdirSync(folder).filter((name) => name !== 'index.ts')
  expect(names.toSorted()).toEqual(FORMAT_FILES.map(({ file }) => file).toSorted())
})

/** Files that can stand in one text with others. */
const parts = FORMAT_FILES.filter(
  ({ file, isOfTheKindAbove }) => !isOfTheKindAbove && !/utf16|gz|mac/.test(file),
).map(({ file, urls }) => ({
  text: readFileSync(new URL(file, folder), 'utf8').trimEnd(),
  urls,
}))
const junk = ['hello, there!', '!!! what', 'x = 12'].map((text) => ({ text, urls: [] }))

it('files in one text, with junk around them, give their boards, and errors for the junk alone', () => {
  const part = fc.tuple(fc.constantFrom(...parts, ...parts, ...junk), fc.constantFrom('\n', '\n\n', '\n\n\n'))
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (mix) => {
      const text = mix.map(([{ text }, between]) => text + between).join('')
      const items = [...itemsOf(new AnyReader(), text)]
      const urls = items.flatMap((item) => ('error' in item ? [] : [item.kind.toUrl(item.puzzle)]))
      expect(urls).toEqual(mix.flatMap(([part]) => part.urls))
      const hasJunk = mix.some(([part]) => part.urls.length === 0)
      expect(items.length > urls.length).toBe(hasJunk)
    }),
    { numRuns: 300 },
  )
})
