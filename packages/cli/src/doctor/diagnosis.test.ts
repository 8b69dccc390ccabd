/** What the doctor's JSON says of engines, whichever the registry holds. */
import { expect, it } from 'vitest'
import { diagnosisRecord } from './diagnosis.ts'

it('has a remedy for any engine that does not load, and those for CUDA in their old place too', () => {
  const machine = { node: '20.16.0', platform: 'linux x64', cpu: 'any', cores: 1, memoryBytes: 1 }
  const remedies = [
    { backend: 'onnx-cuda', for: 'CUDA', steps: ['a driver'] },
    { backend: 'webgpu', for: 'WebGPU', steps: ['a browser'] },
  ]
  const record = diagnosisRecord({ found: { ...machine, engines: [], gpus: [], remedies }, rule: [] })
  expect(record).toMatchObject({ ...machine, cudaSteps: ['a driver'], remedies })
})
