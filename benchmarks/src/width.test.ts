/** The table counts right answers by source, and refuses results that are not whole. */
import { describe, expect, it } from 'vitest'
import { header, type Puzzle, type Result, ResultsError, tableRow } from './width.ts'

const PUZZLES: readonly Puzzle[] = [
  { id: 'a', solution: '123', source: 'easy' },
  { id: 'b', solution: '231', source: 'hard' },
  { id: 'c', solution: '312', source: 'easy' },
]
const plan = { rollouts: 4, steps: 8, sigma: 0.3, stop: 'all', seed: '1', includeDeterministic: false }
const result = (id: string, answer: string | null, ms: number): Result => {
  const right = PUZZLES.some((puzzle) => puzzle.id === id && puzzle.solution === answer)
  return { id, answer, status: right ? 'verified' : 'unsolved', select: 'best-q', plan, stats: { ms } }
}
const RESULTS = [result('a', '123', 10.4), result('b', null, 90), result('c', '312', 20)]

describe('the table', () => {
  it('has a column a source, in the order of the puzzles', () => {
    expect(header(PUZZLES).split('\n')[0]).toBe(
      '| plan | chosen by | solved % | easy | hard | ms a puzzle: median, p95 |',
    )
  })

  it('gives the share with its interval, the counts and the times, whatever the order of the results', () => {
    const wanted =
      '| K=4, D=8, sigma 0.3, seed 1, stop all | best-q | 66.7 (20.8-93.9) | 2/2 | 0/1 | 20, 90 |'
    expect(tableRow(PUZZLES, RESULTS, 'r')).toBe(wanted)
    expect(tableRow(PUZZLES, RESULTS.toReversed(), 'r')).toBe(wanted)
  })

  it.each([
    ['a missing puzzle', RESULTS.slice(1), 'r: 2 results for 3 puzzles, 1 of which have none'],
    ['a puzzle twice', [...RESULTS, RESULTS[0]!], '4 results for 3 puzzles'],
    ['two plans', RESULTS.with(0, { ...RESULTS[0]!, plan: { ...plan, seed: '2' } }), 'several plans'],
    ['a verdict against the solution', RESULTS.with(0, { ...RESULTS[0]!, answer: '321' }), 'wrong by its'],
  ])('refuses %s', (_, results, reason) => {
    expect(() => tableRow(PUZZLES, results, 'r')).toThrow(ResultsError)
    expect(() => tableRow(PUZZLES, results, 'r')).toThrow(reason)
  })
})
