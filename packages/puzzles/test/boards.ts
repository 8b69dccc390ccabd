/** Puzzles of every kind and size, mostly without solution, answers to them, and their URLs in any spelling. */
import fc from 'fast-check'
import type { AnyKind } from '../src/kind.ts'
import type { Choose } from './spelling.ts'
import { supportOf } from './support.ts'

/** Puzzles of a kind, with sides from `least` to `most` where it has several sizes. */
export function puzzlesOf(kind: AnyKind, most = 24, least = 1): fc.Arbitrary<unknown> {
  return supportOf(kind).puzzles(least, most)
}

/** The answer tokens of a kind: 1 and up. */
export function tokensOf(kind: AnyKind): number[] {
  return Array.from({ length: supportOf(kind).answers }, (_, i) => i + 1)
}

/** Which cells of a puzzle want an answer; givens, which can't be other than they are, do not. */
export function openCells(kind: AnyKind, puzzle: unknown): number[] {
  const givens = supportOf(kind).givens?.(puzzle)
  if (givens) return [...givens.keys()].filter((cell) => givens[cell] === 0)
  // Spelled answers say where nothing is asked.
  const blank = kind.answerToLine(puzzle, blankAnswer(kind, puzzle)).replaceAll('/', '')
  return [...blank].flatMap((character, cell) => (character === '?' ? [cell] : []))
}

/** An answer with only what can't be otherwise: 0, and givens. */
export function blankAnswer(kind: AnyKind, puzzle: unknown): Uint8Array {
  const { rows, cols } = kind.size(puzzle)
  return supportOf(kind).givens?.(puzzle) ?? new Uint8Array(rows * cols)
}

/** The puzzle's URL with every number and run in one of its spellings. */
export function oddUrlsOf(kind: AnyKind, puzzles: fc.Arbitrary<unknown>): fc.Arbitrary<[unknown, string]> {
  const choices = fc.array(fc.nat(), { minLength: 50, maxLength: 50 })
  return fc.tuple(puzzles, choices).map(([puzzle, numbers]) => {
    let next = 0
    const choose: Choose = (count) => numbers[next++ % numbers.length]! % count
    const [, start, body] = /^(.*\/)([^/]*)$/.exec(kind.toUrl(puzzle))!
    return [puzzle, start + supportOf(kind).respell(puzzle, choose, body!)]
  })
}
