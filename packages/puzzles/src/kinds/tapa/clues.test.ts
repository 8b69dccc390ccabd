/** Tapa's clues: their codes in URLs, their tokens, and the shadings that they allow. */
import { describe, expect, it } from 'vitest'
import { CLUES, clueOf, codeOf } from './clues.ts'
import { allows, runsOf } from './ring.ts'

describe('clues', () => {
  it('counts runs around a circle', () => {
    // From the upper left clockwise: bit 0 first.
    expect(runsOf(0)).toEqual([])
    expect(runsOf(0b11111111)).toEqual([8])
    expect(runsOf(0b10000001)).toEqual([2])
    expect(runsOf(0b01010101)).toEqual([1, 1, 1, 1])
    expect(runsOf(0b11000111).toSorted()).toEqual([5])
    expect(runsOf(0b00010110).toSorted()).toEqual([1, 2])
  })

  it.each([
    [[0], [], true],
    [[0], [1], false],
    [[-1], [], false],
    [[-1], [5], true],
    [[-1], [1, 1], false],
    [[2, 1], [1, 2], true],
    [[1, 1], [1, 2], false],
    [[-1, 2], [2, 3], true],
    [[-1, 2], [1, 3], false],
    [[-1, 2], [2, 2], true],
    [[-1, -1], [4], false],
    [[-1, 1, -1], [2, 1, 1], true],
  ])('takes %j for runs of %j: %j', (clue, runs, expected) => {
    expect(allows(clue, runs)).toBe(expected)
  })

  it('lists each clue that some shading fulfils, once, in the order of tokens', () => {
    const patterns = [...Array(256).keys()].map(runsOf)
    const sums = (clue: readonly number[]) => clue.reduce((sum, n) => sum + Math.abs(n), clue.length)
    expect(CLUES).toHaveLength(42)
    for (const clue of CLUES) {
      expect(clue).toEqual(clue.toSorted((a, b) => a - b))
      if (clue.length > 1) expect(sums(clue)).toBeLessThanOrEqual(8)
      expect(patterns.some((runs) => allows(clue, runs))).toBe(true)
    }
    const keys = new Set(
      [...Array(477).keys()].flatMap((i) => {
        const clue = clueOf(i - 1)
        return clue && patterns.some((runs) => allows(clue, runs))
          ? [String(clue.toSorted((a, b) => a - b))]
          : []
      }),
    )
    expect(keys).toEqual(new Set(CLUES.map(String)))
    expect([0, 1, 2, 9, 10, 11, 25, 41].map((i) => CLUES[i])).toEqual([
      [-1],
      [0],
      [1],
      [8],
      [-1, -1],
      [-1, 1],
      [-1, -1, -1],
      [1, 1, 1, 1],
    ])
  })

  it('has codes for what clueOf gives, and for nothing else', () => {
    for (let code = -1; code < 36 * 36; code++) {
      const clue = clueOf(code)
      expect(clue !== undefined).toBe(code < 10 || (code >= 360 && code < 476))
      if (clue) expect(codeOf(clue)).toBe(code === 475 ? 9 : code)
    }
    for (const clue of [[], [9], [6, 1], [0, 1], [1, 0], [4, 1, 1], [2, 1, 1, 1], [1, 1, 1, 1, 1], [-2]])
      expect(codeOf(clue)).toBeUndefined()
  })
})
