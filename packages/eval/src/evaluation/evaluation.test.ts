/** A run folder from the first rollout to the tables: resumed, refused, compared, and judged by solutions alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { RunMismatchError } from '../errors.ts'
import { compareFolders, compareRuns } from './compare.ts'
import { counted, readData } from './data.ts'
import { type Run, RunFolder, readRun } from './folder.ts'
import { checkAllRunnable, openInputs } from './inputs.ts'
import type { Manifest } from './manifest.ts'
import { type EvaluationOptions, openEvaluation } from './open.ts'
import type { PuzzleRecord, RolloutRecord } from './record.ts'
import { type Results, resultsOf, widths } from './results.ts'
import { resultsCsv, resultsTable } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-eval-'))
afterAll(() => rmSync(folder, { recursive: true }))
const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const PLAN = { rollouts: 3, steps: 4, seed: 1n }
const OPTIONS = { plan: PLAN, perSource: 1, workers: 1, kernel: 'simd128' } as const

async function evaluate(data: string, options: EvaluationOptions): Promise<Results | undefined> {
  const evaluation = await openEvaluation(data, options)
  try {
    return await evaluation.run()
  } finally {
    await evaluation.close()
  }
}

function manifest(puzzles: number, rollouts: number): Manifest {
  return {
    format: 1,
    model: { name: 'm', kind: 'sudoku', sha256: 'a' },
    data: { name: 'd.csv', sha256: 'b', puzzles, perSource: null },
    plan: { rollouts, steps: 4, sigma: 0.3, noiseTarget: 'zL', seed: '0' },
    engine: { backend: 'wasm', kernel: 'simd128' },
    netCallsPerStep: 4,
  }
}

/** A rollout of answer 0 is right, from its last step on. */
function rollout(answer: number, q: number, verified: number | null = null): RolloutRecord {
  const right = answer === 0
  return {
    q: [-1, -1, -1, q],
    answers: [answer + 1, answer + 1, answer + 1, answer],
    right,
    cells: right ? 1 : 0.5,
    firstRight: right ? 4 : null,
    firstVerified: verified,
  }
}

function record(index: number, rollouts: RolloutRecord[], plain = rollout(1, 0)): PuzzleRecord {
  return { index, id: `p${index}`, source: index % 2 === 0 ? 'even' : 'odd', plain, rollouts, ms: 10 }
}

const RECORDS = [
  record(0, [rollout(0, 2, 3), rollout(1, 1), rollout(1, -1), rollout(0, 0, 4)], rollout(0, 3)),
  record(1, [rollout(1, 5), rollout(2, 1), rollout(2, -1), rollout(0, 0)]),
]

describe('the model', () => {
  const small = 'https://puzz.link/p?heyawake/6/6/aaaeee00pg681h1g100'
  const wide = 'https://puzz.link/p?heyawake/11/4/6b6a6a3207g07vs4g3h120g1h'

  it.each([
    ['of a kind', [small], 'heyawake', 'heyawake-2'],
    ['of the data’s only kind, for its largest board', [small, wide], undefined, 'heyawake-3'],
    ['of a kind, for its largest board', [small, wide], 'heyawake', 'heyawake-3'],
    ['that is named', [small, wide], 'heyawake-2', 'heyawake-2'],
  ])('is the bundled one %s', async (_, boards, model, found) => {
    const path = join(folder, 'boards.txt')
    writeFileSync(path, `${boards.join('\n')}\n`)
    expect((await openInputs(path, { model })).model.name).toBe(found)
  })
})

describe('the figures', () => {
  const { groups } = resultsOf(manifest(2, 4), RECORDS, [1, 4])
  const all = groups[0]!

  it('come by group, from solutions; only verified is what the rules say', () => {
    expect(groups.map(({ group, puzzles }) => [group, puzzles])).toEqual([
      ['all', 2],
      ['even', 1],
      ['odd', 1],
    ])
    const shares = all.atK.map(({ solved }) => Object.values(solved).map((estimate) => estimate?.share))
    expect(shares).toEqual([
      [0.375, 0.375, 0.375, 0.375, 0.25],
      [1, 0.5, 0.5, 0.5, 0.5],
    ])
    expect(all.atK[1]!.gap).toBe(0.5)
    expect(all.plain?.share).toBe(0.5)
  })

  it('count net calls, escapes and the steps until right', () => {
    // Of the first puzzle's rollouts 2/3 fail, on average, before one is accepted; none of the second's is.
    const steps = [(2 / 3) * 4 + 3.5, 4 * 4]
    expect(all.atK[1]!.netCalls).toEqual({
      fixed: 64,
      untilVerified: expect.closeTo((4 * (steps[0]! + steps[1]!)) / 2, 9),
    })
    expect(all.escapes).toEqual({ puzzles: 1, escaped: 1, rolloutsRight: [{ id: 'p1', right: 1, of: 4 }] })
    expect(all.firstRight).toEqual({ rollouts: 3, median: 4, p95: 4 })
    expect(all.qHead?.auroc).toBeCloseTo(8 / 15, 9)
  })

  it('say nothing on accuracy without solutions', () => {
    const strip = (r: RolloutRecord) => ({ ...r, right: null, cells: null, firstRight: null })
    const bare = RECORDS.map((r) => ({ ...r, plain: strip(r.plain), rollouts: r.rollouts.map(strip) }))
    const [group] = resultsOf(manifest(2, 4), bare, [4]).groups
    expect(group).toMatchObject({ plain: null, qHead: null, escapes: null })
    expect(group!.atK[0]!.solved).toMatchObject({ pass: null, 'best-q': null, verified: { share: 0.5 } })
  })

  it('are written as CSV, a line a group, selection and K', () => {
    const lines = resultsCsv(resultsOf(manifest(2, 4), RECORDS, [4])).split('\n')
    expect(lines[0]).toBe('group,selection,k,share,low,high,puzzles')
    expect(lines[2]).toMatch(/^all,pass,4,1\.000000,0\.34\d+,1\.000000,2$/)
    expect(lines).toHaveLength(1 + 3 * 6 + 1)
  })

  it('tell a source from all puzzles and from those without one, whatever it is called', () => {
    const sources = ['all', null, 'no source', 'all (source)', 'a\nb']
    const records = sources.map((source, index) => ({ ...RECORDS[0]!, index, source }))
    const results = resultsOf(manifest(5, 4), records, [4])
    expect(results.groups.map(({ group }) => group)).toEqual([
      'all',
      'all (source)',
      'no source',
      'no source (source)',
      'all (source) (source)',
      'a\nb',
    ])
    expect(resultsTable(results)).toMatch(/^a\\x0ab, 1 puzzles/m)
  })

  it('are asked at the usual widths', () => {
    expect(widths(64)).toEqual([1, 2, 5, 10, 25, 50, 64])
    expect(widths(1)).toEqual([1])
  })
})

describe('two runs', () => {
  it('are compared puzzle by puzzle', () => {
    const better = RECORDS.map((r) => ({ ...r, rollouts: [rollout(0, 9, 1)] }))
    const run = { manifest: manifest(2, 4), records: RECORDS }
    expect(compareRuns(run, { ...run, records: better })['best-q']).toEqual({
      onlyFirst: 0,
      onlySecond: 1,
      bothRight: 1,
      bothWrong: 0,
      p: 1,
    })
  })

  it('are compared only where they are of the same puzzles', () => {
    const run: Run = { manifest: manifest(2, 4), records: RECORDS }
    const refused = (change: Partial<Manifest>, records = RECORDS) => {
      const other = { manifest: { ...run.manifest, ...change }, records }
      expect(() => compareRuns(other, run)).toThrow(RunMismatchError)
      return expect(() => compareRuns(run, other))
    }
    const { data, model } = run.manifest
    refused({ data: { ...data, sha256: 'c' } }).toThrow(
      'data.sha256 is "b" in the first and "c" in the second',
    )
    refused({ data: { ...data, size: '6x6' } }).toThrow('size is null in the first and "6x6" in the second')
    refused({ data: { ...data, perSource: 1 } }).toThrow('perSource is null in the first and 1 in the second')
    refused({ model: { ...model, kind: 'tapa' } }).toThrow(
      'the runs are of different puzzles: kind is "sudoku" in the first and "tapa" in the second; compare runs of one file, kind, --size and --per-source',
    )
    refused({ shard: { index: 0, of: 2 } }).toThrow('shard is null in the first and "0/2" in the second')
    const named = (...ids: string[]) => RECORDS.map((record, i) => ({ ...record, id: ids[i]! }))
    refused({}, named('p0', 'p2')).toThrow('puzzle 1 is p1 in the first and p2 in the second')
    const [one, same, others] = ['a.txt', './a.txt', '/b.txt'].map((path, i) => {
      return { ...run, records: named(`${path}:3`, `${path}:${i < 2 ? 4 : 5}`) }
    })
    expect(compareRuns(one!, same!).pass).toMatchObject({ bothRight: 2 })
    expect(() => compareRuns(one!, others!)).toThrow('puzzle 1 is a.txt:4 in the first and /b.txt:5')
  })
})

describe('an evaluation', () => {
  it('needs no folder, reads its files once, and has its figures when it is run', async () => {
    const data = join(folder, 'once.csv')
    writeFileSync(data, readFileSync(DATA))
    const progress: number[][] = []
    const onProgress = ({ done, total }: { done: number; total: number }) => progress.push([done, total])
    const evaluation = await openEvaluation(data, { ...OPTIONS, onProgress })
    writeFileSync(data, '')
    expect(evaluation.results).toBeUndefined()
    const results = await evaluation.run()
    expect(evaluation.results).toBe(results)
    expect(results!.run).toEqual(evaluation.manifest)
    expect(results!.groups[0]).toMatchObject({ group: 'all', puzzles: 3 })
    expect(evaluation.records.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(evaluation.times).toMatchObject({ puzzles: 3, workers: 1 })
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
    await evaluation.close()
    await evaluation.close()
  })

  it('ends at its signal with what is done, and goes on there', async () => {
    const path = join(folder, 'ended')
    const ends = new AbortController()
    const ended = await openEvaluation(DATA, {
      ...OPTIONS,
      folder: path,
      signal: ends.signal,
      onProgress: () => ends.abort(),
    })
    expect(await ended.run()).toBeUndefined()
    expect(ended.records).toHaveLength(1)
    await ended.close()
    const again = await openEvaluation(DATA, { ...OPTIONS, folder: path })
    expect(again.records).toHaveLength(1)
    expect(await again.run()).toMatchObject({ groups: [{ puzzles: 3 }, {}, {}, {}] })
    await again.close()
  })
})

describe('a run folder', () => {
  it('goes on after a kill, to the same bytes', async () => {
    const path = join(folder, 'resumed')
    const file = (name: string) => join(path, name)
    await evaluate(DATA, { ...OPTIONS, folder: path })
    const [results, csv, lines] = ['results.json', 'results.csv', 'puzzles.jsonl'].map((name) =>
      readFileSync(file(name), 'utf8'),
    )
    const whole = lines!.trimEnd().split('\n')
    expect(whole).toHaveLength(3)
    // Killed in the middle of writing the second puzzle.
    writeFileSync(file('puzzles.jsonl'), `${whole[0]}\n${whole[1]!.slice(0, 99)}`)
    expect(() => readRun(path)).toThrow('1 of 3 puzzles are done')
    writeFileSync(file('results.json'), '')
    expect(await evaluate(DATA, { ...OPTIONS, folder: path, workers: 2 })).toEqual(JSON.parse(results!))
    expect(readFileSync(file('results.json'), 'utf8')).toBe(results)
    expect(readFileSync(file('results.csv'), 'utf8')).toBe(csv)
    expect(readFileSync(file('puzzles.jsonl'), 'utf8').startsWith(`${whole[0]}\n`)).toBe(true)
  })

  it('runs puzzles again whose records are damaged, to the same bytes, and says which', async () => {
    const path = join(folder, 'resumed')
    const lines = join(path, 'puzzles.jsonl')
    const before = readFileSync(join(path, 'results.json'), 'utf8')
    const whole = readFileSync(lines, 'utf8').trimEnd().split('\n')
    writeFileSync(
      lines,
      [whole[0], `${whole[1]!.slice(0, 70)}${whole[2]}`, whole[2], whole[0], ''].join('\n'),
    )
    const faults: string[] = []
    await evaluate(DATA, { ...OPTIONS, folder: path, onFault: (fault) => faults.push(fault) })
    expect(faults).toEqual([`${lines}:2: no JSON`])
    expect(readFileSync(join(path, 'results.json'), 'utf8')).toBe(before)
  })

  it('is written by one evaluation at a time', async () => {
    const options = { ...OPTIONS, folder: join(folder, 'own') }
    const first = await openEvaluation(DATA, options)
    await expect(openEvaluation(DATA, options)).rejects.toThrow(`is in use by process ${process.pid}`)
    await first.close()
    await (await openEvaluation(DATA, options)).close()
  })

  it('refuses another plan, other data and a K that was not run, by name', async () => {
    const path = join(folder, 'resumed')
    const again = (options: EvaluationOptions) => evaluate(DATA, { ...OPTIONS, folder: path, ...options })
    await expect(again({ plan: { ...PLAN, sigma: 0.5 } })).rejects.toThrow(
      'holds a run with plan.sigma 0.3, now it is 0.5',
    )
    await expect(again({ perSource: 2 })).rejects.toThrow('data.puzzles 3, now it is 6')
    await expect(again({ plan: { ...PLAN, sigma: 1e19 } })).rejects.toThrow('plan.sigma: found 1')
    for (const at of [[], [0], [1.5], [Number.NaN]])
      await expect(again({ at })).rejects.toThrow('wanted whole numbers of at least 1')
    await expect(again({ stops: ['never' as 'all'] })).rejects.toThrow('plan.stop')
    await expect(again({ at: [9] })).rejects.toThrow('--at 9: only K = 3')
    const foreign = join(folder, 'foreign')
    RunFolder.open(foreign, manifest(2, 4)).close()
    expect(() =>
      RunFolder.open(foreign, { ...manifest(2, 4), model: { name: 'm', kind: 'sudoku', sha256: 'x' } }),
    ).toThrow('model.sha256 "a", now it is "x"')
    expect(() => readRun(folder)).toThrow('is no run folder')
    expect(() => compareFolders(path, foreign)).toThrow('0 of 2 puzzles are done')
  })

  it('takes each kind of a mixed file by its own model, boards of one size, and counts what it leaves out', async () => {
    const data = join(folder, 'mixed.jsonl')
    const sudoku = 'sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'
    const names = ['akari/6/6/mcjcg.hcj5ah.', sudoku, 'slither/3/3/gdg', 'akari/2/2/j', 'slither/3/3/gdg']
    writeFileSync(
      data,
      names.map((name) => JSON.stringify({ puzzle_url: `https://puzz.link/p?${name}` })).join('\n'),
    )
    const all = await readData(data, {})
    expect([...all.puzzles].map(([kind, { length }]) => [kind, length])).toEqual([
      ['lightup', 2],
      ['sudoku', 1],
    ])
    expect(counted(all.leftOut)).toBe('2 slither')
    const small = await readData(data, { size: { rows: 6, cols: 6 } })
    expect([...small.puzzles.keys()]).toEqual(['lightup'])
    expect(counted(small.leftOut)).toBe('1 9x9 sudoku, 2 slither, 1 2x2 lightup')
    await expect(readData(data, { size: { rows: 7, cols: 7 } })).rejects.toThrow(
      'nothing to evaluate; left out: 1 6x6 lightup',
    )
    const range = await readData(data, { size: { shortest: 3, longest: 6 } })
    expect([...range.puzzles].map(([kind, { length }]) => [kind, length])).toEqual([['lightup', 1]])
    expect(counted(range.leftOut)).toBe('1 9x9 sudoku, 2 slither, 1 2x2 lightup')
    await expect(readData(data, { size: { shortest: 7, longest: 8 } })).rejects.toThrow('1 9x9 sudoku')
    await expect(openEvaluation(all)).rejects.toThrow('holds lightup, sudoku; say with --model')
    const evaluation = await openEvaluation(small, { ...OPTIONS, judge: 'rules' })
    expect(evaluation.manifest).toMatchObject({
      model: { kind: 'lightup' },
      data: { puzzles: 1, size: '6x6' },
    })
    await evaluation.close()
    const ranged = await openEvaluation(range, { ...OPTIONS, judge: 'rules' })
    expect(ranged.manifest.data).toMatchObject({ puzzles: 1, size: '3-6' })
    await ranged.close()
  })

  it('refuses a puzzle that can not be run, unless it is of a kind that is left out', async () => {
    const data = join(folder, 'broken.txt')
    const broken = 'sudoku/9/9/55l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'
    writeFileSync(
      data,
      ['akari/6/6/mcjcg.hcj5ah.', broken].map((name) => `https://puzz.link/p?${name}`).join('\n'),
    )
    const options = { ...OPTIONS, plan: { rollouts: 1, steps: 1 }, judge: 'rules' } as const
    const read = await readData(data)
    await expect(checkAllRunnable(read)).rejects.toThrow('broken.txt:2: the givens contradict the rules')
    await expect(evaluate(data, { ...options, model: 'sudoku' })).rejects.toThrow('contradict')
    expect(await evaluate(data, { ...options, model: 'lightup' })).toBeDefined()
  })

  it('is of the puzzles of its model alone', async () => {
    const data = join(folder, 'kinds.txt')
    writeFileSync(
      data,
      [
        'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.',
        'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g',
      ].join('\n'),
    )
    const path = join(folder, 'one')
    const one = {
      ...OPTIONS,
      plan: { rollouts: 1, steps: 2 },
      model: 'sudoku-2',
      judge: 'rules',
    } as const
    expect(await evaluate(data, { ...one, folder: path, size: { rows: 9, cols: 9 } })).toBeDefined()
    expect(readRun(path).manifest).toMatchObject({
      model: { name: 'sudoku-2' },
      data: { puzzles: 1, size: '9x9' },
    })
    await expect(evaluate(data, { ...one, size: { rows: 6, cols: 6 } })).rejects.toThrow(
      'no sudoku puzzle for model sudoku-2; there are lightup',
    )
  })

  it('ends at an entry that it can not read or run, before the first rollout', async () => {
    const data = join(folder, 'bad.csv')
    writeFileSync(
      data,
      `${readFileSync(DATA, 'utf8').split('\n').slice(0, 2).join('\n')}\nx,12,,generated,0\n`,
    )
    await expect(evaluate(data, OPTIONS)).rejects.toThrow('bad.csv:3')
    writeFileSync(data, `puzzle\n${'1'.repeat(2)}${'.'.repeat(79)}\n`)
    await expect(evaluate(data, OPTIONS)).rejects.toThrow('bad.csv:2: the givens contradict the rules')
  })
})
