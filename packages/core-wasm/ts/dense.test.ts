/** Free weights written out against PyTorch's plain TRM, as weights and in the kernel, on boards of several sizes. */
import { describe, expect, it } from 'vitest'
import { officialFixture, relativeError } from '../test/official.ts'
import { PLAIN_TIES, tiedFixture } from '../test/tied.ts'
import { expectPytorchSteps } from '../test/tied-steps.ts'
import { denseModel, sizedModel, writtenOut } from './dense.ts'
import { ModelFormatError, NoPlainTrmError } from './errors.ts'
import { loadKernel } from './kernel.ts'
import { configToJson } from './model-file.ts'
import { checkTensors } from './tensor-list.ts'

const kernel = await loadKernel({ variant: 'simd128' })

describe.each(PLAIN_TIES)('free weights tied by %s', (name) => {
  const { model, cases, dense } = tiedFixture(name)

  it('written out are the weights of PyTorch', () => {
    const [{ rows, columns }] = cases as [(typeof cases)[0]]
    const found = denseModel(model, rows, columns)
    expect([...checkTensors(found.config, found.tensors).keys()].sort()).toEqual(
      [...found.tensors.keys()].sort(),
    )
    expect(dense.size).toBe(4 * model.config.layers)
    for (const [key, wanted] of dense) {
      expect(found.tensors.get(key)!.shape, key).toEqual(wanted.shape)
      expect(relativeError(found.tensors.get(key)!.data, wanted.data), key).toBeLessThan(1e-6)
    }
    const kept = [...model.tensors].filter(([key]) => !key.startsWith('L_level.'))
    for (const [key, tensor] of kept) expect(found.tensors.get(key), key).toBe(tensor)
  })

  it('written out are a TRM whose file says so', () => {
    const [{ rows, columns }] = cases as [(typeof cases)[0]]
    const json = configToJson(denseModel(model, rows, columns))
    expect(json).toMatchObject({ kind: model.kind, seq_len: rows * columns, least_board: [rows, columns] })
    expect(Object.keys(json)).not.toContain('tie')
    expect(Object.keys(json)).not.toContain('format')
  })

  it.each(cases)('written out step as in PyTorch on boards of $rows x $columns', (board) => {
    const { config, tensors } = denseModel(model, board.rows, board.columns)
    using run = kernel.load(config, tensors)
    expectPytorchSteps(run, board, 'written out')
  })
})

describe('denseModel', () => {
  it('gives a dense model back, on the boards that it takes', () => {
    const { config, weights: tensors } = officialFixture('mlp-sudoku')
    const model = { kind: 'sudoku', config, recommended: {}, tensors }
    expect(denseModel(model, 9, 9)).toBe(model)
    expect(() => denseModel(model, 9, 8)).toThrow('a board of 9x8: the model takes boards of 81 cells alone')
    const written = denseModel(tiedFixture('board').model, 3, 5)
    expect(denseModel(written, 3, 5)).toBe(written)
    expect(() => denseModel(written, 5, 3)).toThrow('a board of 5x3: the model takes boards of 3x5 alone')
  })

  it('is for 9x9 or 10x10 boards where no board is asked for', () => {
    const [sudoku, board] = [tiedFixture('units').model, tiedFixture('board').model]
    expect(writtenOut(sudoku).config.leastBoard).toEqual({ rows: 9, columns: 9 })
    expect(writtenOut(board).config.leastBoard).toEqual({ rows: 10, columns: 10 })
    const written = writtenOut(board, { rows: 3, columns: 5 })
    expect(written.config.seqLen).toBe(15)
    expect(writtenOut(written)).toBe(written)
    expect(() => writtenOut(written, { rows: 3, columns: 4 })).toThrow(RangeError)
  })

  it('refuses a mix that depends on the puzzle by name, and says why', () => {
    const { model } = tiedFixture('rooms')
    for (const write of [() => denseModel(model, 3, 5), () => writtenOut(model)]) {
      expect(write).toThrow(NoPlainTrmError)
      expect(write).toThrow(/no plain TRM: .* by the borders of the puzzle's rooms/)
    }
  })

  it('refuses boards that the model does not take, and TRMs that are too large', () => {
    const { model: sudoku } = tiedFixture('units')
    expect(() => denseModel(sudoku, 3, 27)).toThrow(RangeError)
    expect(() => denseModel(sudoku, 3, 27)).toThrow('a board of 3x27: the model takes boards of 9x9 alone')
    const { model: board } = tiedFixture('board')
    expect(() => denseModel(board, 0, 3)).toThrow('a board of 0x3: wanted at least one row and one column')
    expect(() => denseModel(board, 2.5, 3)).toThrow(RangeError)
    // 90 x 90 cells of 3 types: each layer's two token products have 66 million weights and more.
    expect(() => denseModel(board, 90, 90)).toThrow(ModelFormatError)
    expect(() => denseModel(board, 90, 90)).toThrow(
      /its layers have \d+ weights; this build runs models of at most/,
    )
  })
})

describe('sizedModel', () => {
  it('is the plain TRM where there is one', () => {
    const { model } = tiedFixture('board')
    expect(sizedModel(model, { rows: 3, columns: 5 })).toEqual(denseModel(model, 3, 5))
    expect(sizedModel(model).config).toEqual(writtenOut(model).config)
  })

  it('keeps free weights whose mix depends on the puzzle, for boards of one size', () => {
    const { model } = tiedFixture('rooms')
    const sized = sizedModel(model, { rows: 3, columns: 5 })
    expect(sized.tensors).toBe(model.tensors)
    expect(sized.config).toEqual({ ...model.config, seqLen: 15, leastBoard: { rows: 3, columns: 5 } })
    expect(sizedModel(sized)).toBe(sized)
    expect(() => sizedModel(sized, { rows: 5, columns: 3 })).toThrow('the model takes boards of 3x5 alone')
    expect(sizedModel(model).config.leastBoard).toEqual({ rows: 10, columns: 10 })
    expect(() => sizedModel(model, { rows: 0, columns: 3 })).toThrow(RangeError)
  })
})
