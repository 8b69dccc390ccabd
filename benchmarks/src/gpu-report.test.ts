/** The record's sums by hand, for engines and for the solver, and what is told of them. */
import { describe, expect, it } from 'vitest'
import type { GpuModel } from './gpu-models.ts'
import type { Contender } from './gpu-plan.ts'
import { recordOf, reportOf } from './gpu-report.ts'
import type { Found, Measure } from './gpu-run.ts'

const H100 = 'NVIDIA H100 80GB HBM3'

const model = {
  ...{ name: 'tapa', title: 'Tapa', file: '', denseFile: '', denseWeights: 1000, netCalls: 4, sigma: 0.3 },
  ...{ board: { rows: 1, columns: 1 }, boards: [], steps: 16, flopsPerRolloutStep: 1e9 },
  puzzle: { rollouts: 50, steps: 10 },
} satisfies GpuModel

const same = (value: number) => ({ median: value, min: value, max: value })

function measure(contender: Partial<Contender>, of: Partial<Measure>): Measure {
  const { name = 'ptrm f32', side = 'ptrm', precision = 'f32', options = {} } = contender
  return {
    ...{ stage: 'main', model: 'tapa', slots: 256, stepsPerRun: 8, samples: [] },
    ...{
      contender: { name, side, precision, options },
      rolloutStepsPerSecond: same(5000),
      msPerRun: same(10),
    },
    ...of,
  }
}

function record(measures: Measure[], leftOut: Found['leftOut'] = []) {
  const found: Found = { measures, agreements: [], leftOut, openMs: {} }
  return recordOf({ price: 3.6 }, found, new Map([['tapa', model]]), H100)
}

describe('recordOf', () => {
  it('sums up what an engine did', () => {
    // 5,000 of 1 GFLOP are 5 TFLOPS of 67; a puzzle is 500 rollout-steps; $3.60 an hour are $0.001 a second.
    const [found] = record([measure({}, {})]).measures
    expect(found).toMatchObject({ tflops: 5, puzzlesPerSecond: 10 })
    expect(found!.peakShare).toBeCloseTo(5 / 67, 10)
    expect(found!.dollarsPerPuzzle).toBeCloseTo(0.0001, 12)
  })

  it("takes the solver's puzzles as it counted them", () => {
    const [found] = record([measure({ side: 'solver' }, { msPerRun: same(4) })]).measures
    expect(found!.puzzlesPerSecond).toBe(250)
    expect(found!.dollarsPerPuzzle).toBeCloseTo(0.001 / 250, 12)
  })

  it('finds what copies and start take from ways that differ in their steps a run alone', () => {
    const way = (stepsPerRun: number, noise: string, ms: number) =>
      measure(
        { name: `${stepsPerRun} ${noise}`, options: { stepsPerRun, noise } },
        { stage: 'variants', stepsPerRun, msPerRun: same(ms) },
      )
    const { fixedShares } = record([
      ...[way(8, 'graph', 10), way(16, 'host', 99), way(8, 'graph', 10), way(16, 'graph', 18)],
    ])
    expect(fixedShares).toEqual([
      { model: 'tapa', slots: 256, contender: '16 graph', share: expect.closeTo(2 / 18, 10) },
    ])
  })
})

describe('reportOf', () => {
  it('shows the best of each contender', () => {
    const text = reportOf(
      record([measure({}, { slots: 64 }), measure({}, { slots: 1024, rolloutStepsPerSecond: same(20_000) })]),
    )
    expect(text).toMatch(/ptrm f32 +1024 +20,000 +20\.00 +29\.9% +40\.00 +\$2\.50e-5 +40\.0x/)
    expect(text).not.toContain('5,000')
  })

  it('names what was left out for a reason of its own, and counts the rest', () => {
    const out = (contender: string, why: string) => ({ model: 'tapa', slots: 1, contender, why }) as const
    const many = Array.from({ length: 20 }, () => out('ptrm f32', 'no time was left'))
    const text = reportOf(record([], [out('ptrm fp16', 'no such kernel'), ...many]))
    expect(text).toContain('left out, no such kernel: tapa 1 ptrm fp16')
    expect(text).toContain('left out, no time was left: 20 measures')
  })
})
