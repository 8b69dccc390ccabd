/** What a model file is held to where it is loaded, before a weight is read; and what of it is sent on. */
import { readFileSync } from 'node:fs'
import { bundledModel, bundledModels } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { type TinyOptions, tinyModel, tinyTiedModel } from '../test/tiny-model.ts'
import { flatBoard, type Tensor } from './config.ts'
import { loadKernel } from './kernel.ts'
import { checkLimits } from './limits.ts'
import { configToJson, listModel, readConfig, readModel } from './model-file.ts'
import { withRecommended } from './recommend.ts'
import { trimModel } from './trim.ts'

const kernel = await loadKernel({ variant: 'simd128' })

function refusal(options: TinyOptions): unknown {
  try {
    readModel(tinyModel(options))
  } catch (error) {
    return error
  }
  return undefined
}

describe('a recommended plan', () => {
  it.each([
    ['rollouts', 0],
    ['rollouts', 1.5],
    ['rollouts', '16'],
    ['rollouts', 1e7],
    ['steps', -1],
    ['steps', null],
    ['sigma', 'x'],
    ['sigma', []],
    ['sigma', -0.1],
    ['sigma', 1e19],
    ['sigma', [0.3, null]],
    ['sigma', [0.3, [0.2]]],
    ['sigma', { 0: 1 }],
    ['noiseTarget', 'zX'],
    ['noiseTarget', ['zL']],
  ])('is refused with its %s %j', (field, value) => {
    const error = refusal({ config: { recommended: { [field]: value } } })
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'config', tensor: `recommended.${field}` })
    expect((error as Error).message).toContain(JSON.stringify(value))
  })

  it.each([[[]], ['fast'], [7]])('is an object, not %j', (recommended) => {
    expect(refusal({ config: { recommended } })).toMatchObject({ code: 'config', tensor: 'recommended' })
  })

  it('may hold each value, none, or more than we know', () => {
    const plan = { rollouts: 1, steps: 100_000, sigma: [0, 1000], noiseTarget: 'both' } as const
    expect(readModel(tinyModel({ config: { recommended: plan } })).recommended).toEqual(plan)
    expect(readModel(tinyModel({ config: { recommended: null } })).recommended).toEqual({})
    expect(readModel(tinyModel({ config: { recommended: { ...plan, mood: 'x' } } })).recommended).toEqual(
      plan,
    )
  })
})

describe('heads that no attention can have', () => {
  it.each([
    [3, 'must divide hidden_size: found 3, of 8'],
    [0, 'must divide hidden_size: found 0, of 8'],
    [8, 'must leave an even head width for RoPE: found 8, of 8'],
  ])('are refused where the file is listed: %i', (heads, message) => {
    const file = tinyModel({ config: { num_heads: heads, pos_encodings: 'rope', mlp_t: false } })
    expect(() => listModel(file)).toThrow(`config field num_heads ${message}`)
  })
})

describe('a config', () => {
  it.each([
    ['rms_norm_eps', 1e-300],
    ['rms_norm_eps', 1e300],
    ['rope_theta', 1e-300],
    ['rope_theta', 1e39],
  ])('is refused with a %s that f32 can not work with: %d', (field, value) => {
    const error = refusal({ config: { [field]: value } })
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'config', tensor: field })
    expect((error as Error).message).toContain(`found ${value}, wanted a number from 1e-30 to 1e+30`)
  })

  it('is refused with more answer tokens than there are tokens', () => {
    const error = refusal({ config: { answer_tokens: Array.from({ length: 11 }, (_, i) => i % 10) } })
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'config', tensor: 'answerTokens' })
    expect((error as Error).message).toContain('found 11, the vocabulary has 10')
  })

  it.each(['kind', 'recommended', 'tie', 'mood'])(
    'is refused where its %s is nested without end',
    (field) => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
      const whole = JSON.stringify({ ...configToJson(readModel(tinyModel())), [field]: 'here' })
      const metadata = { ptrm: whole.replace('"here"', deep) }
      const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata }))
      const bytes = new Uint8Array(8 + text.length)
      new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
      bytes.set(text, 8)
      for (const read of [readConfig, readModel, (file: Uint8Array) => withRecommended(file, { steps: 3 })])
        expect(() => read(bytes)).toThrow(
          expect.objectContaining({ name: 'ModelFormatError', code: 'config' }),
        )
    },
  )
})

describe('a model that asks for too much', () => {
  it.each<[what: string, message: RegExp, options: TinyOptions]>([
    [
      'a step without end',
      /2 layers x 1000 H_cycles x \(1000 L_cycles \+ 1\) = 2002000 calls.*at most 1000$/,
      { config: { L_layers: 2, H_cycles: 1000, L_cycles: 1000 } },
    ],
    [
      'a rollout without end',
      /1 layers x 100 H_cycles x \(9 L_cycles \+ 1\) x 2000 steps = 2000000 calls/,
      { config: { H_cycles: 100, L_cycles: 9, recommended: { steps: 2000 } } },
    ],
    [
      'operations without end',
      /a step takes 1\.\de\+12 operations/,
      { config: { hidden_size: 512, H_cycles: 25, L_cycles: 39, num_heads: 1, seq_len: 400 } },
    ],
    [
      'operations of heads that are filled up, and of their softmax',
      /a step takes 2\.\de\+12 operations/,
      { config: { seq_len: 5000, num_heads: 8, H_cycles: 10, L_cycles: 19 } },
    ],
    [
      'operations of channels that are filled up',
      /a step takes 1\.\de\+12 operations/,
      { config: { hidden_size: 1, seq_len: 5000, H_cycles: 25, L_cycles: 39 } },
    ],
    ['a huge activation', /an activation has 268435456 numbers/, { config: { seq_len: 16_384 } }],
  ])('is refused: %s', (_, message, options) => {
    const error = refusal(options)
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'too-large' })
    expect((error as Error).message).toMatch(message)
  })

  it('is refused for the room of its heads, which are filled up', () => {
    const { config } = readModel(tinyModel())
    const d = 4096
    const tensors = new Map([
      ['L_level.layers.0.self_attn.qkv_proj.weight', { shape: [3 * d, d] }],
      ['L_level.layers.0.self_attn.o_proj.weight', { shape: [d, d] }],
    ])
    const check = (numHeads: number) => () =>
      checkLimits({ config: { ...config, hiddenSize: d, numHeads }, tensors })
    expect(check(d / 8)).not.toThrow()
    expect(check(d)).toThrow(/its layers take the room of 536870912 weights/)
  })

  it('is refused for the hidden cells of a board of one row', () => {
    const { config, tensors } = readModel(tinyTiedModel('board'))
    const types = 8192
    const of = (name: string, ...shape: number[]): [string, Tensor] => [
      `L_level.layers.0.board.${name}`,
      { shape, data: new Float32Array(shape.reduce((a, b) => a * b)) },
    ]
    const free = [of('kernels', 3, types, 13), of('prefix_in', 2 * types, 2), of('prefix_out', 2, types)]
    const tie = { name: 'board', types, boardUnits: 3 } as const
    expect(() => kernel.load({ ...config, tie }, new Map([...tensors, ...free]))).toThrow(
      /an activation has 107\d{7} numbers/,
    )
  })

  it('is refused by the kernel itself too', () => {
    const { config, tensors } = readModel(tinyModel())
    expect(() => kernel.load({ ...config, hCycles: 1000, lCycles: 1000 }, tensors)).toThrow(
      /1 layers x 1000 H_cycles x \(1000 L_cycles \+ 1\) = 1001000 calls/,
    )
  })

  it('is none of ours', () => {
    for (const { weights } of bundledModels) expect(() => listModel(readFileSync(weights))).not.toThrow()
  })
})

describe('tensors', () => {
  const qkv = 'L_level.layers.0.self_attn.qkv_proj.weight'
  const down = 'L_level.layers.0.mlp.down_proj.weight'
  it.each<[what: string, wanted: object, options: TinyOptions]>([
    ['missing', { code: 'missing-tensor', tensor: qkv }, { shapes: { [qkv]: undefined } }],
    [
      'of another shape',
      { code: 'wrong-shape', tensor: qkv, wanted: [24, 8], found: [8, 24] },
      { shapes: { [qkv]: [8, 24] } },
    ],
    [
      'with too few axes',
      { code: 'wrong-shape', tensor: 'H_init', wanted: [8], found: [] },
      { shapes: { H_init: [] } },
    ],
    [
      'of an odd inner width',
      { code: 'wrong-shape', wanted: [4, 8], found: [3, 8] },
      { shapes: { 'L_level.layers.0.mlp.gate_up_proj.weight': [3, 8] } },
    ],
    [
      'of two inner widths',
      { code: 'wrong-shape', tensor: down, wanted: [8, 2], found: [8, 3] },
      { shapes: { [down]: [8, 3] } },
    ],
    ['of another type', { code: 'unsupported-dtype', tensor: qkv }, { dtypes: { [qkv]: 'I64' } }],
    [
      'of no puzzle',
      { code: 'wrong-shape', tensor: 'puzzle_emb.weights' },
      { config: { puzzle_emb_len: 1 }, shapes: { 'puzzle_emb.weights': [0, 8] } },
    ],
  ])('%s are refused by name', (_, wanted, options) => {
    expect(refusal(options)).toMatchObject({ name: 'ModelFormatError', ...wanted })
  })

  const spare = {
    shapes: { 'L_level.layers.1.mlp.down_proj.weight': [8, 2], optimizer: [1000, 1000] },
    dtypes: { optimizer: 'I64' },
  } as const

  it('that no layer reads are left in the file, whatever they are', () => {
    const { tensors } = readModel(tinyModel(spare))
    expect([...tensors.keys()].sort()).toEqual([...readModel(tinyModel()).tensors.keys()].sort())
  })

  it('that no layer reads are not sent on, nor rows of puzzles that are none of ours', () => {
    const plain = tinyModel()
    expect(trimModel(plain)).toBe(plain)
    const trimmed = trimModel(tinyModel(spare))
    expect(trimmed.length).toBeLessThan(plain.length + 200)
    expect([...readModel(trimmed).tensors.keys()]).toEqual([...readModel(tinyModel(spare)).tensors.keys()])
    const many = tinyModel({ config: { puzzle_emb_len: 2 }, shapes: { 'puzzle_emb.weights': [5000, 16] } })
    const [whole, sent] = [readModel(many), readModel(trimModel(many))]
    const name = 'puzzle_emb.weights'
    expect(sent.tensors.get(name)!.shape).toEqual([1, 16])
    expect(sent.tensors.get(name)!.data).toEqual(whole.tensors.get(name)!.data.slice(0, 16))
    const rest = (tensors: typeof whole.tensors) => new Map([...tensors].filter(([key]) => key !== name))
    expect({ ...sent, tensors: rest(sent.tensors) }).toEqual({ ...whole, tensors: rest(whole.tensors) })
  })

  it('of a trimmed file give the same rollouts', () => {
    const many = tinyModel({
      config: { puzzle_emb_len: 2 },
      shapes: { 'puzzle_emb.weights': [3, 16], x: [9] },
    })
    const qs = [many, trimModel(many)].map((bytes) => {
      const { config, tensors } = readModel(bytes)
      using model = kernel.load(config, tensors)
      model.start(0, flatBoard(new Uint8Array(81).fill(1)))
      return model.step(0, { seed: 1n, rollout: 2, step: 0, sigma: 0.3, target: 'both' }).q
    })
    expect(qs[1]).toBe(qs[0])
  })

  it('of bundled models are all read', () => {
    const bytes = new Uint8Array(readFileSync(bundledModel('sudoku')!.weights))
    expect(trimModel(bytes)).toBe(bytes)
  })
})
