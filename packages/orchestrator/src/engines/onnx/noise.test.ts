/** The noise of the onnx engine is the kernel's, bit for bit: ordered ahead or not, from one helper, several or none. */
import { compileKernel, instantiateKernel } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { type Draw, drawsOf, NoiseAhead } from './noise.ts'

const SIZE = 999
const source = await compileKernel({ variant: 'simd128' })
const kernel = await instantiateKernel(source)
const draws: Draw[] = [0, 1, 2, 3, 4].flatMap((rollout) =>
  [0, 7].flatMap((step) => drawsOf({ seed: (1n << 64n) - 1n, rollout, step, sigma: 0.3, target: 'both' })),
)

function wanted(draw: Draw): Float32Array {
  const out = new Float32Array(SIZE)
  kernel.fillNoise(out, draw)
  return out
}

describe.each([0, 1, 3])('noise with %i helper threads', (threads) => {
  it('is the kernel’s, ordered or not', () => {
    const noise = new NoiseAhead(kernel, { size: SIZE, threads, source })
    const out = new Float32Array(SIZE)
    noise.order(draws.slice(0, 13))
    for (const draw of draws.toReversed()) {
      noise.take(draw, out)
      expect(out).toEqual(wanted(draw))
    }
    noise.take({ ...draws[0]!, sigma: 0 }, out)
    expect(out).toEqual(new Float32Array(SIZE))
    noise.close()
  })

  it('forgets what was ordered and never taken', () => {
    const noise = new NoiseAhead(kernel, { size: SIZE, threads, source })
    const out = new Float32Array(SIZE)
    noise.order(draws)
    noise.order(draws.slice(0, 1))
    for (const draw of draws.slice(0, 4)) {
      noise.take(draw, out)
      expect(out).toEqual(wanted(draw))
    }
    noise.close()
  })
})
