/** A sweep's points against runs of those very plans, its choice, its refusals, and the model that it writes. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readModel } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { evalCommand } from '../commands/eval.ts'
import { type SweepFlags, sweep } from '../commands/sweep.ts'
import { RunFolder } from '../eval/folder.ts'
import type { PuzzleRecord, RolloutRecord } from '../eval/record.ts'
import { bestPoint, depthCollapse, doubling, type Point, pointsOf } from './points.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-sweep-'))
const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const lines = readFileSync(DATA, 'utf8').split('\n')
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const tuning = file('tuning.csv', lines.slice(0, 4).join('\n'))

const FLAGS: SweepFlags = {
  output: join(folder, 'sweep'),
  rollouts: 2,
  steps: 8,
  sigmas: [0.1, [0.4, 0.2]],
  select: 'best-q',
  workers: 1,
  kernel: 'simd128',
  seed: 2n,
  quiet: true,
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
  })
})

describe('depth collapse', () => {
  it('is told where right answers are left again, and not where they stay', () => {
    const falling = Array.from({ length: 30 }, (_, i) => record(rollout(false, true, i % 3 === 0)))
    expect(depthCollapse(falling)).toMatchObject({ collapses: true, best: { steps: 2, share: 1 } })
    const staying = Array.from({ length: 30 }, (_, i) => record(rollout(false, true, i !== 0)))
    expect(depthCollapse(staying)).toMatchObject({ collapses: false, loss: expect.closeTo(1 / 30, 9) })
  })
})

describe('ptrm sweep', () => {
  it('tells a smaller K and D as a run of that plan does, and writes what it chose', async () => {
    const write = join(folder, 'tuned.safetensors')
    const test = file('test.csv', [lines[0], ...lines.slice(10, 12)].join('\n'))
    expect(await sweep(tuning, { ...FLAGS, write, test })).toBe(0)
    const { chosen, settings } = JSON.parse(readFileSync(join(FLAGS.output, 'sweep.json'), 'utf8'))
    const { rollouts, steps, sigma, noiseTarget } = chosen
    expect(readModel(readFileSync(write)).recommended).toEqual({ rollouts, steps, sigma, noiseTarget })
    expect(settings[1].noise.sigma).toEqual([0.4, 0.2])
    const points = settings[1].points as Point[]
    const output = join(folder, 'eval')
    await evalCommand(tuning, { ...FLAGS, output, steps: 4, sigma: [0.4, 0.2] })
    const { records } = RunFolder.read(output)
    const own = pointsOf({ sigma: 0, noiseTarget: 'zL' }, records, 'best-q', 0)
    for (const { steps, rollouts, solved } of own)
      expect(points.find((p) => p.steps === steps && p.rollouts === rollouts)!.solved).toEqual(solved)
    expect(readFileSync(join(FLAGS.output, 'sweep.csv'), 'utf8').split('\n')[1]).toMatch(/^0\.1,zL,1,1,/)
  })

  it('refuses to test on what it tunes on: the same bytes under another name, or one common puzzle', async () => {
    const copy = file('copy.csv', readFileSync(tuning, 'utf8'))
    await expect(sweep(tuning, { ...FLAGS, test: copy })).rejects.toThrow('same content')
    const overlap = file('overlap.csv', [lines[0], lines[20], lines[2]].join('\n'))
    await expect(sweep(tuning, { ...FLAGS, test: overlap })).rejects.toThrow(
      /overlap\.csv:3: .* also at .*tuning\.csv:3/,
    )
  })

  it('says so where nothing fits the budget', async () => {
    expect(await sweep(tuning, { ...FLAGS, budget: 0.0001 })).toBe(1)
  })
})
