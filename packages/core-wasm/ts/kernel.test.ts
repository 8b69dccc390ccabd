/** The kernel's promises besides parity: fast path = oracle on odd sizes, no allocation, named errors. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { officialFixture, relativeError } from '../test/official.ts'
import { fixedLength, flatBoard, type Tensor, type TrmConfig } from './config.ts'
import { rowsOf } from './cost.ts'
import { type Kernel, loadKernel } from './kernel.ts'

const kernel: Kernel = await loadKernel({ variant: 'simd128' })

/** Random weights for a config, from the kernel's own generator. */
function randomWeights(
  config: TrmConfig,
  tokenInner: number,
  inner: number,
  puzzleWidth: number,
): Map<string, Tensor> {
  const { hiddenSize: d, vocabSize, prefix } = config
  const rows = rowsOf(config)
  const tensors = new Map<string, Tensor>()
  const add = (name: string, ...shape: number[]) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b))
    const sigma = shape.length > 1 ? 1 / Math.sqrt(shape.at(-1)!) : 1
    kernel.fillNoise(data, { seed: 7n, rollout: tensors.size, step: 0, sigma, target: 'zL' })
    tensors.set(name, { shape, data })
  }
  for (const name of ['H_init', 'L_init']) add(name, d)
  for (const name of ['embed_tokens.embedding_weight', 'lm_head.weight']) add(name, vocabSize, d)
  add('q_head.weight', 2, d)
  add('q_head.bias', 2)
  if (prefix > 0) add('puzzle_emb.weights', 2, puzzleWidth)
  if (config.positions === 'learned') add('embed_pos.embedding_weight', rows, d)
  const swiglu = (name: string, width: number, middle: number) => {
    add(`${name}.gate_up_proj.weight`, 2 * middle, width)
    add(`${name}.down_proj.weight`, width, middle)
  }
  for (let i = 0; i < config.layers; i++) {
    const at = `L_level.layers.${i}`
    if (config.mlpT) swiglu(`${at}.mlp_t`, rows, tokenInner)
    else {
      add(`${at}.self_attn.qkv_proj.weight`, 3 * d, d)
      add(`${at}.self_attn.o_proj.weight`, d, d)
    }
    swiglu(`${at}.mlp`, d, inner)
  }
  return tensors
}

const size = (max: number) => fc.integer({ min: 1, max })
const models = fc
  .record({
    heads: size(3),
    headPairs: size(7),
    seqLen: size(23),
    prefix: fc.integer({ min: 0, max: 3 }),
    vocabSize: size(13),
    layers: size(3),
    hCycles: size(2),
    lCycles: size(2),
    tokenInner: size(19),
    inner: size(19),
    mlpT: fc.boolean(),
    positions: fc.constantFrom('none', 'rope', 'learned'),
  })
  .map(({ heads, headPairs, tokenInner, inner, ...rest }) => {
    const fixed = { rmsEps: 1e-5, ropeTheta: 10_000, answerTokens: [] }
    const config: TrmConfig = { ...rest, ...fixed, numHeads: heads, hiddenSize: heads * headPairs * 2 }
    return { config, tokenInner, inner }
  })

describe('the fast path', () => {
  it('equals the oracle for any sizes', () => {
    fc.assert(
      fc.property(models, ({ config, tokenInner, inner }) => {
        const width = Math.max(1, config.prefix * config.hiddenSize - 1)
        const tensors = randomWeights(config, tokenInner, inner, width)
        using fast = kernel.load(config, tensors)
        using slow = kernel.load(config, tensors, { path: 'scalar' })
        const tokens = Uint8Array.from({ length: fixedLength(config) }, (_, i) => (i * 5) % config.vocabSize)
        for (const model of [fast, slow]) {
          model.start(0, flatBoard(tokens), config.prefix > 0 ? 1 : 0)
          model.step(0, { seed: 3n, rollout: 1, step: 0, sigma: 0.5, target: 'both' })
        }
        expect(relativeError(fast.logits(0), slow.logits(0))).toBeLessThan(2e-3)
        expect(relativeError(fast.readLatent(0, 'zL'), slow.readLatent(0, 'zL'))).toBeLessThan(2e-3)
      }),
      { seed: 1, numRuns: 150 },
    )
  })

  it('allocates nothing while it steps, and keeps its slots apart', () => {
    const { config, weights } = officialFixture('att-rope')
    using model = kernel.load(config, weights, { slots: 2 })
    const board = flatBoard(new Uint8Array(fixedLength(config)).fill(1))
    model.start(0, board)
    model.start(1, board)
    const alone = model.step(0, { seed: 1n, rollout: 4, step: 0, sigma: 0.3, target: 'zL' }).q
    const before = kernel.allocations()
    for (let step = 1; step < 3; step++)
      model.step(0, { seed: 1n, rollout: 4, step, sigma: 0.3, target: 'both' })
    expect(model.step(1, { seed: 1n, rollout: 4, step: 0, sigma: 0.3, target: 'zL' }).q).toBe(alone)
    expect(kernel.allocations()).toBe(before)
  })

  it('shows latents without a copy, and copies them in rows', () => {
    const { config, weights } = officialFixture('att-learned')
    using model = kernel.load(config, weights)
    model.start(0, flatBoard(new Uint8Array(fixedLength(config))), 2)
    model.step(0)
    const rows = model.readLatent(0, 'zH')
    const view = model.latentView(0, 'zH')
    const [row, channel] = [5, 19]
    expect(view[(Math.floor(channel / 8) * model.rows(0) + row) * 8 + (channel % 8)]).toBe(
      rows[row * config.hiddenSize + channel],
    )
  })
})

describe('bad weights', () => {
  const { config, weights } = officialFixture('mlp-sudoku')
  const name = 'L_level.layers.1.mlp_t.down_proj.weight'
  const changed = (change: (tensors: Map<string, Tensor>) => void) => {
    const tensors = new Map(weights)
    change(tensors)
    return () => kernel.load(config, tensors)
  }

  it('names a missing tensor', () => {
    expect(changed((t) => t.delete(name))).toThrow(
      expect.objectContaining({ code: 'missing-tensor', tensor: name }),
    )
  })

  it('names a wrong shape, the wanted and the found one', () => {
    const load = changed((t) => t.set(name, { shape: [96, 512], data: new Float32Array(96 * 512) }))
    expect(load).toThrow(
      expect.objectContaining({ code: 'wrong-shape', tensor: name, wanted: [97, 512], found: [96, 512] }),
    )
  })

  it('names a tensor whose data is shorter than its shape', () => {
    expect(changed((t) => t.set(name, { shape: [97, 512], data: new Float32Array(7) }))).toThrow(
      /wrong shape/,
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('names a tensor that holds %d', (value) => {
    const data = weights.get(name)!.data.slice()
    data[11] = value
    const load = changed((t) => t.set(name, { shape: [97, 512], data }))
    expect(load).toThrow(
      expect.objectContaining({ code: 'not-finite', message: expect.stringContaining('element 11') }),
    )
  })

  it('refuses sizes out of bounds before it reads a weight', () => {
    const load = () => kernel.load({ ...config, hiddenSize: 1e9 }, weights)
    expect(load).toThrow(expect.objectContaining({ code: 'config', tensor: 'hiddenSize' }))
  })

  it('refuses boards and slots that do not fit, without a trap', () => {
    using model = kernel.load(config, weights)
    const board = { rows: 9, columns: 9, tokens: new Uint8Array(81) }
    expect(() => model.start(0, flatBoard(new Uint8Array(80)))).toThrow('found 80 tokens, the model reads 81')
    expect(() => model.start(0, { ...board, columns: 8 })).toThrow('found 81 tokens, a board of 9x8 has 72')
    expect(() => model.start(0, { ...board, tokens: new Uint8Array(81).fill(11) })).toThrow(
      'token 11 of cell 0',
    )
    expect(() => model.start(1, flatBoard(new Uint8Array(81)))).toThrow('slot 1')
    expect(() => model.start(0, flatBoard(new Uint8Array(81)), 9)).toThrow('puzzle id 9')
    for (const id of [-1, 0.5, Number.NaN, 2 ** 32])
      expect(() => model.start(0, flatBoard(new Uint8Array(81)), id)).toThrow(`puzzle id: found ${id}`)
    expect(() => model.step(0)).toThrow('step before start')
  })
})
