/** What every puzzle kind must hold: its notation, its rules, its tokens. Its face has a contract of its own. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { throwsOnlyParseErrors } from '../test/parse-errors.ts'
import { samplesOf } from '../test/samples.ts'
import { sizesOf } from '../test/sizes.ts'
import type { AnyKind } from './kind.ts'
import { AnyReader } from './notation/any-reader.ts'
import { itemsOf } from './notation/whole-text.ts'

/** Declares the tests of a registered kind, on puzzles whose unique solutions are known. */
export function kindContract(kind: AnyKind): void {
  const samples = samplesOf(kind, 10)
  const [sample] = samples
  const { puzzle: first, solution: firstSolution } = sample!
  const cells = kind.encode(first).tokens.length

  it('round-trips through its URL, its text grid and a structured clone', () => {
    for (const { puzzle, url } of samples) {
      expect(kind.toUrl(puzzle)).toBe(url)
      expect(kind.parse(url)).toEqual(puzzle)
      expect(kind.parse(kind.toGrid(puzzle))).toEqual(puzzle)
      expect(structuredClone(puzzle)).toEqual(puzzle)
    }
  })

  it('is recognised by its URL, its name above a grid, and a JSON line, among other kinds', () => {
    for (const text of [
      sample!.url,
      `${kind.name}\n${kind.toGrid(first)}`,
      `{"puzzle_url":"${sample!.url}"}`,
    ]) {
      expect([...itemsOf(new AnyReader(), text)]).toMatchObject([
        { kind: { name: kind.name }, puzzle: first },
      ])
    }
  })

  it('encodes a whole board, and accepts its solution by any of its forms', () => {
    for (const { puzzle, solution } of samples) {
      const { rows, cols } = kind.size(puzzle)
      const board = kind.encode(puzzle)
      expect([board.rows, board.columns, board.tokens.length]).toEqual([rows, cols, rows * cols])
      expect(kind.contradictions(puzzle)).toEqual([])
      expect(kind.isComplete(puzzle, solution)).toBe(true)
      expect(kind.verify(puzzle, solution)).toEqual([])
      expect(kind.isSolved(puzzle, solution)).toBe(true)
      expect(kind.parseAnswer(puzzle, kind.answerToLine(puzzle, solution))).toEqual(solution)
      const tokens = kind.encodeAnswer(puzzle, solution)
      expect(tokens).toHaveLength(rows * cols)
      expect(kind.decode(puzzle, tokens)).toEqual(solution)
      expect(kind.canonical(puzzle, tokens)).toEqual(tokens)
    }
  })

  it('writes empty boards of any size that it has as tokens, and reads answers of that size', () => {
    for (const size of sizesOf(kind)) {
      const puzzle = kind.editing.empty(size)
      const { rows, columns, tokens } = kind.encode(puzzle)
      expect([rows, columns, tokens.length]).toEqual([size.rows, size.cols, size.rows * size.cols])
      expect(tokens.every((token) => token < kind.vocabulary.size)).toBe(true)
      const { answers } = kind.vocabulary
      const said = tokens.map((_, cell) => answers[(cell * 7 + (cell % 5)) % answers.length]!)
      const answer = kind.decode(puzzle, said)
      expect(kind.encodeAnswer(puzzle, answer)).toEqual(said)
      expect(kind.canonical(puzzle, said)).toEqual(said)
      expect(kind.isComplete(puzzle, answer)).toBe(true)
      expect(kind.parseAnswer(puzzle, kind.answerToLine(puzzle, answer))).toEqual(answer)
      expect(kind.isSolved(puzzle, answer)).toBe(kind.verify(puzzle, answer).length === 0)
    }
  })

  it('writes boards and answers in the tokens of its vocabulary', () => {
    const { size, answers } = kind.vocabulary
    for (const { puzzle, solution } of samples) {
      expect(Math.max(...kind.encode(puzzle).tokens)).toBeLessThan(size)
      for (const token of kind.encodeAnswer(puzzle, solution)) if (token > 0) expect(answers).toContain(token)
    }
    for (const token of answers) expect(token > 0 && token < size).toBe(true)
    for (const other of kind.vocabulary.others ?? [])
      expect(other.size - other.offset).toBeGreaterThanOrEqual(size)
  })

  it('writes an answer line of the same length whichever of its tokens a model answers with', () => {
    const lengths = [0, ...kind.vocabulary.answers].map((token) => {
      const answer = kind.decode(first, new Uint8Array(cells).fill(token))
      return kind.answerToLine(first, answer).length
    })
    expect(new Set(lengths)).toEqual(new Set([kind.answerToLine(first, firstSolution).length]))
  })

  it('takes answers that differ only where nothing is asked for the same', () => {
    for (const { puzzle, solution } of samples) {
      const tokens = kind.encodeAnswer(puzzle, solution)
      const noisy = tokens.map((token) => token || 1)
      expect(kind.canonical(puzzle, noisy)).toEqual(tokens)
    }
  })

  it('rejects every corruption of one cell, as the solutions are unique', () => {
    for (const { puzzle, solution } of samples) {
      const tokens = kind.encodeAnswer(puzzle, solution)
      for (const [index, right] of tokens.entries()) {
        if (right === 0) continue
        for (const token of new Set(tokens)) {
          if (token === right || token === 0) continue
          const answer = kind.decode(puzzle, tokens.with(index, token))
          expect(kind.verify(puzzle, answer)).not.toEqual([])
          expect(kind.isSolved(puzzle, answer)).toBe(false)
        }
      }
    }
  })

  it('finds nothing broken in any part of a solution, and all that is broken in a whole answer', () => {
    const most = Math.max(...samples.map(({ puzzle }) => kind.encode(puzzle).tokens.length))
    const random = fc.sample(fc.array(fc.nat(99), { minLength: most, maxLength: most }), {
      seed: 4,
      numRuns: samples.length,
    })
    for (const [i, { puzzle, solution }] of samples.entries()) {
      const tokens = kind.encodeAnswer(puzzle, solution)
      for (const share of [0, 30, 60, 90]) {
        const part = tokens.map((token, index) => (random[i]![index]! < share ? token : 0))
        expect(kind.partial(puzzle, kind.decode(puzzle, part))).toEqual([])
      }
      const wrong = tokens.map((token, index) =>
        token > 0 && random[i]![index]! < 20 ? tokens.find((other) => other > 0 && other !== token)! : token,
      )
      const answer = kind.decode(puzzle, wrong)
      expect(new Set(kind.partial(puzzle, answer).map(({ rule }) => rule))).toEqual(
        new Set(kind.verify(puzzle, answer).map(({ rule }) => rule)),
      )
    }
  })

  it('calls a blank answer incomplete and unsolved', () => {
    const blank = kind.decode(first, new Uint8Array(cells))
    expect(kind.isComplete(first, blank)).toBe(false)
    expect(kind.verify(first, blank)).not.toEqual([])
    expect(kind.isSolved(first, blank)).toBe(false)
    expect(kind.parseAnswer(first, kind.answerToLine(first, blank))).toEqual(blank)
  })

  it('throws nothing but PuzzleParseError, whatever the text', () => {
    const characters = fc.string({
      unit: fc.constantFrom(...'0123456789.*_ |-+,;#x/gz?ao\n'),
      maxLength: 200,
    })
    const edited = (text: string) =>
      fc
        .tuple(fc.nat(text.length), fc.string({ maxLength: 3 }))
        .map(([at, put]) => text.slice(0, at) + put + text.slice(at + 1))
    const [name] = kind.urlNames
    const puzzles = fc.oneof(
      characters,
      fc.string(),
      edited(kind.toGrid(first)),
      edited(sample!.url),
      edited(`{"url":"${sample!.url}","solution":[[0,1],[1,0]]}`),
      characters.map((body) => `https://puzz.link/p?${name}/9/9/${body}`),
    )
    const answers = fc.oneof(characters, fc.string(), edited(kind.answerToLine(first, firstSolution)))
    fc.assert(
      fc.property(puzzles, answers, (text, answer) => {
        throwsOnlyParseErrors(() => kind.parse(text))
        throwsOnlyParseErrors(() => kind.parseAnswer(first, answer))
      }),
      { seed: 3, numRuns: 1500 },
    )
  })
}
