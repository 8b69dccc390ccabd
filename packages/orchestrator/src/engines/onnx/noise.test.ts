/** The noise of the onnx engine is the kernel's, bit for bit: ordered ahead or not, from one helper, several or none. */
import { compileKernel, instantiateKernel } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { type Draw, drawsOf, NoiseAhead } from './noise.ts'

const SIZES = [999, 7]
/** Of the largest. */
const MOST = 999
const source = await compileKernel({ variant: 'simd128' })
const kernel = await instantiateKernel(source)
const draws: Draw[] = [0, 1, 2, 3, 4].flatMap((rollout) =>
  [0, 7].flatMap((step) =>
    SIZES.flatMap((size) =>
      drawsOf({ seed: (1n << 64n) - 1n, rollout, step, sigma: 0.3, target: 'both' }, size),
    ),
  ),
)

function wanted(draw: Draw): Float32Array {
  const out = new Float32Array(draw.size)
  kernel.fillNoise(out, draw)
  return out
}

describe.each([0, 1, 3])('noise with %i helper threads', (threads) => {
  it('is the kernel’s, ordered or not', () => {
    const noise = new NoiseAhead(kernel, { threads, source })
    noise.order(draws.slice(0, 13))
    for (const draw of draws.toReversed()) {
      const out = new Float32Array(draw.size)
      noise.take(draw, out)
      expect(out).toEqual(wanted(draw))
    }
    const out = new Float32Array(MOST).fill(1)
    noise.take({ ...draws[0]!, sigma: 0 }, out)
    expect(out).toEqual(new Float32Array(MOST))
    noise.close()
  })

  it('forgets what was ordered and never taken', () => {
    const noise = new NoiseAhead(kernel, { threads, source })
    noise.order(draws)
    noise.order(draws.slice(0, 1))
    for (const draw of draws.slice(0, 4)) {
      const out = new Float32Array(draw.size)
      noise.take(draw, out)
      expect(out).toEqual(wanted(draw))
    }
    noise.close()
  })
})
