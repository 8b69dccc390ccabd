/** The noise: the documented formula to the bit, its keys, and its statistics. `PTRM_NOISE_DRAWS=1e9` draws more. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eighthsOf, Pairs, Single } from '../test/gaussian-statistics.ts'
import { element, keyOf, squares32, squares64 } from '../test/noise-oracle.ts'
import { KERNEL_VARIANTS, LATENTS, type NoiseDraw } from './config.ts'
import { loadKernel } from './kernel.ts'

const kernels = await Promise.all(KERNEL_VARIANTS.map((variant) => loadKernel({ variant })))
const kernel = kernels[0]!

const draws: fc.Arbitrary<NoiseDraw> = fc.record({
  seed: fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.bigInt({ min: 0n, max: 100n })),
  rollout: fc.nat({ max: 2 ** 32 - 1 }),
  step: fc.nat({ max: 1000 }),
  sigma: fc.float({ min: 0, max: 4, noNaN: true }),
  target: fc.constantFrom(...LATENTS),
})

describe('the formula', () => {
  // Made by the author's C code, as in the test data of randomgen (https://github.com/bashtage/randomgen).
  it.each([
    [0n, 0x5167ea8bn, 0x5167ea8b7923d95bn],
    [1n, 0x0e03102bn, 0x0e03102be2db8c20n],
    [2n, 0xe59f61d7n, 0xe59f61d7beb27f5dn],
    [669n, 0x07725d7en, 0x07725d7ee732eb99n],
  ])('takes its words from Squares: word %s', (counter, short, long) => {
    const key = 0x3bc8bca4d301945bn
    expect(BigInt(squares32(counter, key))).toBe(short)
    expect(squares64(counter, key)).toBe(long)
  })

  it('is the kernel’s, to the bit, in both builds', () => {
    fc.assert(
      fc.property(draws, fc.nat({ max: 100 }), (draw, size) => {
        const key = keyOf(draw)
        const wanted = Float32Array.from({ length: size }, (_, e) => element(e, key, draw.sigma))
        for (const kernel of kernels) {
          const out = new Float32Array(size)
          kernel.fillNoise(out, draw)
          expect(kernel.noiseKey(draw)).toBe(key)
          expect(new Uint32Array(out.buffer)).toEqual(new Uint32Array(wanted.buffer))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('begins the noise of a longer latent with that of a shorter one', () => {
    const draw: NoiseDraw = { seed: 3n, rollout: 1, step: 2, sigma: 0.3, target: 'zH' }
    const [long, short] = [new Float32Array(10_496), new Float32Array(1003)]
    kernel.fillNoise(long, draw)
    kernel.fillNoise(short, draw)
    expect(long.subarray(0, short.length)).toEqual(short)
  })
})

/** The neighbours of a draw, by what differs. */
function neighbours(draw: NoiseDraw): Record<string, NoiseDraw> {
  return {
    step: { ...draw, step: draw.step + 1 },
    rollout: { ...draw, rollout: draw.rollout + 1 },
    target: { ...draw, target: 'zH' },
    'seed + 1': { ...draw, seed: draw.seed + 1n },
    'seed + 2^32': { ...draw, seed: draw.seed + (1n << 32n) },
  }
}

const drawOf = (i: number): NoiseDraw => ({
  seed: BigInt(7 * (i % 13)),
  rollout: 2 * (i % 101),
  step: 2 * Math.floor(i / 101),
  sigma: 1,
  target: 'zL',
})

describe('keys', () => {
  it('are no neighbours’, and share no more digits with them than chance has it', () => {
    const [same, keys, count] = [new Float64Array(16), new Set<bigint>(), 20_000]
    for (let i = 0; i < count; i++) {
      const key = kernel.noiseKey(drawOf(i))
      keys.add(key)
      for (const neighbour of Object.values(neighbours(drawOf(i)))) {
        const other = kernel.noiseKey(neighbour)
        for (let place = 0; place < 16; place++)
          if (((key ^ other) >> BigInt(4 * place)) % 16n === 0n) same[place]!++
      }
    }
    expect(keys.size).toBe(count)
    const pairs = 5 * count
    for (const [place, found] of same.entries()) {
      // The lowest is one of 8; of the lower half's others, each odd one has chance 1/16, each even one 1/14.
      const p = place === 0 ? 1 / 8 : place < 8 ? 1 / 32 + 1 / 28 : 1 / 15
      expect(Math.abs(found - pairs * p)).toBeLessThan(5 * Math.sqrt(pairs * p))
    }
  })
})

const DRAWS = Number(process.env['PTRM_NOISE_DRAWS'] ?? 2e7)
const SIZE = 82 * 128
const MINUTES = 60_000

/** All within five standard errors; told where more than the usual is drawn. */
function expectGaussian(errors: Record<string, number>): void {
  if (process.env['PTRM_NOISE_DRAWS']) console.table(errors)
  for (const [what, error] of Object.entries(errors)) expect(Math.abs(error), what).toBeLessThan(5)
}

describe(`${DRAWS} draws, in standard errors`, () => {
  it(
    'are normal to five sigma, and independent of each other and of other draws',
    () => {
      const single = new Single()
      const lags = new Map([1, 2, 3, 4, 8, 128].map((lag) => [lag, new Pairs()]))
      const partners = new Pairs()
      const others = new Map<string, Pairs>()
      const values = new Float32Array(SIZE)
      const [base, other] = [new Uint8Array(SIZE), new Uint8Array(SIZE)]
      const draw = (request: NoiseDraw, eighths: Uint8Array) => {
        kernel.fillNoise(values, request)
        single.add(values)
        eighthsOf(values, eighths)
      }
      for (let i = 0; i < DRAWS / SIZE / 6; i++) {
        draw(drawOf(i), base)
        for (const [lag, pairs] of lags) pairs.add(base, base, lag)
        partners.addPartners(base)
        for (const [what, neighbour] of Object.entries(neighbours(drawOf(i)))) {
          draw(neighbour, other)
          const pairs = others.get(what) ?? new Pairs()
          others.set(what, pairs)
          pairs.add(base, other)
        }
      }
      expectGaussian({
        ...single.errors(),
        ...Object.fromEntries([...lags].map(([lag, pairs]) => [`elements ${lag} apart`, pairs.error()])),
        'sine and cosine of a radius': partners.error(),
        ...Object.fromEntries([...others].map(([what, pairs]) => [`another ${what}`, pairs.error()])),
      })
    },
    30 * MINUTES,
  )

  it(
    'are so too in the first elements of many draws',
    () => {
      const [single, steps] = [new Single(), new Pairs()]
      const values = new Float32Array(8)
      const [now, before] = [new Uint8Array(8), new Uint8Array(8)]
      for (let i = 0; i < DRAWS / 100; i++) {
        kernel.fillNoise(values, { seed: 0n, rollout: i >> 6, step: i & 63, sigma: 1, target: 'zL' })
        single.add(values)
        eighthsOf(values, now)
        if (i > 0) steps.add(before, now)
        before.set(now)
      }
      expectGaussian({ ...single.errors(), 'one step and the next': steps.error() })
    },
    30 * MINUTES,
  )
})
