/** Reports of a real run and a real sweep: one page that loads nothing, every picture as SVG and CSV, data that is right. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { evalCommand } from '../commands/eval.ts'
import { report } from '../commands/report.ts'
import { sweep } from '../commands/sweep.ts'
import { project } from './latents.ts'
import { toCsv } from './picture.ts'

const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'ptrm-report-'))
const run = join(folder, 'run')
const PLAN = {
  rollouts: 3,
  steps: 6,
  seed: 1n,
  perSource: 1,
  workers: 1,
  kernel: 'simd128',
  quiet: true,
} as const
const pageOf = (path: string) => readFileSync(join(path, 'report.html'), 'utf8')
const rowsOf = (path: string, name: string) =>
  parse<Record<string, string>>(readFileSync(join(path, 'report', `${name}.csv`), 'utf8'), { columns: true })

function expectSelfContained(html: string): void {
  // Nothing but namespaces names another place, and nothing runs.
  const urls = html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')
  expect(urls).not.toMatch(/https?:\/\/|<script|<link|src=/)
}

beforeAll(() => evalCommand(DATA, { ...PLAN, output: run, stop: ['first-verified', { qAbove: 2 }] }), 60_000)

describe('the report of a run', () => {
  it('is one page with every picture, as SVG and CSV beside it', async () => {
    await report(run, { puzzles: DATA })
    const html = pageOf(run)
    expectSelfContained(html)
    const names = ['calibration', 'cost', 'depth', 'escapes', 'latents', 'q-steps', 'width']
    expect(readdirSync(join(run, 'report')).sort()).toEqual(
      names.flatMap((name) => [`${name}.csv`, `${name}.svg`]),
    )
    for (const name of names) {
      const svg = readFileSync(join(run, 'report', `${name}.svg`), 'utf8')
      expect(svg).toMatch(/^<svg /)
      expect(svg).toMatch(/<path/)
      expect(html).toContain(`download="${name}.csv"`)
    }
    expect(html).toContain('Boards at the ends')
  })

  it('draws the figures of results.json', () => {
    const { groups } = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8'))
    const row = rowsOf(run, 'width').find(({ selection, k }) => selection === 'mode@K' && k === '3')!
    expect(Number(row['share'])).toBe(groups[0].atK.at(-1).solved.mode.share)
    expect(rowsOf(run, 'depth')).toHaveLength(3 * 6)
    expect(rowsOf(run, 'cost').map(({ series }) => series)).toContain('stop: q-above:2')
    expect(rowsOf(run, 'latents')).toHaveLength(3 * 6)
  })

  it('traces the puzzle asked for, and refuses other data than the run’s', async () => {
    const id = readFileSync(join(run, 'puzzles.jsonl'), 'utf8').match(/"id":"([^"]+)"/)![1]!
    await report(run, { puzzles: DATA, puzzle: id })
    expect(pageOf(run)).toContain(`latent space: ${id}`)
    await expect(report(run, { puzzles: DATA, puzzle: 'nobody' })).rejects.toThrow('has no puzzle nobody')
    const other = join(folder, 'other.csv')
    writeFileSync(other, `${readFileSync(DATA, 'utf8')}\n`)
    await expect(report(run, { puzzles: other })).rejects.toThrow('has SHA-256')
    await expect(report(folder, {})).rejects.toThrow('is no run folder')
  })
})

describe('the report of a sweep', () => {
  it('draws noise, depth and cost', async () => {
    const output = join(folder, 'sweep')
    await sweep(DATA, { ...PLAN, output, sigmas: [0.2, [0.4, 0.1]], steps: 8, select: 'verified' })
    await report(output, {})
    expectSelfContained(pageOf(output))
    expect(rowsOf(output, 'sigma').map(({ sigma, rollouts }) => [sigma, rollouts])).toEqual([
      ['0.2', '1'],
      ['0.2', '3'],
      ['0.4,0.1', '1'],
      ['0.4,0.1', '3'],
    ])
    expect(rowsOf(output, 'sweep-cost').filter(({ chosen }) => chosen === 'true').length).toBeLessThanOrEqual(
      1,
    )
  })
})

describe('the projection', () => {
  it('finds the two directions of points in a plane, and that they say everything', async () => {
    // Long along (3, 4, 0) / 5, short along (0, 0, 1).
    const latents = [-2, -1, 0, 1, 2].flatMap((t) => [-1, 1].map((s) => Float32Array.of(3 * t, 4 * t, s)))
    const { scores, explained } = await project([
      { rollout: 0, latents, q: 0, answer: new Uint8Array(), right: true },
    ])
    const sign = Math.sign(scores.at(-1)![0]!)
    const along = latents.map(([x, y]) => (3 * x! + 4 * y!) / 5)
    expect(scores.map(([x]) => x! * sign)).toEqual(along.map((x) => expect.closeTo(x, 4)))
    expect(scores.map(([, y]) => Math.abs(y!))).toEqual(latents.map(() => expect.closeTo(1, 4)))
    expect(explained[0]! + explained[1]!).toBeCloseTo(1, 6)
  })
})

describe('toCsv', () => {
  it('quotes what needs it and leaves nothing as nothing', () => {
    expect(toCsv([{ a: 'x,"y"', b: null }, { c: 1 }])).toBe('a,b,c\n"x,""y""",,\n,,1\n')
  })
})
