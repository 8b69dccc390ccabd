/** Exported graphs in onnxruntime against the official PyTorch code: every block, position and noise, one step and many. */

import { type Model, rowsOf } from '@ptrm/core-wasm'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  OFFICIAL_CASES,
  type OfficialFixture,
  officialFixture,
  relativeError,
  slice,
} from '../../../core-wasm/test/official.ts'
import { TIES, tiedFixture } from '../../../core-wasm/test/tied.ts'
import { exportOnnx, type OnnxExportOptions } from './export.ts'

const TOLERANCE = 2e-4
const NOISES = [
  ['none', 'none'],
  ['z_L', 'zL'],
  ['z_H', 'zH'],
] as const

function modelOf({ config, weights }: OfficialFixture): Model {
  return { kind: 'sudoku', config, tensors: weights, recommended: {} }
}

function open(model: Model, options: OnnxExportOptions): Promise<InferenceSession> {
  return InferenceSession.create(exportOnnx(model, options), { logSeverityLevel: 3 })
}

/** The inputs of a fixture's whole batch that stay the same over the steps. */
function question({ config, expected }: OfficialFixture): Record<string, Tensor> {
  const get = (key: string) => expected.get(key)!
  const integers = (data: Float32Array, shape: readonly number[]) =>
    new Tensor(
      'int64',
      BigInt64Array.from(data, (value) => BigInt(value)),
      shape,
    )
  const { shape, data } = get('inputs')
  const ids = get('puzzle_identifiers')
  const needsId = config.prefix > 0 && expected.get('puzzle_identifiers')!.data.some((id) => id > 0)
  return {
    tokens: integers(data, shape),
    ...(needsId && { puzzle_id: integers(ids.data, ids.shape) }),
  }
}

function float(data: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor('float32', data, shape)
}

function initial({ config, weights, expected }: OfficialFixture, name: string): Tensor {
  const shape = [expected.get('inputs')!.shape[0]!, rowsOf(config), config.hiddenSize]
  const row = weights.get(name)!.data
  const count = shape.reduce((a, b) => a * b)
  return float(
    Float32Array.from({ length: count }, (_, i) => row[i % row.length]!),
    shape,
  )
}

/** Sigma times the fixture's noise, `[steps, batch, T, d]`. */
function noiseOf({ expected, sigma }: OfficialFixture): Tensor {
  const { shape, data } = expected.get('noise')!
  return float(
    data.map((value) => sigma * value),
    shape,
  )
}

describe.each(OFFICIAL_CASES)('official %s', (name) => {
  const fixture = officialFixture(name)
  const { steps, expected, states } = fixture
  const model = modelOf(fixture)
  const check = (outputs: InferenceSession.ReturnType, key: string, of: string, ...at: number[]) => {
    const found = outputs[of]!.data as Float32Array
    expect(relativeError(found, slice(expected.get(key)!, ...at))).toBeLessThan(TOLERANCE)
  }

  it.each(NOISES)('agrees step by step with noise on %s', async (noise, target) => {
    const session = await open(model, { noise: target })
    const all = noiseOf(fixture)
    let z = { z_H: initial(fixture, 'H_init'), z_L: initial(fixture, 'L_init') }
    for (let step = 0; step < steps; step++) {
      if (states && step > 0) {
        const before = (latent: string) =>
          float(slice(states.get(`${noise}.${latent}_before`)!, step - 1).slice(), z.z_H.dims)
        z = { z_H: before('z_H'), z_L: before('z_L') }
      }
      const noises =
        target === 'none'
          ? {}
          : {
              noise: float(
                slice(expected.get('noise')!, step).map((x) => fixture.sigma * x),
                z.z_H.dims,
              ),
            }
      const outputs = await session.run({ ...question(fixture), ...z, ...noises })
      check(outputs, `${noise}.logits`, 'logits', step)
      check(outputs, `${noise}.q`, 'q', step)
      z = { z_H: outputs['z_H_out'] as Tensor, z_L: outputs['z_L_out'] as Tensor }
    }
    expect(relativeError(z.z_H.data as Float32Array, expected.get(`${noise}.z_H`)!.data)).toBeLessThan(
      TOLERANCE,
    )
    expect(relativeError(z.z_L.data as Float32Array, expected.get(`${noise}.z_L`)!.data)).toBeLessThan(
      TOLERANCE,
    )
    expect(all.dims[0]).toBe(steps)
  })

  it.each(['loop', 'unrolled'] as const)(
    'gives in one run of the %s form what single steps give',
    async (form) => {
      const [one, many] = [await open(model, {}), await open(model, { steps: 3, form })]
      const noise = noiseOf(fixture)
      let z = { z_H: initial(fixture, 'H_init'), z_L: initial(fixture, 'L_init') }
      const first = float(noise.data.slice(0, 3 * z.z_H.size) as Float32Array, [3, ...z.z_H.dims])
      const together = await many.run({ ...question(fixture), ...z, noise: first })
      for (let step = 0; step < 3; step++) {
        const now = float(
          (noise.data as Float32Array).slice(step * z.z_H.size, (step + 1) * z.z_H.size),
          z.z_H.dims,
        )
        const outputs = await one.run({ ...question(fixture), ...z, noise: now })
        z = { z_H: outputs['z_H_out'] as Tensor, z_L: outputs['z_L_out'] as Tensor }
        for (const key of ['logits', 'answer', 'q']) {
          const row = outputs[key]!
          expect((together[key]!.data as Float32Array).slice(step * row.size, (step + 1) * row.size)).toEqual(
            row.data,
          )
        }
      }
      expect(together['z_H_out']!.data).toEqual(z.z_H.data)
      expect(together['z_L_out']!.data).toEqual(z.z_L.data)
    },
  )

  it('in half precision stays near: one step within 5 % of the largest logit', async () => {
    const session = await open(model, { noise: 'none', fp16: true })
    const outputs = await session.run({
      ...question(fixture),
      z_H: initial(fixture, 'H_init'),
      z_L: initial(fixture, 'L_init'),
    })
    expect(
      relativeError(outputs['logits']!.data as Float32Array, slice(expected.get('none.logits')!, 0)),
    ).toBeLessThan(0.05)
  })

  it('answers with the best of the tokens that an answer may hold', async () => {
    const answerTokens = [3, 1, 5]
    const session = await open({ ...model, config: { ...model.config, answerTokens } }, { noise: 'none' })
    const outputs = await session.run({
      ...question(fixture),
      z_H: initial(fixture, 'H_init'),
      z_L: initial(fixture, 'L_init'),
    })
    const logits = outputs['logits']!.data as Float32Array
    const { vocabSize } = fixture.config
    const best = (row: Float32Array) => answerTokens.reduce((a, b) => (row[b]! > row[a]! ? b : a))
    const wanted = Array.from({ length: logits.length / vocabSize }, (_, i) =>
      best(logits.subarray(i * vocabSize, (i + 1) * vocabSize)),
    )
    expect([...(outputs['answer']!.data as Uint8Array)]).toEqual(wanted)
  })
})

it('refuses options that fit no graph', () => {
  const model = modelOf(officialFixture('att-rope'))
  expect(() => exportOnnx(model, { steps: 0 })).toThrow('steps: found 0')
  expect(() => exportOnnx(model, { steps: 'any', noise: 'none' })).toThrow('it needs noise')
  const tensors = new Map(model.tensors)
  tensors.delete('lm_head.weight')
  expect(() => exportOnnx({ ...model, tensors })).toThrow('tensor lm_head.weight is missing')
})

describe.each(TIES)('free weights tied by %s', (name) => {
  const { model, cases } = tiedFixture(name)

  it.each(cases)('step as in PyTorch on boards of $rows x $columns', async ({ rows, columns, get }) => {
    const session = await open(model, { noise: 'none', board: { rows, columns } })
    const [batch, steps] = get('q').shape as [number, number]
    const integers = BigInt64Array.from(get('tokens').data, (value) => BigInt(value))
    const tokens = new Tensor('int64', integers, [batch, rows * columns])
    for (let step = 0; step < steps; step++) {
      const latent = (key: string) => {
        const parts = Array.from({ length: batch }, (_, board) => slice(get(key), board, step))
        const data = Float32Array.from(parts.flatMap((part) => [...part]))
        return new Tensor('float32', data, [batch, get(key).shape[2]!, model.config.hiddenSize])
      }
      const out = await session.run({ tokens, z_H: latent('z_H'), z_L: latent('z_L') })
      const logits = out['logits']!.data as Float32Array
      const size = logits.length / batch
      for (let board = 0; board < batch; board++) {
        const found = logits.subarray(board * size, (board + 1) * size)
        expect(relativeError(found, slice(get('logits'), board, step))).toBeLessThan(TOLERANCE)
      }
    }
    await session.release()
  })
})

describe('a graph that finds rooms', () => {
  const { model, cases } = tiedFixture('rooms')
  const { rows, columns, get } = cases.at(-1)!
  const board = { rows, columns }
  const [batch] = get('q').shape as [number]
  const shape = [batch, model.config.prefix + rows * columns, model.config.hiddenSize]
  const tokens = new Tensor('int64', BigInt64Array.from(get('tokens').data, BigInt), [batch, rows * columns])
  const row = (name: string) => model.tensors.get(name)!.data
  const initialOf = (name: string) =>
    float(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => row(name)[i % shape[2]!]!),
      shape,
    )
  const start = { z_H: initialOf('H_init'), z_L: initialOf('L_init') }

  it('gives in one run of several steps what single steps give', async () => {
    const [one, many] = [
      await open(model, { board, noise: 'none' }),
      await open(model, { board, steps: 2, noise: 'none' }),
    ]
    const together = await many.run({ tokens, ...start })
    let z = start
    for (let step = 0; step < 2; step++) {
      const { z_H_out, z_L_out, logits } = await one.run({ tokens, ...z })
      z = { z_H: z_H_out as Tensor, z_L: z_L_out as Tensor }
      const { data, size } = logits!
      const found = (together['logits']!.data as Float32Array).slice(step * size, (step + 1) * size)
      expect(found).toEqual(data)
    }
    for (const session of [one, many]) await session.release()
  })

  it('in half precision stays near: one step within 5 % of the largest logit', async () => {
    const session = await open(model, { board, noise: 'none', fp16: true })
    const { logits } = await session.run({ tokens, ...start })
    const wanted = Array.from({ length: batch }, (_, i) => [...slice(get('logits'), i, 0)]).flat()
    expect(relativeError(logits!.data as Float32Array, Float32Array.from(wanted))).toBeLessThan(0.05)
    await session.release()
  })

  it.each([60, 999])('is refused where no ONNX file could hold it: %i a side', (side) => {
    expect(() => exportOnnx(model, { board: { rows: side, columns: side } })).toThrow('an ONNX file holds')
  })

  it('is for the board that the model was sized for, or of 10x10', async () => {
    const session = await open(model, { noise: 'none' })
    expect(session.inputMetadata[0]).toMatchObject({ name: 'tokens', shape: [expect.anything(), 100] })
    expect(() => exportOnnx(model, { board: { rows: 0, columns: 3 } })).toThrow('a board of 0x3')
    await session.release()
  })
})
