/** The rule of `auto` over what it looks at, and on this machine. */

import { readModel } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { tinyModel } from '../../../core-wasm/test/tiny-model.ts'
import { autoBackend, createSolver } from '../node.ts'
import { autoRule, breakEven, chooseBackend, type Workload } from './auto.ts'
import { onnxCpu, onnxCuda, wasm } from './index.ts'
import type { EngineSpec } from './spec.ts'

const BUNDLED_FLOPS = 322.6e6
const CUDA_ROLLOUTS = 64
const work = (change: Partial<Workload> = {}): Workload => {
  return { flopsPerStep: BUNDLED_FLOPS, isTied: false, rollouts: 64, rolloutSteps: 64, cores: 2, ...change }
}
/** The registry on a machine that has only the optional engines named. */
const choose = (job: Workload, { onnx = true, cuda = false } = {}) => {
  const found = (spec: EngineSpec, is: boolean, why: string): EngineSpec => ({
    ...spec,
    missing: () => (is ? undefined : why),
  })
  return chooseBackend(job, [
    wasm,
    found(onnxCpu, onnx, 'onnxruntime-node is not installed'),
    found(onnxCuda, cuda, 'no CUDA'),
  ])
}
const even = (flopsPerStep: number, cores: number) => breakEven(onnxCpu, { flopsPerStep, cores })

describe('chooseBackend', () => {
  it('takes the kernel for one puzzle that a right answer ends, onnxruntime for hundreds', () => {
    expect(choose(work()).backend).toBe('wasm')
    expect(choose(work({ rolloutSteps: 200 * 64 })).backend).toBe('onnx-cpu')
    expect(choose(work({ rolloutSteps: 200 * 64 })).why).toContain('saves about 30.0 s')
  })

  it('takes onnxruntime the sooner, the larger the model and the fewer the cores', () => {
    const [bundled, official] = [even(BUNDLED_FLOPS, 2), even(25_632e6, 2)]
    expect(official * 79).toBeGreaterThan(bundled * 0.9)
    expect(official).toBeLessThan(bundled / 50)
    expect(even(BUNDLED_FLOPS, 1)).toBeLessThan(bundled)
    expect(choose(work({ rolloutSteps: bundled })).backend).toBe('onnx-cpu')
    expect(choose(work({ rolloutSteps: bundled - 1 })).backend).toBe('wasm')
  })

  it('takes the kernel where onnxruntime is missing, whatever the work', () => {
    const choice = choose(work({ rolloutSteps: 1e9 }), { onnx: false })
    expect(choice).toEqual({ backend: 'wasm', why: 'onnxruntime-node is not installed' })
  })

  it('takes the kernel for tied weights, whatever the work, and CUDA where it is', () => {
    const tied = work({ isTied: true, rolloutSteps: 1e9 })
    expect(choose(tied)).toEqual({ backend: 'wasm', why: expect.stringContaining('tied') })
    expect(choose(tied, { cuda: true }).backend).toBe('onnx-cuda')
    expect(autoRule(tied).map(({ backend, from }) => [backend, from?.of])).toEqual([
      ['onnx-cuda', 'rollouts'],
      ['onnx-cpu', undefined],
      ['wasm', undefined],
    ])
  })

  it('takes CUDA where a puzzle has rollouts enough, else what the CPU has', () => {
    expect(choose(work({ rollouts: CUDA_ROLLOUTS }), { cuda: true }).backend).toBe('onnx-cuda')
    expect(choose(work({ rollouts: CUDA_ROLLOUTS - 1 }), { cuda: true }).backend).toBe('wasm')
  })
})

describe('auto on this machine', () => {
  const dense = tinyModel({})
  const large = { puzzles: 1e9 }

  it('weighs a model and the work expected of it', () => {
    const model = readModel(dense)
    expect(autoBackend(model).backend).toBe('wasm')
    expect(autoBackend(model, large).backend).toBe('onnx-cpu')
    expect(autoBackend(model, { rollouts: 1e6, steps: 1e5, all: true }).backend).toBe('onnx-cpu')
    const tie = { name: 'board', types: 8, boardUnits: 8 } as const
    expect(autoBackend({ ...model, config: { ...model.config, tie } }, large).backend).toBe('wasm')
  })

  it('is what createSolver opens, and can be overruled', async () => {
    for (const [options, wanted] of [
      [{}, 'wasm'],
      [{ expected: large }, 'onnx-cpu'],
      [{ expected: large, backend: 'wasm' }, 'wasm'],
      [{ backend: 'onnx' }, 'onnx-cpu'],
    ] as const) {
      const solver = await createSolver({ model: dense, ...options })
      expect(solver.backend).toBe(wanted)
      await solver.close()
    }
  }, 60_000)
})
