/** How long the kernel takes to make a step's noise, on this machine. */

import type { Model } from '@ptrm/core-wasm'
import { loadKernel, rowsOf, usualCells } from '@ptrm/core-wasm'

const WARM_UP = 20
const DRAWS = 100

/** Milliseconds on one core for the noise of one latent of one rollout-step, on the board that its figures are told for. */
export async function measureNoiseMs({ config }: Model): Promise<number> {
  const kernel = await loadKernel({ variant: 'simd128' })
  const out = new Float32Array(rowsOf(config, usualCells(config)) * config.hiddenSize)
  const draw = (step: number) =>
    kernel.fillNoise(out, { seed: 0n, rollout: 0, step, sigma: 0.3, target: 'zL' })
  for (let step = 0; step < WARM_UP; step++) draw(step)
  const started = performance.now()
  for (let step = 0; step < DRAWS; step++) draw(step)
  return (performance.now() - started) / DRAWS
}
