/** Graphs of whole rollouts: the official code's numbers, the kernel's noise for all targets, latents started and carried. */

import {
  fixedLength,
  initialLatent,
  type Kernel,
  type Latent,
  latentsOf,
  loadKernel,
  type Model,
  NOISE_TARGETS,
  type NoiseTarget,
  rowsOf,
  sizedModel,
} from '@ptrm/core-wasm'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  OFFICIAL_CASES,
  type OfficialCase,
  officialFixture,
  relativeError,
  slice,
} from '../../../core-wasm/test/official.ts'
import { tiedFixture } from '../../../core-wasm/test/tied.ts'
import { exportOnnx } from './export.ts'
import { exportRollout, type RolloutExportOptions } from './rollout.ts'

const TOLERANCE = 2e-4
const SIGMA = 0.3
const kernel: Kernel = await loadKernel({ variant: 'simd128' })

type Latents = Readonly<Record<Latent, Float32Array>>

/** What a run is given of a rollout. */
interface Rollout {
  readonly number: number
  /** Steps that it has made. */
  readonly done: number
  /** Undefined where it begins. */
  readonly latents?: Latents
  readonly sigma: number
  readonly puzzleId?: number
}

const official = (name: OfficialCase): Model => {
  const { config, weights } = officialFixture(name)
  return { kind: 'sudoku', config, tensors: weights, recommended: {} }
}
const openGraph = (graph: Uint8Array) =>
  InferenceSession.create(graph, { intraOpNumThreads: 1, logSeverityLevel: 3 })
const open = (model: Model, options: RolloutExportOptions) => openGraph(exportRollout(model, options))
const int64 = (values: readonly (number | bigint)[], dims: readonly number[]) =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), dims)
const drawOf = ({ number, done, sigma }: Rollout, step: number, target: Latent) => {
  return { seed: 5n, rollout: number, step: done + step, sigma, target }
}

interface Asked {
  readonly session: InferenceSession
  readonly model: Model
  readonly tokens: readonly number[]
  readonly steps: number
  readonly target: NoiseTarget
}

/** Rollouts of one board, side by side in one run. */
async function run({ session, model, tokens, steps, target }: Asked, rollouts: readonly Rollout[]) {
  const batch = rollouts.length
  const [rows, d] = [rowsOf(model.config), model.config.hiddenSize]
  const carrying = rollouts.filter(({ latents }) => latents)
  const carried = (latent: Latent) => {
    // Where none is carried, the row that stands for none must have no part in anything.
    const all: Float32Array[] = carrying.length === 0 ? [new Float32Array(rows * d).fill(Number.NaN)] : []
    all.push(...carrying.map(({ latents }) => latents![latent]))
    const values = all.flatMap((each) => [...each])
    return new Tensor('float32', values, [all.length, rows, d])
  }
  const each = <T>(of: (rollout: Rollout, step: number) => T): T[] =>
    Array.from({ length: steps }, (_, step) => rollouts.map((rollout) => of(rollout, step))).flat()
  const keysOf = (latent: Latent) =>
    int64(
      each((rollout, step) => BigInt.asIntN(64, kernel.noiseKey(drawOf(rollout, step, latent)))),
      [steps, batch],
    )
  const [first, second] = latentsOf(target)
  const takes = (name: string) => session.inputNames.includes(name)
  const { answer, q, z_H_out, z_L_out } = await session.run({
    tokens: int64(
      rollouts.flatMap(() => tokens),
      [batch, tokens.length],
    ),
    z_H: carried('zH'),
    z_L: carried('zL'),
    from: int64(
      rollouts.map((rollout) => carrying.indexOf(rollout) + 1),
      [batch],
    ),
    sigmas: new Tensor('float32', Float32Array.from(each(({ sigma }) => sigma)), [steps, batch]),
    keys: keysOf(first!),
    ...(second && { keys_H: keysOf(second) }),
    ...(takes('steps') && { steps: int64([steps], []) }),
    ...(takes('puzzle_id') && {
      puzzle_id: int64(
        rollouts.map(({ puzzleId = 0 }) => puzzleId),
        [batch],
      ),
    }),
  })
  expect(answer!.dims).toEqual([steps, batch, tokens.length])
  expect(q!.dims).toEqual([steps, batch])
  const part = <T extends Float32Array | Uint8Array>(of: Tensor, at: number, size: number) =>
    (of.data as T).slice(at * size, (at + 1) * size) as T
  return rollouts.map((_, i) => ({
    latents: {
      zH: part<Float32Array>(z_H_out!, i, rows * d),
      zL: part<Float32Array>(z_L_out!, i, rows * d),
    },
    answers: Array.from({ length: steps }, (__, step) =>
      part<Uint8Array>(answer!, step * batch + i, tokens.length),
    ),
    qs: Array.from({ length: steps }, (__, step) => part<Float32Array>(q!, step * batch + i, 1)[0]!),
  }))
}

const tokensFor = ({ config }: Model) =>
  Array.from({ length: fixedLength(config) }, (_, i) => (i * 5 + 1) % config.vocabSize)

describe.each([
  ['rooms', sizedModel(tiedFixture('rooms').model, { rows: 3, columns: 4 })],
  ['mlp-sudoku', official('mlp-sudoku')],
  ['att-rope', official('att-rope')],
] as const)('rollouts of %s', (_, model) => {
  const tokens = tokensFor(model)
  const start: Latents = { zH: initialLatent(model, 'H_init'), zL: initialLatent(model, 'L_init') }
  /** With the kernel's noise for the rollout's step. */
  const noisy = (latents: Latents, rollout: Rollout, step: number, target: NoiseTarget): Latents => {
    const sums = { zH: latents.zH.slice(), zL: latents.zL.slice() }
    for (const latent of latentsOf(target)) {
      const noise = new Float32Array(sums[latent].length)
      kernel.fillNoise(noise, drawOf(rollout, step, latent))
      for (const [i, value] of noise.entries()) sums[latent][i]! += value
    }
    return sums
  }

  it.each([
    ...(['loop', 'unrolled'] as const).flatMap((form) =>
      NOISE_TARGETS.map((target) => [form, target, 'step'] as const),
    ),
    ['loop', 'both', 'run'] as const,
    ['unrolled', 'zH', 'run'] as const,
  ])(
    'in the form %s have the kernel’s noise on %s, to the bit, made in each %s',
    async (form, target, noiseIn) => {
      const [one, three] = await Promise.all(
        [1, 3].map((steps) => open(model, { steps, noise: target, form, noiseIn })),
      )
      const [single, several] = [
        { session: one!, model, tokens, steps: 1, target },
        { session: three!, model, tokens, steps: 3, target },
      ]
      const rollout: Rollout = { number: 7, done: 0, sigma: SIGMA }
      const [together] = await run(several, [rollout])
      let latents = start
      for (let step = 0; step < 3; step++) {
        // The kernel's noise from outside, none from the graph.
        const given = { ...rollout, latents: noisy(latents, rollout, step, target), sigma: 0 }
        const [alone] = await run(single, [given])
        expect(alone!.qs).toEqual(together!.qs.slice(step, step + 1))
        expect(alone!.answers).toEqual(together!.answers.slice(step, step + 1))
        latents = alone!.latents
      }
      expect(together!.latents).toEqual(latents)
      await Promise.all([one!.release(), three!.release()])
    },
  )

  it('begin and go on side by side, as many steps as are asked for', async () => {
    const target = 'both'
    const session = await open(model, { steps: 'any', noise: target, form: 'loop' })
    const asked = { session, model, tokens, target } as const
    const [seven, eight] = [7, 8].map((number): Rollout => ({ number, done: 0, sigma: SIGMA }))
    const [whole] = await run({ ...asked, steps: 3 }, [seven!])
    const [first] = await run({ ...asked, steps: 1 }, [seven!])
    const beside = await run({ ...asked, steps: 2 }, [
      eight!,
      { ...seven!, done: 1, latents: first!.latents },
      { ...eight!, sigma: 0 },
    ])
    expect(beside[1]!.qs).toEqual(whole!.qs.slice(1))
    expect(beside[1]!.latents).toEqual(whole!.latents)
    expect(beside[0]!.qs).not.toEqual(beside[2]!.qs)
    await session.release()
  })

  it('answer as the graph of one step does, near in q', async () => {
    const session = await open(model, { steps: 1, noise: 'zL', form: 'unrolled' })
    const plain = await openGraph(exportOnnx(model, { noise: 'none' }))
    const [found] = await run({ session, model, tokens, steps: 1, target: 'zL' }, [
      { number: 0, done: 0, sigma: 0 },
    ])
    const shape = [1, rowsOf(model.config), model.config.hiddenSize]
    const wanted = await plain.run({
      tokens: int64(tokens, [1, tokens.length]),
      z_H: new Tensor('float32', start.zH, shape),
      z_L: new Tensor('float32', start.zL, shape),
      ...(plain.inputNames.includes('puzzle_id') && { puzzle_id: int64([0], [1]) }),
    })
    expect(found!.answers[0]).toEqual(wanted['answer']!.data)
    expect(found!.qs[0]).toBeCloseTo((wanted['q']!.data as Float32Array)[0]!, 3)
    await Promise.all([session.release(), plain.release()])
  })
})

it.each(OFFICIAL_CASES)('a step of %s is the official code’s', async (name) => {
  const { expected, states } = officialFixture(name)
  const model = official(name)
  const session = await open(model, { steps: 1, noise: 'zL', form: 'loop' })
  const [batch, length] = expected.get('inputs')!.shape as [number, number]
  for (let board = 0; board < batch; board++) {
    const tokens = [...slice(expected.get('inputs')!, board)]
    expect(tokens).toHaveLength(length)
    const asked = { session, model, tokens, steps: 1, target: 'zL' } as const
    const puzzleId = expected.get('puzzle_identifiers')!.data[board]!
    let latents: Latents | undefined
    for (let step = 0; step < 3; step++) {
      if (states && step > 0) {
        const before = (of: string) => slice(states.get(`none.${of}_before`)!, step - 1, board)
        latents = { zH: before('z_H'), zL: before('z_L') }
      }
      const [found] = await run(asked, [
        { number: 0, done: 0, sigma: 0, puzzleId, ...(latents && { latents }) },
      ])
      const wanted = slice(expected.get('none.q')!, step, board)
      expect(relativeError(Float32Array.of(found!.qs[0]!), wanted.subarray(0, 1))).toBeLessThan(
        10 * TOLERANCE,
      )
      latents = found!.latents
    }
  }
  await session.release()
})

it('takes the first of equal tokens, of those that an answer may hold', async () => {
  const model = official('att-rope')
  const { vocabSize, hiddenSize } = model.config
  const tensors = new Map(model.tensors)
  tensors.set('lm_head.weight', {
    shape: [vocabSize, hiddenSize],
    data: new Float32Array(vocabSize * hiddenSize),
  })
  const tokens = tokensFor(model)
  const answerOf = async (answerTokens: number[]) => {
    const equal = { ...model, config: { ...model.config, answerTokens }, tensors }
    const session = await open(equal, { steps: 1, noise: 'zL', form: 'loop' })
    const asked = { session, model: equal, tokens, steps: 1, target: 'zL' } as const
    const [found] = await run(asked, [{ number: 0, done: 0, sigma: SIGMA }])
    await session.release()
    return new Set(found!.answers[0])
  }
  expect(await answerOf([])).toEqual(new Set([0]))
  expect(await answerOf([3, 1, 5])).toEqual(new Set([3]))
})

it('in half precision stays near: latents within 5 % of the largest after a step', async () => {
  for (const name of ['mlp-sudoku', 'att-rope'] as const) {
    const model = official(name)
    const tokens = tokensFor(model)
    const [half, full] = await Promise.all(
      [true, false].map(async (fp16) => {
        const session = await open(model, { steps: 1, noise: 'zL', form: 'loop', fp16 })
        const asked = { session, model, tokens, steps: 1, target: 'zL' } as const
        const [found] = await run(asked, [{ number: 1, done: 0, sigma: SIGMA }])
        await session.release()
        return found!
      }),
    )
    expect(relativeError(half!.latents.zH, full!.latents.zH)).toBeLessThan(0.05)
    expect(relativeError(half!.latents.zH, full!.latents.zH)).toBeGreaterThan(0)
  }
})

it('refuses steps that fit no graph', () => {
  const model = official('att-rope')
  const of = (steps: number | 'any') => () => exportRollout(model, { steps, noise: 'zL', form: 'unrolled' })
  expect(of(0)).toThrow('steps: found 0')
  expect(of('any')).toThrow("needs the form 'loop'")
})
