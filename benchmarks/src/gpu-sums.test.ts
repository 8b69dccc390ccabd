/** Costs and peaks against figures that are written out by hand. */
import { describe, expect, it } from 'vitest'
import { peakFlops, puzzleCost } from './gpu-sums.ts'

describe('puzzleCost', () => {
  it('is the time that all rollouts of a puzzle take, at the price of that time', () => {
    // K = 100, D = 48: 4,800 rollout-steps, so a puzzle in a second; $3.60 an hour are $0.001 a second.
    const cost = puzzleCost(4800, { rollouts: 100, steps: 48 }, 3.6)
    expect(cost.puzzlesPerSecond).toBe(1)
    expect(cost.dollarsPerPuzzle).toBeCloseTo(0.001, 12)
  })
  it('is less for a faster card and for fewer steps', () => {
    expect(puzzleCost(9600, { rollouts: 100, steps: 24 }, 3.6).dollarsPerPuzzle).toBeCloseTo(0.00025, 12)
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
