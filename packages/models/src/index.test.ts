import { existsSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bundledModel, bundledModels } from './index.ts'

describe('bundled models', () => {
  it.each(bundledModels)('$name has weights and a card with figures', ({ weights, card }) => {
    expect(existsSync(weights)).toBe(true)
    expect(readFileSync(card, 'utf8')).toMatch(/best-Q@K/)
  })

  it.each(bundledModels)('$name is as small as its structure allows', ({ kind, weights }) => {
    const most = { sudoku: 70, heyawake: 990 }[kind] ?? 180
    expect(statSync(weights).size).toBeLessThan(1000 * most)
  })

  it('finds a model by name and by kind', () => {
    expect(bundledModel('sudoku')?.name).toBe('sudoku-2')
    expect(bundledModel('tapa-5')?.kind).toBe('tapa')
    expect(bundledModel('chess')).toBeUndefined()
  })

  it('has a model for every kind, each with a card of its own', () => {
    const kinds = ['sudoku', 'lightup', 'tapa', 'shakashaka', 'heyawake', 'nurikabe']
    expect(kinds.map((kind) => bundledModel(kind)?.kind)).toEqual(kinds)
    for (const { name, card } of bundledModels)
      expect(readFileSync(card, 'utf8').split('\n')[0]).toBe(`# ${name}`)
  })
})
