/** What a model file is held to where it is loaded, before a weight is read; and what of it is sent on. */
import { readFileSync } from 'node:fs'
import { bundledModel, bundledModels } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { type TinyOptions, tinyModel } from '../test/tiny-model.ts'
import { flatBoard } from './config.ts'
import { loadKernel } from './kernel.ts'
import { listModel, readModel } from './model-file.ts'
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
    ['a huge activation', /an activation has 268435456 numbers/, { config: { seq_len: 16_384 } }],
  ])('is refused: %s', (_, message, options) => {
    const error = refusal(options)
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'too-large' })
    expect((error as Error).message).toMatch(message)
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
