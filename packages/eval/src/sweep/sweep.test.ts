/** A sweep's points against runs of those very plans, its choice, its refusals, and the model that it makes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readModel } from '@ptrm/core-wasm'
import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { afterAll, describe, expect, it } from 'vitest'
import { openEvaluation } from '../evaluation/open.ts'
import type { PuzzleRecord, RolloutRecord } from '../evaluation/record.ts'
import { openSweep, type SweepOptions } from './open.ts'
import { bestPoint, depthCollapse, doubling, type Point, pointsOf } from './points.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-sweep-'))
afterAll(() => rmSync(folder, { recursive: true }))
const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const lines = readFileSync(DATA, 'utf8').split('\n')
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const tuning = file('tuning.csv', lines.slice(0, 4).join('\n'))

const FOLDER = join(folder, 'sweep')
const OPTIONS: SweepOptions = {
  folder: FOLDER,
  rollouts: 2,
  steps: 8,
  sigmas: [0.1, [0.4, 0.2]],
  select: 'best-q',
  workers: 1,
  kernel: 'simd128',
  seed: 2n,
}

/** A rollout that is right at some steps and believes in itself then. */
function rollout(...right: boolean[]): RolloutRecord {
  const first = right.indexOf(true) + 1 || null
  return {
    q: right.map((is) => (is ? 5 : -5)),
    answers: right.map((is) => (is ? 0 : 1)),
    right: right.at(-1)!,
    cells: 1,
    firstRight: first,
    firstVerified: first,
  }
}

function record(...rollouts: RolloutRecord[]): PuzzleRecord {
  return { index: 0, id: 'p', source: null, plain: rollouts[0]!, rollouts, ms: 8 }
}

describe('the points', () => {
  const noise = { sigma: 0.3, noiseTarget: 'zL' } as const
  const records = [record(rollout(false, true, true), rollout(false, false, false))]
  const at = (points: readonly Point[], rollouts: number, steps: number) =>
    points.find((point) => point.rollouts === rollouts && point.steps === steps)!

  it('are those of every smaller K and D', () => {
    expect(doubling(10)).toEqual([1, 2, 4, 8, 10])
    const points = pointsOf(noise, records, 'best-q', 2)
    expect(points.map(({ rollouts, steps }) => [rollouts, steps])).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
      [1, 3],
      [2, 3],
    ])
    expect(at(points, 2, 1)).toMatchObject({ solved: { share: 0 }, cost: 2, ms: 4 })
    expect(at(points, 1, 2)).toMatchObject({ solved: { share: 0.5 }, cost: 2 })
    expect(at(points, 2, 3)).toMatchObject({ solved: { share: 1 }, cost: 6, ms: 12 })
  })

  it('cost less where the rules may end a puzzle', () => {
    // Half the time the right rollout comes first (2 steps), half the time after the wrong one (3 + 2).
    expect(at(pointsOf(noise, records, 'verified', 1), 2, 3)).toMatchObject({
      solved: { share: 1 },
      cost: 3.5,
    })
  })

  it('are chosen from within the budget, the cheaper of equals', () => {
    const points = pointsOf(noise, records, 'best-q', 1)
    expect(bestPoint(points, 99)).toMatchObject({ rollouts: 2, steps: 2 })
    expect(bestPoint(points, 3)).toMatchObject({ rollouts: 1, steps: 2 })
    expect(bestPoint(points, 0.5)).toBeUndefined()
    // Shares that are equal but for rounding.
    const always = [record(...Array.from({ length: 8 }, () => rollout(true)))]
    expect(bestPoint(pointsOf(noise, always, 'best-q', 1), 99)).toMatchObject({ rollouts: 1, cost: 1 })
  })
})

describe('depth collapse', () => {
  it('is told where right answers are left again, and not where they stay', () => {
    const falling = Array.from({ length: 30 }, (_, i) => record(rollout(false, true, i % 3 === 0)))
    expect(depthCollapse(falling)).toMatchObject({ collapses: true, best: { steps: 2, share: 1 } })
    const staying = Array.from({ length: 30 }, (_, i) => record(rollout(false, true, i !== 0)))
    expect(depthCollapse(staying)).toMatchObject({ collapses: false, loss: expect.closeTo(1 / 30, 9) })
  })

  it('is seldom told where depth does nothing, though the best depth is the luckiest', () => {
    const generator = xoroshiro128plus(7)
    const random = () => uniformFloat32(generator)
    const alarms = Array.from({ length: 100 }, () => {
      const puzzle = () => {
        const ease = random()
        return record(
          ...Array.from({ length: 4 }, () => rollout(...Array.from({ length: 8 }, () => random() < ease))),
        )
      }
      return depthCollapse(Array.from({ length: 30 }, puzzle)).collapses
    })
    expect(alarms.filter(Boolean).length).toBeLessThanOrEqual(6)
  })
})

describe('a sweep', () => {
  it('tells a smaller K and D as a run of that plan does, and makes the model that recommends what it chose', async () => {
    const test = file('test.csv', [lines[0], ...lines.slice(10, 12)].join('\n'))
    const settings: object[] = []
    const sweep = await openSweep(tuning, {
      ...OPTIONS,
      test,
      onSetting: (noise) => settings.push(noise),
    })
    expect(sweep.chosen).toBeUndefined()
    const report = await sweep.run()
    expect(sweep.report).toBe(report)
    expect(JSON.parse(readFileSync(join(FOLDER, 'sweep.json'), 'utf8'))).toEqual(report)
    const { rollouts, steps, sigma, noiseTarget } = report!.chosen!
    expect(sweep.chosen).toEqual({ rollouts, steps, sigma, noiseTarget })
    expect(readModel(sweep.tunedModel()!).recommended).toEqual(sweep.chosen)
    expect(settings).toEqual(OPTIONS.sigmas.map((sigma) => ({ sigma, noiseTarget: 'zL' })))
    expect(await sweep.test()).toMatchObject({ of: 2 })
    await sweep.close()
    expect(report!.settings[1]!.noise.sigma).toEqual([0.4, 0.2])
    const { points } = report!.settings[1]!
    const plan = { rollouts: 2, steps: 4, sigma: [0.4, 0.2], seed: 2n }
    const evaluation = await openEvaluation(tuning, { plan, workers: 1, kernel: 'simd128' })
    await evaluation.run()
    await evaluation.close()
    const own = pointsOf({ sigma: 0, noiseTarget: 'zL' }, evaluation.records, 'best-q', 0)
    for (const { steps, rollouts, solved } of own)
      expect(points.find((p) => p.steps === steps && p.rollouts === rollouts)!.solved).toEqual(solved)
    expect(readFileSync(join(FOLDER, 'sweep.csv'), 'utf8').split('\n')[1]).toMatch(/^0\.1,zL,1,1,/)
  })

  it('tests anew what is chosen or tested otherwise when it is run again, and the same only once', async () => {
    const [first, other] = [10, 20].map((from) =>
      file(`from-${from}.csv`, [lines[0], ...lines.slice(from, from + 2)].join('\n')),
    )
    const again = async (options: Partial<SweepOptions>) => {
      let puzzles = 0
      const sweep = await openSweep(tuning, {
        ...OPTIONS,
        folder: join(FOLDER, 'again'),
        sigmas: [0.1],
        onProgress: () => puzzles++,
        ...options,
      })
      const report = await sweep.run()
      puzzles = 0
      const solved = await sweep.test()
      await sweep.close()
      return { chosen: sweep.chosen, solved, puzzles, points: report!.settings[0]!.points }
    }
    const best = await again({ test: first })
    expect(best).toMatchObject({ chosen: { rollouts: 1, steps: 8 }, solved: { of: 2 }, puzzles: 2 })
    const { ms } = best.points.find(({ rollouts, steps }) => rollouts === 1 && steps === 4)!
    const quick = await again({ test: first, budgetMs: ms })
    expect(quick).toMatchObject({ chosen: { rollouts: 1, steps: 4 }, solved: { of: 2 }, puzzles: 2 })
    expect(await again({ test: other })).toMatchObject({ solved: { of: 2 }, puzzles: 2 })
    expect(await again({ test: first })).toMatchObject({ solved: best.solved, puzzles: 0 })
    expect(await again({ test: first, budgetMs: ms })).toMatchObject({ solved: quick.solved, puzzles: 0 })
    const names = readdirSync(join(FOLDER, 'again')).filter((name) => name.startsWith('test-'))
    expect(names).toHaveLength(3)
    for (const name of names) expect(name).toMatch(/^test-[\da-f]{12}-K1-D[48]-zL-sigma-0\.1$/)
  })

  it('refuses to test on what it tunes on: the same bytes under another name, or one common puzzle', async () => {
    const copy = file('copy.csv', readFileSync(tuning, 'utf8'))
    await expect(openSweep(tuning, { ...OPTIONS, test: copy })).rejects.toThrow('same content')
    const overlap = file('overlap.csv', [lines[0], lines[20], lines[2]].join('\n'))
    await expect(openSweep(tuning, { ...OPTIONS, test: overlap })).rejects.toThrow(
      /overlap\.csv:3: .* also at .*tuning\.csv:3/,
    )
  })

  it('refuses a test file without solutions, where no rules say what is right', async () => {
    const bare = file(
      'bare.csv',
      `puzzle\n${lines
        .slice(20, 22)
        .map((line) => /[\d.]{81}/.exec(line)![0])
        .join('\n')}`,
    )
    await expect(openSweep(tuning, { ...OPTIONS, test: bare })).rejects.toThrow(/bare\.csv.*solution/)
    const byRules = await openSweep(tuning, {
      ...OPTIONS,
      folder: join(folder, 'by-rules'),
      select: 'verified',
      test: bare,
    })
    await byRules.close()
  })

  it('says so where nothing fits the budget', async () => {
    const sweep = await openSweep(tuning, { ...OPTIONS, budgetMs: 0.0001 })
    expect(await sweep.run()).toMatchObject({ chosen: null, budgetMs: 0.0001 })
    expect([sweep.chosen, sweep.tunedModel(), await sweep.test()]).toEqual([undefined, undefined, undefined])
    await sweep.close()
  })

  it('refuses a plan that can not be run and a puzzle without solution before the first setting is run', async () => {
    const folder = join(FOLDER, 'refused')
    const refused = (data: string, options: Partial<SweepOptions>) =>
      expect(openSweep(data, { ...OPTIONS, ...options, folder })).rejects
    await refused(tuning, { sigmas: [0.1, [0.2, 1e19]] }).toThrow('plan.sigma')
    await refused(tuning, { sigmas: [] }).toThrow('a sweep needs a sigma')
    await refused(tuning, { select: 'luck' as 'verified' }).toThrow(
      'select "luck": wanted one of best-q, verified',
    )
    await refused(tuning, { budgetMs: Number.NaN }).toThrow('budgetMs NaN')
    await refused(tuning, { rollouts: 0 }).toThrow('plan.rollouts')
    const puzzle = lines[1]!.split(',').find((cell) => cell.length === 81)
    await refused(file('bare.csv', `puzzle\n${puzzle}\n`), {}).toThrow(
      'bare.csv:2: a puzzle without solution',
    )
    expect(existsSync(folder)).toBe(false)
  })

  it('refuses a folder that holds another sweep’s setting before the first setting is run', async () => {
    const options = { ...OPTIONS, folder: join(FOLDER, 'other'), rollouts: 1, steps: 1, sigmas: [0.1] }
    const sweep = await openSweep(tuning, options)
    await sweep.run()
    await sweep.close()
    const sigmas = [0.2, 0.1]
    await expect(openSweep(tuning, { ...options, sigmas, steps: 2 })).rejects.toThrow(
      'zL-sigma-0.1 holds a run with plan.steps 1, now it is 2',
    )
    expect(readdirSync(options.folder)).not.toContain('zL-sigma-0.2')
    // Nor does what was refused keep the folder.
    const more = await openSweep(tuning, { ...options, sigmas })
    expect((await more.run())?.settings).toHaveLength(2)
    await more.close()
  })

  it('has its folder alone until it is closed, and short names in it', async () => {
    const long = Array.from({ length: 64 }, (_, i) => 0.5 - i / 1000)
    const other = long.with(-1, 0)
    const options = { ...OPTIONS, folder: join(FOLDER, 'own'), rollouts: 1, steps: 1, sigmas: [long, other] }
    const sweep = await openSweep(tuning, options)
    await expect(openSweep(tuning, options)).rejects.toThrow('own is in use by process')
    await sweep.run()
    await sweep.close()
    const names = readdirSync(options.folder)
    expect(names.filter((name) => name.startsWith('zL-sigma-0.5_'))).toHaveLength(2)
    expect(names).toHaveLength(4)
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(120)
  })

  it('ends at its signal', async () => {
    const sweep = await openSweep(tuning, { ...OPTIONS, folder: undefined, signal: AbortSignal.abort() })
    expect(await sweep.run()).toBeUndefined()
    await sweep.close()
  })
})
