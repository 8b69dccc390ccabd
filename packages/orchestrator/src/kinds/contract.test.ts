/** What every puzzle kind must hold, run over all of them with a few samples each. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PuzzleParseError } from '../errors.ts'
import { kinds } from './registry.ts'

/** Puzzle and solution as token lines, by kind. */
const SAMPLES: Readonly<Record<string, readonly (readonly [puzzle: string, solution: string])[]>> = {
  sudoku: [
    [
      '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.',
      '528194637193567824467823519241935768639748251875612493712386945384259176956471382',
    ],
    [
      '5...7...2.83.62..9...5.8.3.7..6....4.5.9..1......54....9.....78.7....2......2..1.',
      '569173842183462759427598631732681594854937126916254387295316478371849265648725913',
    ],
  ],
}

describe.each([...kinds.values()])('kind $name', (kind) => {
  const samples = SAMPLES[kind.name]!.map(([text, line]) => ({
    puzzle: kind.parse(text),
    text,
    solution: Uint8Array.from(line, Number),
  }))

  it('round-trips through its URL, its picture and a structured clone', () => {
    for (const { puzzle } of samples) {
      expect(kind.parse(kind.toUrl(puzzle))).toEqual(puzzle)
      expect(kind.parse(kind.toText(puzzle))).toEqual(puzzle)
      expect(structuredClone(puzzle)).toEqual(puzzle)
    }
  })

  it('encodes a whole board and accepts its solution', () => {
    for (const { puzzle, solution } of samples) {
      expect(kind.encode(puzzle)).toHaveLength(kind.cells)
      expect(kind.contradictions(puzzle)).toEqual([])
      expect(kind.verify(puzzle, kind.decode(puzzle, solution))).toEqual([])
    }
  })

  it('rejects every corruption of one cell', () => {
    for (const { puzzle, solution } of samples) {
      for (let cell = 0; cell < kind.cells; cell++) {
        for (const token of new Set(solution)) {
          if (token === solution[cell]) continue
          const violations = kind.verify(puzzle, kind.decode(puzzle, solution.with(cell, token)))
          expect(violations.flatMap((violation) => violation.cells)).toContain(cell)
        }
      }
    }
  })

  it('draws without colour codes unless asked, and a well-formed titled SVG', () => {
    const { puzzle, solution } = samples[0]!
    const answer = kind.decode(puzzle, solution)
    expect(kind.toText(puzzle, answer)).not.toContain('\u001b')
    expect(kind.toText(puzzle, answer, { color: true })).toContain('\u001b')
    const svg = kind.toSvg(puzzle, answer, { title: 'a < b & c' })
    expect(svg).toContain('<title>a &lt; b &amp; c</title>')
    const tags = [...svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)].filter(([, , , selfClosing]) => !selfClosing)
    expect(tags.filter(([, close]) => close).length * 2).toBe(tags.length)
  })

  it('throws nothing but PuzzleParseError, whatever the text', () => {
    const cells = fc.string({ unit: fc.constantFrom(...'123456789.0*_ |-+,;#x/gz?\n'), maxLength: 200 })
    const edits = fc.tuple(fc.nat(80), fc.string({ maxLength: 3 })).map(([at, put]) => {
      const { text } = samples[0]!
      return text.slice(0, at) + put + text.slice(at + 1)
    })
    fc.assert(
      fc.property(
        fc.oneof(
          cells,
          edits,
          fc.string(),
          cells.map((body) => `https://puzz.link/p?sudoku/9/9/${body}`),
        ),
        (text) => {
          try {
            kind.parse(text)
          } catch (error) {
            expect(error).toBeInstanceOf(PuzzleParseError)
          }
        },
      ),
      { seed: 3, numRuns: 2000 },
    )
  })
})
