/** Lines of bytes, held against plain splitting of the whole. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Line, linesOf } from './lines.ts'

async function read(chunks: readonly Uint8Array[], most = 1000): Promise<Line[]> {
  async function* source() {
    yield* chunks
  }
  const lines: Line[] = []
  for await (const line of linesOf(source(), most)) lines.push(line)
  return lines
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('lines', () => {
  it('are those of the whole text, wherever it is cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', ' ', 'ß', '€', '😀'), maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(60), { maxLength: 5 }), async (whole, cuts) => {
        const all = bytes(whole)
        const places = [0, ...cuts.filter((at) => at < all.length).sort((a, b) => a - b), all.length]
        const chunks = places.slice(1).map((end, i) => all.subarray(places[i], end))
        const expected = whole
          .split('\n')
          .map((line, i) => ({ number: i + 1, text: line.trim() }))
          .filter((line) => line.text !== '')
        expect(await read(chunks)).toEqual(expected)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('that are too long or no UTF-8 are told, and those behind them read', async () => {
    expect(
      await read([bytes('123456\n12345'), bytes('6\n'), Uint8Array.of(0xff, 0x0a), bytes('1')], 5),
    ).toEqual([
      { number: 1, fault: 'too long' },
      { number: 2, fault: 'too long' },
      { number: 3, fault: 'no UTF-8' },
      { number: 4, text: '1' },
    ])
  })
})
