/** onnxruntime's profile read by hand-made events, and a real one of a small model. */
import { expect, it } from 'vitest'
import { nodeTimes, type ProfileEvent } from './gpu-profile.ts'

const run = (ts: number, dur: number): ProfileEvent => ({ cat: 'Session', name: 'model_run', ts, dur })
const node = (op: string, ts: number, dur: number, shape: number[], provider = 'CUDAExecutionProvider') => {
  const values = [{ float: shape }]
  const args = { op_name: op, provider, input_type_shape: values, output_type_shape: values }
  return { cat: 'Node', name: `${op}_1_kernel_time`, ts, dur, args }
}

it('sums the nodes of the last run by operator and shapes, without those that hold others', () => {
  const events: ProfileEvent[] = [
    ...[run(0, 100), node('MatMul', 10, 90, [1, 2])],
    run(200, 5000),
    ...[node('Loop', 200, 4900, [1]), node('Add', 4000, 250, [1, 2])],
    ...[
      node('MatMul', 300, 1000, [1, 2]),
      node('MatMul', 1400, 2000, [1, 2]),
      node('MatMul', 3500, 100, [3]),
    ],
    { cat: 'Node', name: 'MatMul_1_fence_before', ts: 3600, dur: 70 },
    node('MemcpyToHost', 4500, 400, [1, 2], 'CPUExecutionProvider'),
  ]
  expect(nodeTimes(events)).toEqual({
    runMs: 5,
    nodes: [
      { op: 'MatMul', on: 'CUDA', shapes: 'float[1,2] -> float[1,2]', count: 2, ms: 3 },
      { op: 'MemcpyToHost', on: 'CPU', shapes: 'float[1,2] -> float[1,2]', count: 1, ms: 0.4 },
      { op: 'Add', on: 'CUDA', shapes: 'float[1,2] -> float[1,2]', count: 1, ms: 0.25 },
      { op: 'MatMul', on: 'CUDA', shapes: 'float[3] -> float[3]', count: 1, ms: 0.1 },
    ],
  })
})

it('says so where there was no run', () => {
  expect(() => nodeTimes([])).toThrow('the profile has no run')
})
