/** The puzzle that a report traces is the run's, by whatever path and name, and whatever else its file holds. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { readRun } from '../evaluation/folder.ts'
import { type EvaluationOptions, openEvaluation } from '../evaluation/open.ts'
import { reportOf } from './report.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-trace-'))
afterAll(() => rmSync(folder, { recursive: true }))
const testset = (name: string) => {
  const url = new URL(`../../../../training/testsets/${name}.jsonl.gz`, import.meta.url)
  const lines = gunzipSync(readFileSync(url)).toString().trim().split('\n')
  return lines.slice(0, 3).map((line): Record<string, unknown> => JSON.parse(line))
}
const small = testset('lightup-6-test')
const large = testset('lightup-dev')
const file = (name: string, lines: readonly (string | object)[]) => {
  const path = join(folder, name)
  writeFileSync(
    path,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  return path
}

const OPTIONS = { plan: { rollouts: 2, steps: 3, seed: 1n }, workers: 1, kernel: 'simd128' } as const
async function run(data: string, name: string, options: EvaluationOptions = {}): Promise<string> {
  const evaluation = await openEvaluation(data, { ...OPTIONS, ...options, folder: join(folder, name) })
  await evaluation.run()
  await evaluation.close()
  return join(folder, name)
}
const latentsOf = async (path: string, puzzles: string, puzzle?: string) => {
  const { pictures, html } = await reportOf(path, { puzzles, puzzle })
  const name = html.match(/latent space: ([^<"]+)/)?.[1]
  return { name, csv: pictures.find(({ name }) => name === 'latents')?.csv }
}

it('is found by any path to its file, and by the name that it has there', async () => {
  const bare = small.map(({ id: _, ...record }) => record)
  const typed = file('typed.jsonl', bare)
  mkdirSync(join(folder, 'sub'))
  const moved = file('sub/moved.jsonl', bare)
  const path = await run(typed, 'typed')
  const third = await latentsOf(path, typed, `${typed}:3`)
  expect(third.name).toBe(`${typed}:3`)
  const dotted = join(folder, 'sub').concat('/../typed.jsonl')
  for (const other of [moved, dotted]) {
    expect(await latentsOf(path, other, `${other}:3`)).toEqual(third)
    expect(await latentsOf(path, other, `${typed}:3`)).toEqual(third)
    expect((await latentsOf(path, other)).csv).toBeDefined()
  }
  await expect(latentsOf(path, moved, `${moved}:4`)).rejects.toThrow(
    `${moved} has no puzzle ${moved}:4 among those of ${path}`,
  )
})

it('is the one that the run selected, whoever else has its name', async () => {
  const named = (record: object, source: string) => ({ ...record, id: 'same', source })
  const alone = file('alone.jsonl', [named(small[1]!, 'a')])
  const wanted = await latentsOf(await run(alone, 'alone'), alone)
  expect(wanted.csv).toBeDefined()
  const others = [named(large[0]!, 'a'), named(small[1]!, 'a'), named(small[0]!, 'a')]
  const mixed = file('mixed.jsonl', others)
  const options = { size: { rows: 6, cols: 6 }, perSource: 1 }
  const path = await run(mixed, 'mixed', options)
  expect(readRun(path).manifest.data).toMatchObject({ puzzles: 1, perSource: 1, size: '6x6' })
  expect(await latentsOf(path, mixed)).toEqual(wanted)
  expect(await latentsOf(path, mixed, 'same')).toEqual(wanted)
  const ranged = await run(mixed, 'ranged', { size: { shortest: 1, longest: 6 }, perSource: 1 })
  expect(await latentsOf(ranged, mixed)).toEqual(wanted)
})

it('is found where grids of another kind stand in front, as a run over several kinds reads them', async () => {
  const grid = '..9.............8...8.643..3.......527.8..6...9...7.3..46598........1..6.5.4..1..'
  const data = file('kinds.txt', [grid, small[2]!])
  const path = await run(data, 'kinds', { model: 'lightup', kind: 'sudoku' })
  expect((await latentsOf(path, data)).name).toBe(small[2]!['id'])
})

it('is refused where its solution is not known', async () => {
  const bare = file(
    'bare.txt',
    small.map(({ url }) => url as string),
  )
  const path = await run(bare, 'bare', { judge: 'rules' })
  await expect(latentsOf(path, bare)).rejects.toThrow(`${bare} has no solution of ${bare}:1`)
})
