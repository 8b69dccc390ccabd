/** Solved share against size: records of bundled models on the committed sets, as the page and the picture tell them. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readModel } from '@ptrm/core-wasm'
import type { Results } from '@ptrm/eval'
import { draw } from '@ptrm/eval/report'
import { bundledModel } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { readSizes, SIZED_KINDS, sizePicture, sizeRecord, sizesText, testSet, writtenSizes } from './sizes.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url))
const text = read('docs/results/sizes.jsonl').toString()
const records = readSizes(text)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('the curve of solved share against size', () => {
  it('is of the bundled weights on the committed sets, at 16 rollouts, D and sigma as they are recommended', () => {
    for (const { kind, side, run, plain } of records) {
      const weights = readFileSync(bundledModel(kind, { rows: side, cols: side })!.weights)
      expect(run.model.sha256, kind).toBe(sha256(weights))
      expect(run.data.name).toBe(testSet(kind, side))
      expect(run.data.sha256).toBe(sha256(read(`training/testsets/${run.data.name}`)))
      const { sigma, steps } = readModel(weights).recommended
      expect(run.plan).toMatchObject({ rollouts: 16, steps, sigma, seed: '1' })
      expect(plain.of).toBe(run.data.puzzles)
    }
  })

  it('has every kind, each size once, in order', () => {
    expect([...new Set(records.map(({ kind }) => kind))]).toEqual([...SIZED_KINDS])
    expect(writtenSizes(records)).toBe(text)
    const renewed = { ...records[0]!, plain: { share: 0, low: 0, high: 0.1, of: 9 } }
    expect(readSizes(writtenSizes([...records, renewed]))).toEqual([renewed, ...records.slice(1)])
  })

  it('is drawn and told from its records', async () => {
    expect(read('docs/results.md').toString()).toContain(sizesText(records))
    expect(read('docs/results/sizes.svg').toString()).toBe(`${(await draw(sizePicture(records))).svg}\n`)
    const { rows } = sizePicture(records)
    expect(rows).toHaveLength(3 * records.length)
    const { side, bestQ } = records.at(-1)!
    expect(rows).toContainEqual({ puzzles: 'Nurikabe', side, series: 'best-Q@K', ...bestQ })
  })

  it('takes no run for a record that has no solutions, or another width', () => {
    const estimate = { share: 0.5, low: 0.4, high: 0.6, of: 100 }
    const solved = { 'best-q': estimate, verified: estimate }
    const results = (plain: unknown, k: number) =>
      ({ run: records[0]!.run, groups: [{ plain, atK: [{ k, solved }] }] }) as unknown as Results
    const machine = { cpu: 'a', cores: 1, node: '24' }
    expect(sizeRecord(results(estimate, 16), 6, machine)).toMatchObject({ kind: 'lightup', bestQ: estimate })
    expect(() => sizeRecord(results(null, 16), 6, machine)).toThrow('no figures')
    expect(() => sizeRecord(results(estimate, 8), 6, machine)).toThrow('no figures of plain TRM and of K=16')
  })
})
