import { describe, expect, it } from 'vitest'
import { oneThreadAdapter } from '../../test/one-thread-adapter.ts'
import { createSolver } from '../node.ts'
import { sketchOf } from './sketch.ts'

/** Reproducible values that look like a latent's. */
function latent(seed: number, length = 10_496): Float32Array {
  return Float32Array.from(
    { length },
    (_, i) => Math.sin((i + 1) * 12.9898 * (seed + 1)) * Math.cos(i * seed),
  )
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!))
}

describe('a sketch', () => {
  it('keeps distances within the error of its size', () => {
    const latents = Array.from({ length: 12 }, (_, seed) => latent(seed))
    const sketches = latents.map((values) => sketchOf(values, 96))
    for (let i = 0; i < 12; i++)
      for (let j = 0; j < i; j++) {
        const ratio = distance(sketches[i]!, sketches[j]!) / distance(latents[i]!, latents[j]!)
        expect(ratio).toBeGreaterThan(0.7) // 1 ± 3 / sqrt(96)
        expect(ratio).toBeLessThan(1.3)
      }
  })

  it('is linear', () => {
    const [a, b] = [latent(1), latent(2)]
    const sum = sketchOf(
      a.map((value, i) => value + b[i]!),
      16,
    )
    for (const [i, value] of sketchOf(a, 16).entries())
      expect(sum[i]).toBeCloseTo(value + sketchOf(b, 16)[i]!, 3)
  })
})

describe('solve with `sketch`', () => {
  it('tells the latent after each step, the same for the same rollout, and only when asked', async () => {
    const solver = await createSolver({ adapter: oneThreadAdapter })
    const run = async (rollouts: number, sketch?: number) => {
      const sketches: (readonly number[] | undefined)[][] = Array.from({ length: rollouts }, () => [])
      await solver.solve('.'.repeat(81), {
        ...{ rollouts, steps: 3, seed: 4, stop: 'all', sketch },
        onEvent: (event) => {
          if (event.type === 'step') sketches[event.rollout]!.push(event.latent && [...event.latent])
        },
      })
      return sketches
    }
    const three = await run(3, 32)
    expect(three.flat().map((values) => values?.length)).toEqual(Array(9).fill(32))
    expect(new Set(three.flat().map(String)).size).toBe(9)
    expect(await run(2, 32)).toEqual(three.slice(0, 2))
    expect((await run(2)).flat()).toEqual(Array(6).fill(undefined))
    await solver.close()
  })
})
