/** What `ptrm models` lists. */
import { describe, expect, it } from 'vitest'
import { ptrm } from '../../test/ptrm.ts'

describe('ptrm models', () => {
  it('lists models and prints a card', () => {
    expect(ptrm(['models']).stdout).toContain('sudoku-2')
    expect(ptrm(['models', 'sudoku']).stdout).toContain('# sudoku-2')
    expect(ptrm(['models', 'tapa-5']).stdout).toContain('# tapa-5')
    expect(ptrm(['models']).stdout).toMatch(
      /^lightup-3\tlightup\tLight Up, .* boards of any size, .* on a GPU, .*$/m,
    )
    const [first] = ptrm(['models', '--json']).stdout.split('\n')
    expect(JSON.parse(first!)).toEqual({
      name: 'sudoku-2',
      kind: 'sudoku',
      summary: expect.stringContaining('9x9'),
    })
    expect(JSON.parse(ptrm(['models', 'sudoku', '--json']).stdout)).toEqual({
      ...JSON.parse(first!),
      card: ptrm(['models', 'sudoku']).stdout,
    })
  })
})
