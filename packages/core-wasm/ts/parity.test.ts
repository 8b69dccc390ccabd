/** The kernel against the official PyTorch code: logits, both q outputs and the final latents, on every path and variant. */
import { describe, expect, it } from 'vitest'
import { OFFICIAL_CASES, officialFixture, relativeError, slice } from '../test/official.ts'
import { flatBoard, type KernelVariant } from './config.ts'
import { loadKernel } from './kernel.ts'

const TOLERANCE = 2e-4
const PATHS: readonly { path: 'simd' | 'scalar'; variant: KernelVariant }[] = [
  { path: 'simd', variant: 'simd128' },
  { path: 'simd', variant: 'relaxed' },
  { path: 'scalar', variant: 'simd128' },
]

describe.each(OFFICIAL_CASES)('official %s', (name) => {
  const { config, steps, sigma, weights, expected, states } = officialFixture(name)
  const get = (key: string) => expected.get(key)!
  const batch = get('inputs').shape[0]!

  describe.each(PATHS)('$path path of the $variant kernel', ({ path, variant }) => {
    it.each(['none', 'z_L', 'z_H'] as const)('agrees with noise on %s', async (noise) => {
      const kernel = await loadKernel({ variant })
      using model = kernel.load(config, weights, { path, slots: batch })
      for (let b = 0; b < batch; b++) {
        const tokens = Uint8Array.from(slice(get('inputs'), b))
        model.start(b, flatBoard(tokens), get('puzzle_identifiers').data[b])
        for (let step = 0; step < steps; step++) {
          if (states && step > 0) {
            for (const [latent, key] of [
              ['zH', 'z_H'],
              ['zL', 'z_L'],
            ] as const) {
              model.writeLatent(b, latent, slice(states.get(`${noise}.${key}_before`)!, step - 1, b))
            }
          }
          if (noise !== 'none')
            model.perturb(
              b,
              noise === 'z_H' ? 'zH' : 'zL',
              slice(get('noise'), step, b).map((x) => sigma * x),
            )
          model.step(b)
          expect(relativeError(model.logits(b), slice(get(`${noise}.logits`), step, b))).toBeLessThan(
            TOLERANCE,
          )
          expect(relativeError(model.q(b), slice(get(`${noise}.q`), step, b))).toBeLessThan(TOLERANCE)
        }
        expect(relativeError(model.readLatent(b, 'zH'), slice(get(`${noise}.z_H`), b))).toBeLessThan(
          TOLERANCE,
        )
        expect(relativeError(model.readLatent(b, 'zL'), slice(get(`${noise}.z_L`), b))).toBeLessThan(
          TOLERANCE,
        )
      }
    })
  })
})
