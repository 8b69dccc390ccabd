/** Pairs of answers, counted by hand. */
import { describe, expect, it } from 'vitest'
import { paired, type Question } from './gpu-shares.ts'

/** Solved where both cells are 1. */
const question: Question = { tokens: [0, 0], isSolved: ([a, b]) => a === 1 && b === 1 }
const answers = (...cells: number[]) => Uint8Array.from(cells)

describe('paired', () => {
  it('counts what is solved by both, by one, by none, and what differs', () => {
    const questions = Array.from({ length: 5 }, () => question)
    // Both; alone; lost; none, differently; none, alike.
    const found = answers(1, 1, 1, 1, 1, 2, 3, 3, 2, 2)
    const wanted = answers(1, 1, 2, 1, 1, 1, 3, 2, 2, 2)
    expect(paired(questions, found, wanted)).toEqual({
      ...{ puzzles: 5, solved: 2, solvedByReference: 2, solvedAlone: 1, lost: 1, differ: 3 },
    })
  })

  it('refuses answers of other puzzles', () => {
    expect(() => paired([question], answers(1), answers(1, 1))).toThrow(RangeError)
  })
})
