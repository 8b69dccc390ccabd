/** Shards of a run: exact parts of it, merged to the very files that one machine writes, and refused where they are not. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareFolders } from './compare.ts'
import { mergeShards } from './merge.ts'
import { type EvaluationOptions, openEvaluation } from './open.ts'
import { allShards, type Shard, sizeOfShard } from './shard.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-shard-'))
afterAll(() => rmSync(folder, { recursive: true }))
const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const data = join(folder, 'five.csv')
writeFileSync(data, readFileSync(DATA, 'utf8').split('\n').slice(0, 6).join('\n'))

const OPTIONS = { plan: { rollouts: 2, steps: 3, seed: 1n }, workers: 1, kernel: 'simd128' } as const

async function evaluate(options: EvaluationOptions): Promise<void> {
  const evaluation = await openEvaluation(data, { ...OPTIONS, ...options })
  try {
    const results = await evaluation.run()
    expect(results === undefined).toBe(options.shard !== undefined)
  } finally {
    await evaluation.close()
  }
}

const at = (name: string) => join(folder, name)
const shardOf = (index: number, of: number) => ({ shard: { index, of }, folder: at(`${index}-of-${of}`) })
const shards = [0, 1].map((index) => at(`${index}-of-2`))
const fileIn = (run: string, name: string) => readFileSync(join(run, name), 'utf8')

/** Of a run folder everything but wall times. */
function exactOf(run: string): string[] {
  const lines = fileIn(run, 'puzzles.jsonl').replaceAll(/"ms":\d+/g, '')
  return [lines, ...['run.json', 'results.json', 'results.csv'].map((name) => fileIn(run, name))]
}

beforeAll(async () => {
  await evaluate({ folder: at('whole') })
  for (const index of [0, 1]) await evaluate(shardOf(index, 2))
})

describe('shards of a run', () => {
  it('merge to the bytes of one machine, in any order and again', () => {
    for (const order of [shards, shards.toReversed()]) {
      expect(mergeShards(order, at('merged')).groups[0].puzzles).toBe(5)
      expect(exactOf(at('merged'))).toEqual(exactOf(at('whole')))
      expect(JSON.parse(fileIn(at('merged'), 'times.json'))).toMatchObject({ puzzles: 5, workers: 2 })
    }
    expect(compareFolders(at('merged'), at('whole'))).toBeDefined()
  })

  it('have no figures of their own, and are no run to compare with', () => {
    expect(existsSync(join(shards[0]!, 'results.json'))).toBe(false)
    expect(() => compareFolders(shards[0]!, at('whole'))).toThrow('is shard 0/2 of a run')
  })

  it('may be more than there are puzzles', async () => {
    const many = Array.from({ length: 7 }, (_, index) => shardOf(index, 7))
    for (const options of many) await evaluate(options)
    mergeShards(
      many.map(({ folder }) => folder),
      at('of-many'),
    )
    expect(exactOf(at('of-many'))).toEqual(exactOf(at('whole')))
  })

  it('report what they are asked to', () => {
    expect(mergeShards(shards, at('asked'), { at: [2], stops: ['first-verified'] })).toMatchObject({
      groups: [{ atK: [{ k: 2 }] }],
      stops: [{ stop: 'first-verified' }],
    })
    expect(() => mergeShards(shards, at('asked'), { at: [3] })).toThrow('only K = 2')
  })
})

describe('a merge refuses', () => {
  it('shards that are missing, doubled, of another n, or whole runs', () => {
    const merge = (...runs: string[]) => mergeShards(runs, at('refused'))
    expect(() => merge(shards[1]!)).toThrow('missing: shard 0/2')
    expect(() => merge(shards[0]!, shards[0]!, shards[1]!)).toThrow('are both shard 0/2')
    expect(() => merge(shards[0]!, at('whole'))).toThrow('whole is a whole run')
    expect(() => merge(shards[0]!, at('1-of-7'))).toThrow('not of the same n')
    expect(() => merge(at('nowhere'))).toThrow('is no run folder')
    expect(existsSync(at('refused'))).toBe(false)
  })

  it('shards of another run, and a folder that holds other figures, by name', async () => {
    await evaluate({ ...shardOf(1, 2), folder: at('other'), plan: { ...OPTIONS.plan, seed: 2n } })
    expect(() => mergeShards([shards[0]!, at('other')], at('refused'))).toThrow(
      'plan.seed is "1" in the first and "2" in the second',
    )
    cpSync(at('merged'), at('changed'), { recursive: true })
    const lines = join(at('changed'), 'puzzles.jsonl')
    writeFileSync(lines, readFileSync(lines, 'utf8').replace(/"q":\[[^,]*,/, '"q":[9,'))
    expect(() => mergeShards(shards, at('changed'))).toThrow('has other figures of puzzle 0')
    expect(() => mergeShards(shards, `${shards[0]!}/`)).toThrow(
      '0-of-2/ is one of the shards: choose another',
    )
    await expect(evaluate({ folder: shards[0]! })).rejects.toThrow(
      'holds a run with shard 0/2, now it is not given',
    )
  })

  it('a shard that is not finished, and one with the puzzles of another', () => {
    const cut = at('cut')
    cpSync(shards[0]!, cut, { recursive: true })
    const lines = readFileSync(join(cut, 'puzzles.jsonl'), 'utf8').split('\n')
    writeFileSync(join(cut, 'puzzles.jsonl'), `${lines[0]}\n`)
    expect(() => mergeShards([cut, shards[1]!], at('refused'))).toThrow('cut: 1 of 3 puzzles are done')
    cpSync(join(shards[1]!, 'puzzles.jsonl'), join(cut, 'puzzles.jsonl'))
    expect(() => mergeShards([cut, shards[1]!], at('refused'))).toThrow('no record of this run: index is 1')
  })

  it.each([
    [2, 2],
    [-1, 2],
    [0, 0],
    [0.5, 2],
  ])('shard %s/%s', async (index, of) => {
    await expect(openEvaluation(data, { ...OPTIONS, shard: { index, of } })).rejects.toThrow('wanted i/n')
  })
})

it('every puzzle is in one shard', () => {
  for (let puzzles = 0; puzzles < 12; puzzles++)
    for (let of = 1; of < 8; of++) {
      const sizes = Array.from({ length: of }, (_, index): Shard => ({ index, of })).map((shard) =>
        sizeOfShard(puzzles, shard),
      )
      expect(sizes.reduce((sum, size) => sum + size)).toBe(puzzles)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }
  expect(() => allShards([])).toThrow('no shards')
})
