/** Shakashaka's rules, against a slow oracle that measures every white area, and by hand. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samplesOf } from '../../../test/samples.ts'
import type { GridAnswer } from '../../board/board.ts'
import { BARE_WALL, WHITE } from '../../board/walls.ts'
import { type ShakashakaPuzzle, shakashaka } from './index.ts'
import { broken, isSolved } from './rules.ts'
import { board, fillings, oracle, walled } from './test/oracle.ts'

const samples = samplesOf(shakashaka) as {
  puzzle: ShakashakaPuzzle
  solution: Uint8Array<ArrayBuffer>
  url: string
}[]

const rulesOf = (...rows: string[]) => broken(...board(...rows)).map(({ rule }) => rule)

/** Compares the rules' verdicts with the oracle's; returns whether the board is solved. */
function compare(puzzle: ShakashakaPuzzle, answer: GridAnswer): boolean {
  const { areas, numbers, triangles } = oracle(puzzle, answer)
  const rules = broken(puzzle, answer).map(({ rule }) => rule)
  const found = {
    areas: !rules.includes('white area is not a rectangle'),
    numbers: !rules.some((rule) => rule.includes('beside the number')),
    triangles: !rules.includes('no triangle on the board'),
  }
  expect(found).toEqual({ areas, numbers, triangles })
  expect(isSolved(puzzle, answer)).toBe(areas && numbers && triangles)
  return areas && numbers && triangles
}

describe('rules against the oracle', () => {
  it('accepts all samples and rejects each of their corruptions', () => {
    let boards = 0
    for (const { puzzle, solution } of samples) {
      expect(compare(puzzle, solution)).toBe(true)
      for (const [cell, right] of solution.entries()) {
        if (right === 0) continue
        // The slow oracle sees a few of them.
        if (cell % 4 === 0) expect(compare(puzzle, solution.with(cell, (right % 5) + 1))).toBe(false)
        for (let value = 1; value <= 5; value++, boards++) {
          expect(isSolved(puzzle, solution.with(cell, value))).toBe(value === right)
        }
      }
    }
    expect(samples).toHaveLength(120)
    expect(boards).toBeGreaterThan(20_000)
  }, 20_000)

  it('agrees on every board of 2x2 with any walls, and every one of 2x3 and 1x4 without', () => {
    let solved = 0
    for (let walls = 0; walls < 16; walls++)
      for (const answer of fillings(walled(2, 2, walls), [1, 2, 3, 4, 5]))
        if (compare(walled(2, 2, walls), answer)) solved++
    for (const [rows, cols] of [
      [2, 3],
      [1, 4],
    ] as const)
      for (const answer of fillings(walled(rows, cols, 0), [1, 2, 3, 4, 5]))
        if (compare(walled(rows, cols, 0), answer)) solved++
    // The diamond of four triangles alone; in 2x3, with two white cells at its left or right.
    expect(solved).toBe(3)
  }, 20_000)

  it('agrees on random boards of any size, and on mixtures of solutions and chance', () => {
    const side = fc.integer({ min: 1, max: 17 })
    const value = fc.integer({ min: 1, max: 5 })
    const clue = fc.constantFrom(WHITE, WHITE, WHITE, WHITE, BARE_WALL, 0, 1, 2, 3, 4)
    const many = { minLength: 17 * 17, maxLength: 17 * 17 }
    const random = fc
      .tuple(side, side, fc.array(clue, many), fc.array(value, many))
      .map(([rows, cols, allClues, values]) => {
        const clues = Int8Array.from(allClues.slice(0, rows * cols))
        const answer = Uint8Array.from(clues, (found, cell) => (found === WHITE ? values[cell]! : 0))
        return [{ kind: 'shakashaka', rows, cols, clues } as ShakashakaPuzzle, answer] as const
      })
    const mixed = fc
      .tuple(fc.nat(samples.length - 1), fc.array(fc.tuple(fc.nat(99), value), { maxLength: 12 }))
      .map(([index, edits]) => {
        const { puzzle, solution } = samples[index]!
        const answer = solution.slice()
        for (const [cell, value] of edits) if (answer[cell]) answer[cell] = value
        return [puzzle, answer] as const
      })
    fc.assert(
      fc.property(fc.oneof(random, mixed), ([puzzle, answer]) => void compare(puzzle, answer)),
      { seed: 5, numRuns: 1500 },
    )
  }, 20_000)

  it('calls a half-filled board broken only if no completion saves the broken rule', () => {
    let early = 0
    for (const walls of [0, 1, 2, 6, 7, 9]) {
      const puzzle = walled(2, 2, walls)
      for (const part of fillings(puzzle, [0, 1, 2, 3, 4, 5])) {
        if (!broken(puzzle, part).some(({ rule }) => rule.includes('rectangle'))) continue
        for (const answer of fillings(puzzle, [1, 2, 3, 4, 5], part))
          expect(oracle(puzzle, answer).areas).toBe(false)
        if (part.includes(0)) early++
      }
    }
    expect(early).toBeGreaterThan(500)
  }, 20_000)
})

describe('rules by hand', () => {
  it.each<[string, string[]]>([
    ['a diamond', ['◤◥', '◣◢']],
    ['a long slope', ['◤◥#', '◣.◥', '#◣◢']],
    ['a slope with white cells, beside upright areas', ['.◤◥.', '◤..◥', '◣..◢', '.◣◢.']],
    ['numbers', ['◤◥.0', '◣◢1.', '..#.']],
  ])('accepts %s', (_, rows) => {
    expect(rulesOf(...rows)).toEqual([])
    expect(isSolved(...board(...rows))).toBe(true)
  })

  it.each<[string, string[], number[][]]>([
    ['an area with a corner missing', ['#◤◥', '.◣◢', '..#'], [[3, 6, 7]]],
    ['a lone triangle', ['.◥', '..'], [[0, 1, 2, 3]]],
    ['a slope that runs into a wall', ['◤◥', '◣#'], [[0, 1, 2]]],
    ['a ring around a wall', ['...', '.#.', '...'], [[0, 1, 3, 2, 6, 5, 7, 8]]],
    ['a slope with a notch', ['◤◥◤◥', '◣..◢', '#◣◢#'], [[0, 1, 4, 5, 6, 2, 9, 7, 10, 3]]],
  ])('marks %s', (_, rows, wanted) => {
    const areas = broken(...board(...rows)).filter(({ rule }) => rule === 'white area is not a rectangle')
    const sorted = (lists: readonly (readonly number[])[]) =>
      lists.map((cells) => cells.toSorted((a, b) => a - b))
    expect(sorted(areas.map(({ cells }) => cells))).toEqual(sorted(wanted))
  })

  it('marks all areas at a point that is too tight for them together', () => {
    const [puzzle, answer] = board('????', '??◢?', '?.◥?', '????')
    expect(broken(puzzle, answer).map(({ cells }) => cells)).toEqual([[9, 10], [6]])
  })

  it('marks numbers that are passed or out of reach, also when half filled', () => {
    expect(rulesOf('◤◥0', '◣◢.')).toEqual(['more than 0 triangles beside the number 0'])
    expect(rulesOf('◤◥2', '◣◢.')).toEqual(['fewer than 2 triangles beside the number 2'])
    expect(rulesOf('??2', '??.')).toEqual(['fewer than 2 triangles beside the number 2'])
    expect(rulesOf('??1', '??.')).toEqual([])
    expect(shakashaka.contradictions(shakashaka.parse('3 .\n. .')).map(({ rule }) => rule)).toEqual([
      'fewer than 3 triangles beside the number 3',
    ])
  })

  it('wants a triangle once all is decided, as pzpr does', () => {
    expect(rulesOf('..', '..')).toEqual(['no triangle on the board'])
    expect(rulesOf('..', '.?')).toEqual([])
    expect(isSolved(...board('..', '..'))).toBe(false)
  })

  it('sees early what undecided cells cannot mend', () => {
    expect(rulesOf('◥?', '??')).toEqual(['white area is not a rectangle'])
    expect(rulesOf('◤?', '??')).toEqual([])
    expect(rulesOf('..?', '.#?', '???')).toEqual(['white area is not a rectangle'])
  })
})
