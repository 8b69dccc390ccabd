/** Reports of a real run and a real sweep: one page that loads nothing, every picture as SVG and CSV, data that is right. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { escapeXml } from '@ptrm/puzzles'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEvaluation } from '../evaluation/open.ts'
import { openSweep } from '../sweep/open.ts'
import { project } from './latents.ts'
import { figure } from './page.ts'
import { type Picture, rowsCsv } from './picture.ts'
import { reportOf, writeReport } from './report.ts'

const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'ptrm-report-'))
afterAll(() => rmSync(folder, { recursive: true }))
const run = join(folder, 'run')
const PLAN = { rollouts: 3, steps: 6, seed: 1n }
const OPTIONS = { perSource: 1, workers: 1, kernel: 'simd128' } as const
const pageOf = (path: string) => readFileSync(join(path, 'report.html'), 'utf8')
const rowsOf = (path: string, name: string) =>
  parse<Record<string, string>>(readFileSync(join(path, 'report', `${name}.csv`), 'utf8'), { columns: true })

function expectSelfContained(html: string): void {
  // Nothing but namespaces names another place, and nothing runs.
  const urls = html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')
  expect(urls).not.toMatch(/https?:\/\/|<script|<link|src=/)
}

beforeAll(async () => {
  const stops = ['first-verified', { qAbove: 2 }] as const
  const evaluation = await openEvaluation(DATA, { ...OPTIONS, plan: PLAN, folder: run, stops })
  await evaluation.run()
  await evaluation.close()
}, 60_000)

describe('the report of a run', () => {
  it('is one page with every picture, as SVG and CSV beside it', async () => {
    const { html, pictures } = await writeReport(run, { puzzles: DATA })
    expect(pageOf(run)).toBe(html)
    expectSelfContained(html)
    const names = ['calibration', 'cost', 'depth', 'escapes', 'latents', 'q-steps', 'width']
    expect(readdirSync(join(run, 'report')).sort()).toEqual(
      names.flatMap((name) => [`${name}.csv`, `${name}.svg`]),
    )
    expect(pictures.map(({ name }) => name).sort()).toEqual(names)
    for (const name of names) {
      const svg = readFileSync(join(run, 'report', `${name}.svg`), 'utf8')
      expect(svg).toMatch(/^<svg /)
      expect(svg).toMatch(/<path/)
      expect(html).toContain(`download="${name}.csv"`)
    }
    expect(html).toContain('Boards at the ends')
  })

  it('is not written over the data that it is given', async () => {
    const data = join(run, 'report', 'width.csv')
    const [drawn, puzzles] = [readFileSync(data), readFileSync(DATA)]
    writeFileSync(data, puzzles)
    await expect(writeReport(run, { puzzles: data })).rejects.toThrow('is read, and would be written over')
    expect(readFileSync(data)).toEqual(puzzles)
    writeFileSync(data, drawn)
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
    const { html } = await reportOf(run, { puzzles: DATA, puzzle: id })
    expect(html).toContain(`latent space: ${id}`)
    await expect(reportOf(run, { puzzles: DATA, puzzle: 'nobody' })).rejects.toThrow(
      'has no puzzle nobody among',
    )
    const other = join(folder, 'other.csv')
    writeFileSync(other, `${readFileSync(DATA, 'utf8')}\n`)
    await expect(reportOf(run, { puzzles: other })).rejects.toThrow('has SHA-256')
    await expect(reportOf(folder)).rejects.toThrow('is no run folder')
  })
})

describe('a damaged file', () => {
  const damaged = (path: string, name: string, text: string) => {
    const copy = join(mkdtempSync(join(folder, 'damaged-')), 'copy')
    cpSync(path, copy, { recursive: true })
    writeFileSync(join(copy, name), text)
    return expect(reportOf(copy)).rejects
  }
  const anyOf = ['', '{', 'null', '[]', '{}', '7']

  it.each([...anyOf, '{"groups":[],"stops":[]}', '{"groups":[{}],"stops":[]}'])(
    'is named where results.json is %s',
    async (text) => {
      await damaged(run, 'results.json', text).toThrow(/^can't read .*copy\/results\.json: /)
    },
  )

  it('is named where a figure of results.json is gone, whichever', async () => {
    const results = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8'))
    const without = (change: (copy: typeof results) => void) => {
      const copy = structuredClone(results)
      change(copy)
      return damaged(run, 'results.json', JSON.stringify(copy))
    }
    for (const field of ['group', 'puzzles', 'plain', 'atK', 'qHead', 'escapes'])
      await without((copy) => delete copy.groups[0][field]).toThrow('results.json: groups is ')
    for (const field of ['k', 'solved', 'netCalls'])
      await without((copy) => delete copy.groups[1].atK[0][field]).toThrow('results.json: groups is ')
    for (const field of ['stop', 'select', 'solved', 'fixed', 'netCalls', 'saving'])
      await without((copy) => delete copy.stops[1][field]).toThrow('results.json: stops is ')
    await without((copy) => (copy.groups[0].qHead = null)).toThrow('results.json: groups is ')
  })

  it.each([...anyOf, '{"data":"d","select":"best-q","budgetMs":null,"chosen":null,"settings":[{}]}'])(
    'is named where sweep.json is %s',
    async (text) => {
      await damaged(run, 'sweep.json', text).toThrow(/^can't read .*copy\/sweep\.json: /)
    },
  )

  it.each([...anyOf, '{"format":1}'])('is named where run.json is %s', async (text) => {
    await damaged(run, 'run.json', text).toThrow(/copy is no run folder: can't read .*run\.json: /)
  })

  it.each([7, '6', '6x', '6x6x6'])('is named where the size in run.json is %j', async (size) => {
    const manifest = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))
    const text = JSON.stringify({ ...manifest, data: { ...manifest.data, size } })
    await damaged(run, 'run.json', text).toThrow(/can't read .*run\.json: data is /)
  })
})

describe('the report of a sweep', () => {
  it('draws noise, depth and cost', async () => {
    const output = join(folder, 'sweep')
    const sigmas = [0.2, [0.4, 0.1]]
    const sweep = await openSweep(DATA, {
      ...OPTIONS,
      ...PLAN,
      folder: output,
      sigmas,
      steps: 8,
      select: 'verified',
    })
    await sweep.run()
    await sweep.close()
    await writeReport(output)
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

describe('a figure', () => {
  it('has its title for its name, whatever the title holds', () => {
    for (const id of ["$'", '$&', '$`', '$$', '$1', '$<svg>']) {
      const picture = { name: 'n', title: `of ${id}`, caption: '', rows: [], chart: {} } as unknown as Picture
      const { body } = figure({ picture, svg: '<svg width="1"><g/></svg>', csv: '' })
      expect(body).toContain(`\n<svg role="img" aria-label="of ${escapeXml(id)}" width="1"><g/></svg>\n`)
    }
  })
})

describe('the projection', () => {
  it('finds the two directions of points in a plane, and that they say everything', () => {
    // Long along (3, 4, 0) / 5, short along (0, 0, 1).
    const latents = [-2, -1, 0, 1, 2].flatMap((t) => [-1, 1].map((s) => Float32Array.of(3 * t, 4 * t, s)))
    const { scores, explained } = project([
      { rollout: 0, latents, q: 0, answer: new Uint8Array(), right: true },
    ])
    const sign = Math.sign(scores.at(-1)![0]!)
    const along = latents.map(([x, y]) => (3 * x! + 4 * y!) / 5)
    expect(scores.map(([x]) => x! * sign)).toEqual(along.map((x) => expect.closeTo(x, 4)))
    expect(scores.map(([, y]) => Math.abs(y!))).toEqual(latents.map(() => expect.closeTo(1, 4)))
    expect(explained[0]! + explained[1]!).toBeCloseTo(1, 6)
  })
})

describe('rowsCsv', () => {
  it('quotes what needs it and leaves nothing as nothing', () => {
    expect(rowsCsv([{ a: 'x,"y"', b: null }, { c: 1 }])).toBe('a,b,c\n"x,""y""",,\n,,1\n')
  })
})
