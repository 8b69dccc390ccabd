/** docs/results.md is what its records say, figure by figure. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Results } from '@ptrm/eval'
import { bundledModels } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { filesOf } from './exports.ts'
import { readPeople } from './people.ts'
import { resultsPage } from './results-page.ts'
import { readSizes } from './sizes.ts'
import { readFigures, wholeSetTable, wideFigure } from './whole-sets.ts'

const DOCS = new URL('../../docs/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, DOCS), 'utf8')
const isMeasured = ({ name }: { readonly name: string }) => existsSync(new URL(`results/${name}.json`, DOCS))
const measured = bundledModels.filter(isMeasured)
const unmeasured = bundledModels.filter((model) => !isMeasured(model)).map(({ name }) => name)
const sizes = readSizes(read('results/sizes.jsonl'))
const PEOPLE = new URL('results/people.jsonl', DOCS)
const people = existsSync(PEOPLE) ? readPeople(read('results/people.jsonl')) : []
const records = measured.map(({ name }) => JSON.parse(read(`results/${name}.json`)) as Results)
const lines = readFigures(read('../training/figures.jsonl'))
const wholeSets = wholeSetTable([...lines, ...records.map(wideFigure)])

describe('docs/results.md', () => {
  it('is made from its records, all of bundled models, and names the models without', () => {
    expect(measured.length).toBeGreaterThan(0)
    expect(read('results.md')).toBe(resultsPage(records, unmeasured, wholeSets, sizes, people))
    expect(resultsPage(records, ['other'], wholeSets, sizes, people)).toContain('not measured yet: other.')
    const names = measured.flatMap(({ name }) => [`${name}.csv`, `${name}.json`])
    names.push(...(people.length > 0 ? ['people.jsonl'] : []), 'sizes.jsonl', 'sizes.svg')
    expect(readdirSync(new URL('results', DOCS)).sort()).toEqual(names.sort())
  })

  it('tells each model’s figures at its largest K as its CSV does', () => {
    for (const { run, groups } of records) {
      const k = run.plan.rollouts
      const lines = read(`results/${run.model.name}.csv`).split('\n')
      for (const selection of ['pass', 'best-q', 'mode'] as const) {
        const line = lines.find((text) => text.startsWith(`all,${selection},${k},`))!
        const share = (100 * Number(line.split(',')[3])).toFixed(1)
        expect((100 * groups[0]!.atK.at(-1)!.solved[selection]!.share).toFixed(1)).toBe(share)
        expect(read('results.md')).toMatch(new RegExp(`\\| ${k} \\|.* ${share.replace('.', '\\.')} \\(`))
      }
    }
  })

  it('is of the runs that are bundled, on puzzles for reporting only', () => {
    for (const [i, { weights }] of measured.entries()) {
      const { model, data } = records[i]!.run
      const [file, ...dense] = filesOf(measured[i]!.name)
      expect(createHash('sha256').update(readFileSync(weights)).digest('hex')).toBe(file)
      expect([file, ...dense]).toContain(model.sha256)
      expect(data.name).toContain('-test')
    }
  })
})
