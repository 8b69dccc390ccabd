/** Free weights run as they are: against PyTorch, against the same weights written out, and on boards of changing sizes. */
import { describe, expect, it } from 'vitest'
import { relativeError, slice } from '../test/official.ts'
import { PLAIN_TIES, TIES, tiedFixture } from '../test/tied.ts'
import { expectPytorchSteps, TOLERANCE } from '../test/tied-steps.ts'
import { KERNEL_VARIANTS, LATENTS } from './config.ts'
import { denseModel } from './dense.ts'
import { loadKernel } from './kernel.ts'

const kernels = await Promise.all(KERNEL_VARIANTS.map((variant) => loadKernel({ variant })))

describe.each(TIES)('free weights tied by %s', (name) => {
  const { model, cases } = tiedFixture(name)

  it.each(cases)('step as in PyTorch on boards of $rows x $columns', (board) => {
    for (const kernel of kernels) {
      for (const path of ['simd', 'scalar'] as const) {
        using run = kernel.load(model.config, model.tensors, { path })
        expectPytorchSteps(run, board, `${kernel.variant} ${path}`)
      }
    }
  })
})

describe.each(PLAIN_TIES)('free weights tied by %s', (name) => {
  const { model, cases } = tiedFixture(name)

  it('step as the same weights written out, with noise', () => {
    const [{ rows, columns, get }] = cases as [(typeof cases)[0]]
    const tokens = Uint8Array.from(slice(get('tokens'), 0))
    for (const kernel of kernels) {
      const dense = denseModel(model, rows, columns)
      using free = kernel.load(model.config, model.tensors)
      using written = kernel.load(dense.config, dense.tensors)
      for (const run of [free, written]) run.start(0, { rows, columns, tokens })
      for (let step = 0; step < 3; step++) {
        const noise = { seed: 5n, rollout: 2, step, sigma: 0.3, target: 'both' } as const
        // Untrained networks are chaotic: each step begins alike.
        for (const latent of LATENTS) written.writeLatent(0, latent, free.readLatent(0, latent))
        const [a, b] = [free.step(0, noise), written.step(0, noise)]
        expect(a.tokens).toEqual(b.tokens)
        expect(relativeError(free.logits(0), written.logits(0))).toBeLessThan(TOLERANCE)
      }
    }
  })
})

describe.each(['board', 'rooms'] as const)('boards of any size, tied by %s', (name) => {
  const { model } = tiedFixture(name)
  const board = (rows: number, columns: number) => ({
    rows,
    columns,
    tokens: Uint8Array.from({ length: rows * columns }, (_, i) => 1 + (i % (model.config.vocabSize - 1))),
  })

  it('stand in slots side by side, and a rollout does not depend on what ran before it', () => {
    const [kernel] = kernels as [(typeof kernels)[0]]
    const sizes = [board(4, 6), board(1, 1), board(24, 24), board(9, 5), board(2, 17)]
    using together = kernel.load(model.config, model.tensors, { slots: sizes.length })
    for (const [slot, each] of sizes.entries()) together.start(slot, each)
    const noise = (step: number) => ({ seed: 1n, rollout: 7, step, sigma: 0.4, target: 'both' }) as const
    for (let step = 0; step < 3; step++) {
      for (const slot of sizes.keys()) together.step(slot, noise(step))
    }
    for (const [slot, each] of sizes.entries()) {
      using alone = kernel.load(model.config, model.tensors)
      alone.start(0, each)
      for (let step = 0; step < 3; step++) alone.step(0, noise(step))
      expect(together.rows(slot)).toBe(model.config.prefix + each.rows * each.columns)
      expect(together.logits(slot)).toEqual(alone.logits(0))
      expect(together.readLatent(slot, 'zH')).toEqual(alone.readLatent(0, 'zH'))
    }
  })

  it('take memory when a board is larger than any before, never while they step', () => {
    const [kernel] = kernels as [(typeof kernels)[0]]
    using run = kernel.load(model.config, model.tensors, { slots: 2 })
    run.start(0, board(12, 12))
    run.start(1, board(3, 4))
    const before = kernel.allocations()
    for (const slot of [0, 1, 0, 1]) run.step(slot)
    run.readLatent(1, 'zL')
    run.start(0, board(5, 6))
    run.step(0)
    expect(kernel.allocations()).toBe(before)
    run.start(0, board(13, 12))
    expect(kernel.allocations()).toBeGreaterThan(before)
  })

  it('may be an answer that the kernel still holds, though its memory grows for them', () => {
    const [kernel] = kernels as [(typeof kernels)[0]]
    using answering = kernel.load(model.config, model.tensors)
    answering.start(0, board(100, 100))
    const { tokens } = answering.step(0)
    const copy = tokens.slice()
    const runs = []
    const wanted = () => {
      using run = kernel.load(model.config, model.tensors)
      run.start(0, { rows: 100, columns: 100, tokens: copy })
      return run.step(0).q
    }
    while (tokens.length > 0 && runs.length < 50) {
      const run = kernel.load(model.config, model.tensors)
      runs.push(run)
      if (tokens.length === 0) break
      run.start(0, { rows: 100, columns: 100, tokens })
      expect(run.step(0).q).toBe(wanted())
    }
    expect(tokens.length).toBe(0)
    for (const run of runs) run.close()
  })

  it('are refused by name where they are none, or not what the model reads', () => {
    const [kernel] = kernels as [(typeof kernels)[0]]
    using run = kernel.load(model.config, model.tensors)
    const found =
      (rows: number, columns: number, count = rows * columns) =>
      () =>
        run.start(0, { rows, columns, tokens: new Uint8Array(Math.max(0, count)) })
    expect(found(0, 5)).toThrow('found a board of 0x5, wanted one of 1 to 16384 cells')
    expect(found(2.5, 2)).toThrow(RangeError)
    expect(found(3, 3, 8)).toThrow('found 8 tokens, a board of 3x3 has 9')
    expect(found(129, 128)).toThrow(RangeError)
    expect(() => run.rows(0)).toThrow('slot 0: no board yet')
    expect(() => run.step(0)).toThrow('step before start')
    const units = tiedFixture('units').model
    using sudoku = kernel.load(units.config, units.tensors)
    expect(() => sudoku.start(0, { rows: 3, columns: 27, tokens: new Uint8Array(81) })).toThrow(
      'found a board of 3x27, the model reads 9x9',
    )
  })
})

describe('rooms', () => {
  const { model } = tiedFixture('rooms')
  const [kernel] = kernels as [(typeof kernels)[0]]
  // Tokens from 3 on have a bit for each border: at the right, below, at the left, above.
  const [rows, columns, none, right] = [4, 5, 3, 4]
  const open = { rows, columns, tokens: new Uint8Array(rows * columns).fill(none) }
  const cut = { ...open, tokens: open.tokens.map((token, cell) => (cell % columns === 1 ? right : token)) }
  const noise = (step: number) => ({ seed: 1n, rollout: 3, step, sigma: 0.4, target: 'both' }) as const

  it('are those of the board in a slot, whatever boards of its size stand beside it', () => {
    const boards = [open, cut, open]
    using together = kernel.load(model.config, model.tensors, { slots: boards.length })
    for (const [slot, board] of boards.entries()) together.start(slot, board)
    for (let step = 0; step < 2; step++) for (const slot of boards.keys()) together.step(slot, noise(step))
    using alone = kernel.load(model.config, model.tensors)
    for (const [slot, board] of boards.entries()) {
      alone.start(0, board)
      for (let step = 0; step < 2; step++) alone.step(0, noise(step))
      expect(together.logits(slot)).toEqual(alone.logits(0))
    }
  })

  it('change what cells see, though tokens are embedded alike', () => {
    const width = model.config.hiddenSize
    const { shape, data } = model.tensors.get('embed_tokens.embedding_weight')!
    const alike = { shape, data: data.map((_, i) => data[i % width]!) }
    const tensors = new Map(model.tensors).set('embed_tokens.embedding_weight', alike)
    using run = kernel.load(model.config, tensors)
    const logitsOf = (board: typeof open) => {
      run.start(0, board)
      run.step(0)
      return run.logits(0).slice()
    }
    const [whole, parted] = [logitsOf(open), logitsOf(cut)]
    expect(relativeError(parted, whole)).toBeGreaterThan(100 * TOLERANCE)
    // Said by the cells on the border's other side, it is the same border.
    const left = none + 4
    const turned = {
      ...open,
      tokens: open.tokens.map((token, cell) => (cell % columns === 2 ? left : token)),
    }
    expect(logitsOf(turned)).toEqual(parted)
  })

  it('need borders of 0 and 1', () => {
    const { shape, data } = model.tensors.get('borders')!
    for (const value of [0.5, -1, 2, Number.NaN]) {
      const tensors = new Map(model.tensors).set('borders', { shape, data: data.with(6, value) })
      expect(() => kernel.load(model.config, tensors)).toThrow(
        expect.objectContaining({
          name: 'ModelFormatError',
          code: Number.isNaN(value) ? 'not-finite' : 'wrong-value',
          tensor: 'borders',
          message: expect.stringContaining('element 6'),
        }),
      )
    }
  })
})
