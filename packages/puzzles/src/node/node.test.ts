/** Files, packed or not, and texts as puzzles; what is none is told by name. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type Found, InputError, nameOf, readAllPuzzles, readPuzzleFile, readPuzzles } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-puzzles-'))
afterAll(() => rmSync(folder, { recursive: true }))
const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
const SUDOKU = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const file = (name: string, data: string | Uint8Array) => {
  writeFileSync(join(folder, name), data)
  return join(folder, name)
}

describe('readAllPuzzles', () => {
  it.each([
    ['plain', file('a.txt', `${SUDOKU}\n12\n${AKARI}\n`)],
    ['UTF-16', file('a16.txt', Buffer.from(`\ufeff${SUDOKU}\n12\n${AKARI}\n`, 'utf16le'))],
    ["an old Mac's", file('mac.txt', `${SUDOKU}\r12\r${AKARI}`)],
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

  it.each(['nosuch', 'no such', './nosuch', 'lightup', '5', '2024-01-01', 'data/6/6/a.txt', 'a.b', '../1'])(
    'says that there is no file %s, whatever it might spell',
    async (name) => {
      await expect(readAllPuzzles(name, { fallback: 'heyawake' })).rejects.toThrow(
        new InputError(`no file ${name}`),
      )
    },
  )

  it.each([
    ['akari/6/6/mcjcg.hcj5ah.', '<url>'],
    ['?nurikabe/6/6/g2g3r4n3l3i', '<url>'],
    ['nurikabe_edit/6/6/g2g3r4n3l3i', '<url>'],
    [AKARI, '<url>'],
    [SUDOKU, '<puzzle>'],
    [SUDOKU.replaceAll('.', '0'), '<puzzle>'],
    [SUDOKU.slice(1), '<puzzle>'],
    ['. 1 x', '<puzzle>'],
    ['..2x', '<puzzle>'],
    ['a1 a b', '<puzzle>'],
    ['{"url":"no"}', '<puzzle>'],
    ['pzprv3/lightup/1/2/. x', '<puzzle>'],
    ['no\nsuch', '<puzzle>'],
  ])('takes %s for a puzzle, right or wrong: no file has such a name', async (text, source) => {
    const { items } = await readAllPuzzles(text, { fallback: 'lightup' })
    expect(items[0]).toMatchObject({ where: { source } })
  })

  it('reads a file whose name looks like a puzzle', async () => {
    const { items } = await readAllPuzzles(file('..2x', SUDOKU))
    expect(items).toMatchObject([{ kind: { name: 'sudoku' } }])
  })

  it('names a line that is too long, and reads on', async () => {
    const path = file('long.txt', `${SUDOKU}\n${'1'.repeat(1_000_001)}\r${AKARI}\n`)
    const { items } = await readAllPuzzles(path)
    expect(items.map((item) => ('error' in item ? item.error.message : item.where.line))).toEqual([
      1,
      `${path}:2:1: a line of more than 1000000 characters: expected a puzzle a line, or a row`,
      3,
    ])
  })

  it('lets no grid go on across a line that is too long', async () => {
    const board = '. .\n. x\n'
    const path = file('across.txt', `${board}${'1'.repeat(1_000_001)}\n${board}`)
    const { items } = await readAllPuzzles(path, { fallback: 'lightup' })
    expect(items.map((item) => ('error' in item ? 'error' : (item.puzzle as { rows: number }).rows))).toEqual(
      [2, 'error', 2],
    )
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

  it.each([
    ['plain', Buffer.from(`${SUDOKU}\n${AKARI}`)],
    ['packed', gzipSync(`${SUDOKU}\n${AKARI}`)],
  ])('reads stdin, %s', async (_, bytes) => {
    const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([bytes]) as never)
    const { items } = await readAllPuzzles('-')
    stdin.mockRestore()
    expect(items.map(({ where }) => `${where.source}:${where.line}`)).toEqual(['<stdin>:1', '<stdin>:2'])
  })

  it('tells a puzzle of stdin though stdin waits, and ends at the signal', async () => {
    const waiting = new PassThrough()
    const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(waiting as never)
    const abort = new AbortController()
    waiting.write(`${SUDOKU}\n`)
    const found: unknown[] = []
    for await (const item of readPuzzles('-', { signal: abort.signal })) {
      found.push(item)
      abort.abort()
    }
    for await (const item of readPuzzles('-', { signal: abort.signal })) found.push(item)
    stdin.mockRestore()
    expect(found).toHaveLength(1)
  })

  it('tells why it ended before the end, and not that nothing was there', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'))
    await expect(readAllPuzzles(file('ended.txt', SUDOKU), { signal })).rejects.toThrow('interrupted')
  })

  it('ends where a reader has enough', async () => {
    for await (const item of readPuzzles(file('many.txt', `${SUDOKU}\n`.repeat(99)))) {
      expect(item).toMatchObject({ where: { line: 1 } })
      break
    }
  })
})
