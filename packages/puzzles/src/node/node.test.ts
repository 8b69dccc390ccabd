/** Files, packed or not, and texts as puzzles; what is none is told by name. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type Found, InputError, nameOf, readAllPuzzles, readPuzzleFile, readPuzzles } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-puzzles-'))
const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
const SUDOKU = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const file = (name: string, data: string | Uint8Array) => {
  writeFileSync(join(folder, name), data)
  return join(folder, name)
}

describe('readAllPuzzles', () => {
  it.each([
    ['plain', file('a.txt', `${SUDOKU}\n12\n${AKARI}\n`)],
    ['packed', file('a.txt.gz', gzipSync(`${SUDOKU}\n12\n${AKARI}\n`))],
  ])('reads a %s file: puzzles of all kinds, and the errors among them', async (_, path) => {
    const { items, count } = await readAllPuzzles(path)
    expect(items.map((item) => ('error' in item ? item.error.where.line : item.kind.name))).toEqual([
      'sudoku',
      2,
      'lightup',
    ])
    expect(count).toBe(2)
    expect(nameOf(items[0] as Found)).toBe(`${path}:1`)
  })

  it('reads a puzzle given as text or URL, and grids as the kind asked for', async () => {
    const { items } = await readAllPuzzles('..\n..', { fallback: 'lightup' })
    expect(items).toMatchObject([{ kind: { name: 'lightup' }, where: { source: '<puzzle>' } }])
    expect((await readAllPuzzles(AKARI)).items).toMatchObject([{ where: { source: '<url>' } }])
  })

  it.each([
    [join(folder, 'none.txt'), 'no file'],
    [folder, 'is a folder, not a file'],
    [file('zero', new Uint8Array(9)), 'it holds zero bytes'],
    [file('broken.gz', Uint8Array.of(0x1f, 0x8b, 1)), "can't read"],
    ['# nothing', 'found no puzzle in the input'],
  ])('refuses %s', async (input, reason) => {
    await expect(readAllPuzzles(input)).rejects.toThrow(reason)
    await expect(readAllPuzzles(input)).rejects.toThrow(InputError)
  })

  it('tells the puzzles of a file that was read before, from its bytes', async () => {
    const path = file('crlf.txt', `${SUDOKU}\r\n${AKARI}\r\n`)
    const whole = readPuzzleFile(path)
    writeFileSync(path, '')
    const { items } = await readAllPuzzles(whole)
    expect(items.map(({ where }) => [where.source, where.line])).toEqual([
      [path, 1],
      [path, 2],
    ])
    expect(() => readPuzzleFile(join(folder, 'none.txt'))).toThrow('no file')
    expect(() => readPuzzleFile(folder)).toThrow(InputError)
  })

  it('ends where a reader has enough', async () => {
    for await (const item of readPuzzles(file('many.txt', `${SUDOKU}\n`.repeat(99)))) {
      expect(item).toMatchObject({ where: { line: 1 } })
      break
    }
  })
})
