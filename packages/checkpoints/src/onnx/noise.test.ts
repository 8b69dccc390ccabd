/** Noise made by a graph on onnxruntime has the bits of the kernel's. */
import { type Kernel, LATENTS, loadKernel, type NoiseDraw } from '@ptrm/core-wasm'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { exportNoise } from './noise.ts'

const kernel: Kernel = await loadKernel({ variant: 'simd128' })

const draws: NoiseDraw[] = [0n, 1n, 42n, 1n << 32n, (1n << 64n) - 1n].flatMap((seed) =>
  [0, 1, 999].flatMap((rollout) =>
    LATENTS.map((target, i) => ({ seed, rollout, step: 7 * rollout + i, sigma: i === 0 ? 0.3 : 1, target })),
  ),
)

it.each(['disabled', 'basic', 'extended', 'all'] as const)(
  'is the kernel’s, to the bit, with optimizations %s',
  async (graphOptimizationLevel) => {
    const keys = BigInt64Array.from(draws, (draw) => BigInt.asIntN(64, kernel.noiseKey(draw)))
    const sigmas = Float32Array.from(draws, ({ sigma }) => sigma)
    for (const [rows, width] of [
      [1, 1],
      [1, 7],
      [3, 8],
      [7, 9],
      [13, 41],
      [82, 128],
    ] as const) {
      const session = await InferenceSession.create(exportNoise([rows, width]), {
        graphOptimizationLevel,
        intraOpNumThreads: 1,
      })
      const { noise } = await session.run({
        keys: new Tensor('int64', keys, [draws.length]),
        sigmas: new Tensor('float32', sigmas, [draws.length]),
      })
      expect(noise!.dims).toEqual([draws.length, rows, width])
      const found = new Uint8Array((noise!.data as Float32Array).slice().buffer)
      const size = rows * width
      const wanted = new Float32Array(draws.length * size)
      for (const [i, draw] of draws.entries()) {
        const one = new Float32Array(size)
        kernel.fillNoise(one, draw)
        wanted.set(one, i * size)
      }
      expect(Buffer.compare(found, new Uint8Array(wanted.buffer)), `${rows} x ${width}`).toBe(0)
      await session.release()
    }
  },
)
