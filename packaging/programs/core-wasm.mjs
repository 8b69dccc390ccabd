import { loadKernel } from '@ptrm/core-wasm'

const kernel = await loadKernel()
const noise = new Float32Array(64)
kernel.fillNoise(noise, { seed: 1n, rollout: 1, step: 0, sigma: 1, target: 'zL' })
if (!noise.some((value) => value !== 0)) throw new Error('no noise')
console.log('done')
