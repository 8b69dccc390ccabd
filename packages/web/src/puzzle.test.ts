import { kindNamed, kinds } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { emptyBoard, readAll, readOne } from './puzzle.ts'

const urlOf = (name: string) => kindNamed(name).examples[0].text

describe('readOne', () => {
  it('reads a bare grid as the kind given, and a URL as its own', () => {
    expect(readOne('.'.repeat(81), 'sudoku').kind.name).toBe('sudoku')
    expect(readOne(urlOf('lightup'), 'sudoku').kind.name).toBe('lightup')
  })

  it('names place and reason of what it cannot read', () => {
    expect(() => readOne('12345', 'sudoku')).toThrow(/:1:\d+: /)
    expect(() => readOne('# a comment\n', 'sudoku')).toThrow('found no puzzle')
    expect(() => readOne(`${'.'.repeat(81)}\n${'.'.repeat(81)}`, 'sudoku')).toThrow(/:2:1: found a second/)
  })

  it('keeps what the reader had to decide', () => {
    const candidates = Array(9).fill('1 23 4 56 7 89 123 45 678').join('\n')
    expect(readOne(candidates, 'sudoku').note).toContain('candidates')
    expect(readOne('.'.repeat(81), 'sudoku').note).toBeUndefined()
  })

  it('leaves the choice among many to the caller', () => {
    const items = readAll(`${urlOf('tapa')}\n12345\n${urlOf('sudoku')}\n`, 'sudoku')
    expect(items.map((item) => ('error' in item ? 'error' : item.kind.name)).sort()).toEqual([
      'error',
      'sudoku',
      'tapa',
    ])
  })
})

it.each([...kinds.keys()])('a board of %s starts empty', (name) => {
  const { kind, puzzle } = emptyBoard(name)
  expect(kind.name).toBe(name)
  expect(puzzle).toEqual(kind.editing.empty())
})
