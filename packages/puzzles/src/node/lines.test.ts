/** Bytes of any encoding and packing become the same lines, as soon as they can. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_LINE } from '../notation/reader.ts'
import { type Line, LineSplitter, linesOf, TOO_LONG } from './lines.ts'

const TEXT = 'one\ntwo\r\n\rfour ▓ \u{1d54a}\n\nsix'
const LINES = ['one', 'two', '', 'four ▓ \u{1d54a}', '', 'six']

const ENCODINGS = {
  'UTF-8': Buffer.from(TEXT),
  'UTF-8 with a mark': Buffer.from(`\ufeff${TEXT}`),
  'UTF-16 LE': Buffer.from(`\ufeff${TEXT}`, 'utf16le'),
  'UTF-16 BE': Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16(),
}

async function read(chunks: Iterable<Uint8Array>, most?: number): Promise<Line[]> {
  const lines: Line[] = []
  for await (const group of linesOf(chunks, most)) lines.push(...group)
  return lines
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe.each(Object.entries(ENCODINGS))('%s', (_, bytes) => {
  it.each([1, 2, 3, 5, 1000])('in pieces of %d bytes, packed or not', async (size) => {
    expect(await read(pieces(bytes, size))).toEqual(LINES)
    expect(await read(pieces(gzipSync(bytes), size))).toEqual(LINES)
    const twice = Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9))])
    expect(await read(pieces(twice, size))).toEqual(LINES)
  })
})

it('an empty input has no line', async () => {
  expect(await read([])).toEqual([])
  expect(await read([new Uint8Array()])).toEqual([])
})

it('a line is handed on when its break has come, though nothing follows', async () => {
  let more = () => {}
  async function* slow() {
    yield Buffer.from('one\ntw')
    await new Promise<void>((resolve) => {
      more = resolve
    })
    yield Buffer.from('o\r')
    await new Promise<void>((resolve) => {
      more = resolve
    })
    yield Buffer.from('\nthree')
  }
  const groups = linesOf(slow())
  expect((await groups.next()).value).toEqual(['one'])
  const second = groups.next()
  more()
  expect((await second).value).toEqual(['two'])
  const third = groups.next()
  await Promise.resolve()
  more()
  expect((await third).value).toEqual([])
})

it('is cut as a whole text is, wherever the pieces end', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n', 'bc'), maxLength: 20 })
  fc.assert(
    fc.property(text, fc.array(fc.nat(20)), (whole, cuts) => {
      const splitter = new LineSplitter()
      const ends = [...cuts.toSorted((a, b) => a - b), whole.length]
      const lines = ends.flatMap((end, i) => splitter.push(whole.slice(ends[i - 1] ?? 0, end)))
      const expected = whole.split(/\r\n|\n|\r/)
      if (expected.at(-1) === '') expected.pop()
      expect([...lines, ...splitter.end()]).toEqual(expected)
    }),
  )
})

describe('a line that is too long', () => {
  const most = 'x'.repeat(LONGEST_LINE)

  it.each([1000, LONGEST_LINE, 3 * LONGEST_LINE])('is passed over, in pieces of %d', async (size) => {
    const text = Buffer.from(`a\n${most}x\nb\n${most}\n${most}x`)
    expect(await read(pieces(text, size))).toEqual(['a', TOO_LONG, 'b', most, TOO_LONG])
  })

  it('of any length takes no more time than its bytes', async () => {
    const piece = Buffer.from('x'.repeat(2 ** 16))
    function* endless() {
      for (let i = 0; i < 1600; i++) yield piece
      yield Buffer.from('\nend')
    }
    expect(await read(endless())).toEqual([TOO_LONG, 'end'])
  })
})

describe('bytes that are no text', () => {
  const utf16 = Buffer.from('53..7\n6..195', 'utf16le')
  it.each([
    ['UTF-16 without a mark', utf16, 'seems to be UTF-16 without a byte order mark'],
    ['UTF-16 BE without a mark', Buffer.from(utf16).swap16(), 'seems to be UTF-16 without'],
    ['zero bytes', Buffer.from('text\0and'), 'it holds zero bytes'],
    ['zero bytes, packed', gzipSync(Buffer.from('text\0and')), 'it holds zero bytes'],
    ['half a file', gzipSync(TEXT).subarray(0, 30), 'unexpected end of file'],
    ['a broken file', Buffer.from([0x1f, 0x8b, 1, 2, 3]), /unknown compression|incorrect header/],
  ])('%s', async (_, bytes, reason) => {
    await expect(read(pieces(bytes, 100_000))).rejects.toThrow(reason)
  })
})

it('a packed text is read up to a size: a bomb is told before it takes the memory', async () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 20, 'x\n'))
  await expect(read([bomb], 2 ** 20 - 1)).rejects.toThrow('it unpacks to more than 1048575 bytes')
  expect(await read([bomb], 2 ** 20)).toHaveLength(2 ** 19)
})
