/** Every kind has boards to be timed on, and errors are as many as they say, the same ones each time. */
import { type AnyKind, kinds } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { solvedBoards, withErrors } from './kinds-boards.ts'

describe.each([...kinds.values()])('boards of $name', (kind) => {
  const solved = solvedBoards(kind)

  it('are of one size, and solved', () => {
    const sizes = solved.map(({ puzzle }) => JSON.stringify(kind.size(puzzle)))
    expect(new Set(sizes).size).toBe(1)
    for (const { puzzle, tokens } of solved)
      expect(kind.isSolved(puzzle, kind.decode(puzzle, tokens))).toBe(true)
  })

  it('have as many other answers as asked for, never where nothing is asked', () => {
    const boards = withErrors(solved, (count) => Math.ceil(count / 4))
    for (const [i, { tokens }] of boards.entries()) {
      const right = solved[i % solved.length]!.tokens
      const asked = right.filter((token) => token > 0).length
      const changed = right.filter((token, place) => token !== tokens[place])
      expect(changed).not.toContain(0)
      expect(changed).toHaveLength(Math.ceil(asked / 4))
      expect(tokens.filter((token) => token > 0)).toHaveLength(asked)
    }
    expect(withErrors(solved, (count) => Math.ceil(count / 4))).toEqual(boards)
  })
})

it('are its examples for a kind that no file holds', () => {
  const tapa = kinds.get('tapa')!
  const unheardOf: AnyKind = { ...tapa, name: 'unheard-of', examples: [tapa.examples[0]] }
  const puzzle = tapa.parse(tapa.examples[0].text)
  const answer = tapa.parseAnswer(puzzle, tapa.examples[0].answer)
  expect(solvedBoards(unheardOf)).toEqual([{ puzzle, tokens: tapa.encodeAnswer(puzzle, answer) }])
})
