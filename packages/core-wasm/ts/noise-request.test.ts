/** What names a noise is held to its bounds, where the kernel's own numbers would wrap and give another's noise. */
import { expect, it } from 'vitest'
import { tinyModel } from '../test/tiny-model.ts'
import { flatBoard, type NoiseDraw, type NoiseRequest } from './config.ts'
import { loadKernel } from './kernel.ts'
import { readModel } from './model-file.ts'

const kernel = await loadKernel({ variant: 'simd128' })
const { config, tensors } = readModel(tinyModel())
const draw: NoiseDraw = { seed: 1n, rollout: 0, step: 0, sigma: 0.3, target: 'zL' }

const qOf = (noise: NoiseRequest) => {
  using model = kernel.load(config, tensors)
  model.start(0, flatBoard(new Uint8Array(81).fill(1)))
  return model.step(0, noise).q
}

it.each([
  ['rollout', 2 ** 32],
  ['rollout', -1],
  ['rollout', 0.5],
  ['rollout', Number.NaN],
  ['step', 2 ** 53],
  ['step', 0.9],
  ['seed', 1n << 64n],
  ['seed', -1n],
  ['seed', 1],
  ['sigma', Number.NaN],
  ['sigma', -0.3],
  ['sigma', 1e39],
  ['sigma', undefined],
  ['target', 'zX'],
])('refuses the %s %s by name', (field, value) => {
  const wrong = { ...draw, [field]: value } as NoiseDraw
  const refused = (ask: () => unknown) => {
    expect(ask).toThrow(RangeError)
    expect(ask).toThrow(`noise, ${field}: found`)
  }
  refused(() => qOf(wrong))
  refused(() => kernel.fillNoise(new Float32Array(8), wrong))
  if (field !== 'sigma') refused(() => kernel.noiseKey(wrong))
})

it('takes the least and the largest, which are others', () => {
  const most = { seed: (1n << 64n) - 1n, rollout: 2 ** 32 - 1, step: 2 ** 32 - 1 }
  const changes: Partial<NoiseRequest>[] = [{}, { sigma: 0 }, { sigma: 1000 }, { target: 'both' }]
  for (const [field, value] of Object.entries(most)) changes.push({ [field]: value })
  expect(new Set(changes.map((change) => qOf({ ...draw, ...change }))).size).toBe(changes.length)
})

it('is of one latent where it is drawn alone', () => {
  const both = { ...draw, target: 'both' } as unknown as NoiseDraw
  expect(() => kernel.fillNoise(new Float32Array(8), both)).toThrow('found "both", wanted one of zL, zH')
  expect(() => kernel.noiseKey(both)).toThrow(RangeError)
})
