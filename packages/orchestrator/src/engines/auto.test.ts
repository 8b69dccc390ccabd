/** The rule of `auto` over what it looks at, and on this machine. */

import { readModel } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { autoBackend, createSolver, loadModelBytes } from '../node.ts'
import { breakEven, CUDA_ROLLOUTS, chooseBackend, type Workload } from './auto.ts'

const BUNDLED_FLOPS = 322.6e6
const work = (change: Partial<Workload> = {}): Workload => {
  return {
    flopsPerStep: BUNDLED_FLOPS,
    rollouts: 64,
    rolloutSteps: 64,
    cores: 2,
    onnx: true,
    cuda: false,
    ...change,
  }
}

describe('chooseBackend', () => {
  it('takes the kernel for one puzzle that a right answer ends, onnxruntime for hundreds', () => {
    expect(chooseBackend(work()).backend).toBe('wasm')
    expect(chooseBackend(work({ rolloutSteps: 200 * 64 })).backend).toBe('onnx-cpu')
    expect(chooseBackend(work({ rolloutSteps: 200 * 64 })).why).toContain('saves about 30.0 s')
  })

  it('takes onnxruntime the sooner, the larger the model and the fewer the cores', () => {
    const [bundled, official] = [breakEven(BUNDLED_FLOPS, 2), breakEven(25_632e6, 2)]
    expect(official * 79).toBeGreaterThan(bundled * 0.9)
    expect(official).toBeLessThan(bundled / 50)
    expect(breakEven(BUNDLED_FLOPS, 1)).toBeLessThan(bundled)
    expect(chooseBackend(work({ rolloutSteps: bundled })).backend).toBe('onnx-cpu')
    expect(chooseBackend(work({ rolloutSteps: bundled - 1 })).backend).toBe('wasm')
  })

  it('takes the kernel where onnxruntime is missing, whatever the work', () => {
    const choice = chooseBackend(work({ onnx: false, rolloutSteps: 1e9 }))
    expect(choice).toEqual({ backend: 'wasm', why: 'onnxruntime-node is not installed' })
  })

  it('takes CUDA where a puzzle has rollouts enough, else what the CPU has', () => {
    expect(chooseBackend(work({ cuda: true, rollouts: CUDA_ROLLOUTS })).backend).toBe('onnx-cuda')
    expect(chooseBackend(work({ cuda: true, rollouts: CUDA_ROLLOUTS - 1 })).backend).toBe('wasm')
  })
})

describe('auto on this machine', () => {
  it('weighs a model and the work expected of it', async () => {
    const model = readModel(await loadModelBytes('sudoku'))
    expect(autoBackend(model).backend).toBe('wasm')
    expect(autoBackend(model, { puzzles: 100_000 }).backend).toBe('onnx-cpu')
    expect(autoBackend(model, { rollouts: 1e6, steps: 1e5, all: true }).backend).toBe('onnx-cpu')
  })

  it('is what createSolver opens, and can be overruled', async () => {
    const expected = { puzzles: 100_000 }
    for (const [options, wanted] of [
      [{}, 'wasm'],
      [{ expected }, 'onnx-cpu'],
      [{ expected, backend: 'wasm' }, 'wasm'],
      [{ backend: 'onnx' }, 'onnx-cpu'],
    ] as const) {
      const solver = await createSolver(options)
      expect(solver.backend).toBe(wanted)
      await solver.close()
    }
  }, 60_000)
})
