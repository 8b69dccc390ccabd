/** The tables of whole test sets are what training/figures.jsonl says, of the weights that are bundled. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readModel } from '@ptrm/core-wasm'
import type { Results } from '@ptrm/eval'
import { bundledModel, bundledModels } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { filesOf } from './exports.ts'
import { readPeople } from './people.ts'
import { readFigures, shortTable, shownFigures, wholeSetTable, wideFigure, withTable } from './whole-sets.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const measured = bundledModels.map(({ name }) => `docs/results/${name}.json`)
const figures = [
  ...readFigures(read('training/figures.jsonl')),
  ...measured.map((path) => wideFigure(JSON.parse(read(path)) as Results)),
]

const PEOPLE = 'docs/results/people.jsonl'
const people = existsSync(new URL(`../../${PEOPLE}`, import.meta.url)) ? readPeople(read(PEOPLE)) : []

describe('the tables of whole test sets', () => {
  it('stand in the README and in docs/results.md as they are made', () => {
    expect(withTable(read('README.md'), 'whole sets', shortTable(figures, people))).toBe(read('README.md'))
    expect(read('docs/results.md')).toContain(wholeSetTable(figures))
    for (const table of [shortTable(figures, people), wholeSetTable(figures)])
      expect(table.split('\n')).toHaveLength(2 + 8)
  })

  it('is of the bundled weights and of test puzzles alone, at the plan that is recommended or a deeper one', () => {
    for (const { row, model, plain, wide } of shownFigures(figures)) {
      const bytes = readFileSync(bundledModel(model)!.weights)
      for (const figure of [plain, wide]) {
        const [file, ...dense] = filesOf(model)
        expect(file).toBe(createHash('sha256').update(bytes).digest('hex'))
        // Also the same run's weights as they were before files held free ones.
        expect([file, ...dense]).toContain(figure.sha256)
        expect(figure.data).toContain('-test')
        const whole = row.source ? 300 : 500
        expect(figure === plain ? [whole] : [whole, 100]).toContain(figure.n)
        expect(figure.sigma === 0).toBe(figure === plain)
      }
      const { rollouts, steps, sigma } = readModel(bytes).recommended
      expect([wide.K, wide.sigma]).toEqual([rollouts, sigma])
      expect(wide.D).toBeGreaterThanOrEqual(steps!)
    }
  })

  it('marks what is below its goal', () => {
    const stars = (percent: number) => {
      const changed = figures.map((f) => (f.K === 64 ? { ...f, best_q: { ...f.best_q, percent } } : f))
      return wholeSetTable(changed).split('*').length
    }
    expect(stars(1) - stars(100)).toBe(8)
    expect(() => wholeSetTable(figures.slice(1).filter(({ K }) => K === 1))).toThrow('no figure of sudoku-2')
  })
})
