/** A kernel that does not start, or stops: by which name one hears of it, and that the next try is not spoilt. */
import { expect, it } from 'vitest'
import type * as Glue from '../pkg/simd128/ptrm_core.js'
import { tinyModel } from '../test/tiny-model.ts'
import { flatBoard } from './config.ts'
import { compileKernel, instantiateKernel, Kernel } from './kernel.ts'
import { readModel } from './model-file.ts'
import { kernelFrom } from './wasm-module.ts'

/** A module that exports `noise_key` as the kernel does, and asks for an import that the kernel's script does not have. */
const OTHER_VERSION = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0],
  ...[2, 10, 1, 1, 0x61, 4, 0x6f, 0x6c, 0x64, 0x5f, 0, 0],
  ...[7, 13, 1, 9, ...new TextEncoder().encode('noise_key'), 0, 0],
])

it('names a file of another version, and takes the right one afterwards', async () => {
  const wrong = await kernelFrom('simd128', OTHER_VERSION)
  await expect(instantiateKernel(wrong)).rejects.toMatchObject({
    name: 'KernelUnavailableError',
    message: expect.stringContaining('must be of one version of @ptrm/core-wasm'),
    cause: expect.any(Error),
  })
  const right = await compileKernel({ variant: 'simd128' })
  const kernel = await instantiateKernel(right)
  expect(kernel.variant).toBe('simd128')
  expect(await instantiateKernel(right)).toBe(kernel)
})

/** The kernel's script as if its memory had ended at one of its calls. */
function stopping(at: 'build' | 'place'): { kernel: Kernel; freed: () => number } {
  let freed = 0
  const stop = () => {
    throw new WebAssembly.RuntimeError('unreachable')
  }
  const model = { place: at === 'place' ? stop : () => {}, free: () => freed++ }
  class ModelBuilder {
    tensor() {}
    build = at === 'build' ? stop : () => model
  }
  const glue = { ModelBuilder } as unknown as typeof Glue
  const memory = new WebAssembly.Memory({ initial: 1 })
  return { kernel: Kernel.of('simd128', glue, memory), freed: () => freed }
}

const wanted = {
  name: 'KernelUnavailableError',
  message: expect.stringMatching(/stopped \(unreachable\).*memory/),
}

it('says what a stop most likely means where a model is loaded', () => {
  const { config, tensors } = readModel(tinyModel())
  expect(() => stopping('build').kernel.load(config, tensors)).toThrow(expect.objectContaining(wanted))
})

it('says it where a board is started, and lets the model be closed', () => {
  const { config, tensors } = readModel(tinyModel())
  const { kernel, freed } = stopping('place')
  const model = kernel.load(config, tensors)
  expect(() => model.start(0, flatBoard(new Uint8Array(81)))).toThrow(expect.objectContaining(wanted))
  model.close()
  expect(freed()).toBe(0)
  expect(() => model.step(0)).toThrow('the model is closed')
})
