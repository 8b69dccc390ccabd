/** People's puzzles: records of what `ptrm eval` found, their table, and those of docs/results, if any, of bundled models. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readModel } from '@ptrm/core-wasm'
import type { Results } from '@ptrm/eval'
import { bundledModel } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import {
  isOfClass,
  PER_SOURCE,
  type PeopleRecord,
  peopleRecords,
  peopleTable,
  peopleText,
  readPeople,
  shortPeople,
  widthOf,
  writtenPeople,
} from './people.ts'
import { resultsPage } from './results-page.ts'
import { depths, readSizes } from './sizes.ts'

const DOCS = new URL('../../docs/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, DOCS), 'utf8')
const FILE = 'results/people.jsonl'
const isMeasured = existsSync(new URL(FILE, DOCS))

const sizes = readSizes(read('results/sizes.jsonl'))
const MACHINE = { cpu: 'a', cores: 1, node: '24' }
const estimate = (share: number) => ({ share, low: share - 0.1, high: share + 0.1, of: 100 })
const record = (kind: string, sides: PeopleRecord['sides'], source: string): PeopleRecord => {
  const { run } = sizes.find((record) => record.kind === kind)!
  const figures = { plain: estimate(0.2), bestQ: estimate(0.4), pass: estimate(0.5), verified: estimate(0.6) }
  return { kind, sides, source, ...figures, run, machine: MACHINE }
}
const records = [
  record('lightup', '1-10', 'all'),
  record('tapa', '1-10', 'all'),
  record('tapa', '1-10', 'people'),
  record('tapa', '11-17', 'all'),
]

describe('figures on people’s puzzles', () => {
  it('are a row a kind, class and source, on the page where there are any', () => {
    const [head, , ...rows] = peopleTable(records).split('\n')
    expect(head).toContain('| plain TRM | K | best-Q@K | pass@K | verified@K |')
    expect(rows).toHaveLength(records.length)
    const figures = '20.0 (10.0-30.0) | 16 | 40.0 (30.0-50.0) | 50.0 (40.0-60.0) | 60.0 (50.0-70.0)'
    expect(rows[2]).toBe(`| Tapa | up to 10 | people | 100 | ${records[2]!.run.model.name} | ${figures} |`)
    expect(resultsPage([], [], '', sizes, records)).toContain(peopleText(records))
    expect(resultsPage([], [], '', sizes, [])).not.toContain('people made')
  })

  it('say how deep those went that did not go as deep as the others', () => {
    const deeper = {
      ...records[0]!,
      run: { ...records[0]!.run, plan: { ...records[0]!.run.plan, steps: 32 } },
    }
    expect(depths(records)).toBe('16')
    expect(depths([...records, deeper, deeper])).toBe(`16 (${deeper.run.model.name}: 32)`)
  })

  it('are told in short of boards up to 10 a side, of all sources together', () => {
    expect(shortPeople(records, 'tapa')).toBe('20.0 / 40.0 / 60.0 of 100 (16 tries)')
    expect(shortPeople(records, 'sudoku')).toBe('-')
  })

  it('are kept by kind and class; those that are measured again take the place of the older ones', () => {
    const text = writtenPeople(records.toReversed())
    expect(readPeople(text).map(({ kind, sides }) => `${kind} ${sides}`)).toEqual([
      'lightup 1-10',
      'tapa 1-10',
      'tapa 1-10',
      'tapa 11-17',
    ])
    const renewed = record('tapa', '1-10', 'other')
    expect(readPeople(writtenPeople(records, [renewed]))).toEqual([records[0], renewed, records[3]])
  })

  it('are a record a source, of runs with solutions and 16 rollouts', () => {
    const solved = { pass: estimate(0.5), 'best-q': estimate(0.4), verified: estimate(0.6) }
    const results = (plain: unknown, k: number) => {
      const groups = ['all', 'people'].map((group) => ({ group, plain, atK: [{ k, solved }] }))
      return { run: records[1]!.run, groups } as unknown as Results
    }
    expect(peopleRecords(results(estimate(0.2), 16), '1-10', MACHINE)).toEqual(records.slice(1, 3))
    expect(() => peopleRecords(results(null, 16), '1-10', MACHINE)).toThrow('no figures')
    expect(() => peopleRecords(results(estimate(0.2), 8), '1-10', MACHINE)).toThrow('no figures')
  })

  it('are of classes by the longer side', () => {
    expect([1, 10, 11, 17, 18].map((side) => [isOfClass(side, '1-10'), isOfClass(side, '11-17')])).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [false, false],
    ])
  })

  // The puzzles are nobody's to publish, so a copy of this repository may well have no figures yet.
  it.runIf(isMeasured)(
    'are of the bundled weights, with D and sigma as they are recommended, of all sources',
    () => {
      const text = read(FILE)
      const measured = readPeople(text)
      expect(writtenPeople(measured)).toBe(text)
      for (const { kind, sides, source, run, plain } of measured) {
        const [side] = sides.split('-').map(Number).slice(1)
        const weights = readFileSync(bundledModel(kind, { rows: side!, cols: side! })!.weights)
        expect(run.model.sha256, kind).toBe(createHash('sha256').update(weights).digest('hex'))
        const { sigma, steps } = readModel(weights).recommended
        expect(run.plan).toMatchObject({ rollouts: widthOf(sides), steps, sigma, seed: '1' })
        expect(run.data).toMatchObject({ size: sides, perSource: PER_SOURCE[sides] })
        if (source === 'all') expect(plain.of).toBe(run.data.puzzles)
      }
    },
  )
})
