import { existsSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bundledModel, bundledModels } from './index.ts'

describe('bundled models', () => {
  it.each(bundledModels)('$name has weights and a card with figures', ({ weights, card }) => {
    expect(existsSync(weights)).toBe(true)
    expect(readFileSync(card, 'utf8')).toMatch(/best-Q@K/)
  })

  it.each(bundledModels)('$name is as small as its structure allows', ({ name, weights }) => {
    const most = { 'sudoku-2': 70, 'heyawake-2': 990, 'heyawake-3': 230 }[name] ?? 180
    expect(statSync(weights).size).toBeLessThan(1000 * most)
  })

  it('finds a model by name and by kind', () => {
    expect(bundledModel('sudoku')?.name).toBe('sudoku-2')
    expect(bundledModel('tapa-5')?.kind).toBe('tapa')
    expect(bundledModel('chess')).toBeUndefined()
  })

  it.each([
    ['heyawake', { rows: 10, cols: 10 }, 'heyawake-2'],
    ['heyawake', { rows: 11, cols: 4 }, 'heyawake-3'],
    ['heyawake', { rows: 4, cols: 11 }, 'heyawake-3'],
    ['heyawake', undefined, 'heyawake-2'],
    // Whoever names a model has that one, and is told what it takes.
    ['heyawake-2', { rows: 11, cols: 11 }, 'heyawake-2'],
    ['sudoku', { rows: 16, cols: 16 }, 'sudoku-2'],
    ['tapa', { rows: 50, cols: 50 }, 'tapa-5'],
  ])('finds for %s, %j, the first that takes the board: %s', (name, size, found) => {
    expect(bundledModel(name, size)?.name).toBe(found)
  })

  it('has a model for every kind, each with a card of its own', () => {
    const kinds = ['sudoku', 'lightup', 'tapa', 'shakashaka', 'heyawake', 'nurikabe']
    expect(kinds.map((kind) => bundledModel(kind)?.kind)).toEqual(kinds)
    for (const { name, card } of bundledModels)
      expect(readFileSync(card, 'utf8').split('\n')[0]).toBe(`# ${name}`)
  })
})
