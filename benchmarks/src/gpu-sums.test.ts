/** Costs and peaks against figures that are written out by hand. */
import { describe, expect, it } from 'vitest'
import { dollarsPerPuzzle, fixedShare, peakFlops, puzzlesPerSecond } from './gpu-sums.ts'

describe('what a puzzle costs', () => {
  it('is the time that all rollouts of a puzzle take, at the price of that time', () => {
    // K = 100, D = 48: 4,800 rollout-steps.
    expect(puzzlesPerSecond(4800, { rollouts: 100, steps: 48 })).toBe(1)
    expect(puzzlesPerSecond(9600, { rollouts: 100, steps: 24 })).toBe(4)
    // $3.60 an hour are $0.001 a second.
    expect(dollarsPerPuzzle(1, 3.6)).toBeCloseTo(0.001, 12)
    expect(dollarsPerPuzzle(4, 3.6)).toBeCloseTo(0.00025, 12)
  })
})

describe('fixedShare', () => {
  it('is what two runs of different lengths have in common', () => {
    // 2 ms for copies and 1 ms a step: 2 of 18 ms.
    const runs = [
      { steps: 8, ms: 10 },
      { steps: 16, ms: 18 },
    ] as const
    expect(fixedShare(...runs)).toBeCloseTo(2 / 18)
    expect(fixedShare(runs[1], runs[0])).toBeCloseTo(2 / 18)
    expect(fixedShare({ steps: 1, ms: 3 }, { steps: 4, ms: 12 })).toBeCloseTo(0)
  })
})

describe('peakFlops', () => {
  it.each([
    ['NVIDIA H100 80GB HBM3', 'f32', 67e12],
    ['NVIDIA H200', 'tf32', 494.5e12],
    ['NVIDIA H200', 'bf16', 989.5e12],
    ['NVIDIA H100 80GB HBM3', 'fp16', 989.5e12],
    ['NVIDIA H100 PCIe', 'bf16', 756e12],
    ['NVIDIA H200 NVL', 'f32', 60e12],
  ] as const)('of %s in %s is that of its data sheet, without sparsity', (card, precision, peak) => {
    expect(peakFlops(card, precision)).toBe(peak)
  })
  it('is not guessed for other cards', () => {
    expect(peakFlops('NVIDIA GeForce RTX 4090', 'f32')).toBeUndefined()
    expect(peakFlops('cpu', 'f32')).toBeUndefined()
  })
})
