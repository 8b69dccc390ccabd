/** A model that goes to PyTorch's names and back through the importer is the same model. */
import { readFileSync } from 'node:fs'
import { readModel, readSafetensors, writtenOut } from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { tiedFixture } from '../../core-wasm/test/tied.ts'
import { importCheckpoint } from './import/import.ts'
import { type ToPyTorchOptions, toPyTorch } from './to-pytorch.ts'

const model = writtenOut(readModel(readFileSync(bundledModel('sudoku')!.weights)))
const write = (options?: ToPyTorchOptions) => new Uint8Array(Buffer.concat([...toPyTorch(model, options)]))

describe('toPyTorch', () => {
  it.each<ToPyTorchOptions>([{}, { tokenOffset: 1 }, { prefix: '' }, { prefix: 'model.', tokenOffset: 1 }])(
    'comes back whole: %j',
    (options) => {
      // A vocabulary of 11 is taken for the official one, of 10 for ours.
      const { chunks, tokenOffset } = importCheckpoint(write(options), { given: {} })
      expect(tokenOffset).toBe(options.tokenOffset ?? 0)
      const again = readModel(new Uint8Array(Buffer.concat([...chunks()])))
      expect(again.config).toEqual(model.config)
      expect(again.recommended).toEqual(model.recommended)
      expect(again.kind).toBe(model.kind)
      expect(again.tensors.size).toBe(model.tensors.size)
      for (const [name, { data }] of model.tensors) expect(again.tensors.get(name)!.data).toEqual(data)
    },
  )

  it('has the official names, and rows of zeros for tokens that ptrm does not know', () => {
    const { tensors } = readSafetensors(write({ tokenOffset: 1 }))
    expect([...tensors.keys()].every((name) => name.startsWith('_orig_mod.model.inner.'))).toBe(true)
    const { shape, data } = tensors.get('_orig_mod.model.inner.lm_head.weight')!
    expect(shape).toEqual([11, model.config.hiddenSize])
    expect(data.subarray(0, model.config.hiddenSize).every((value) => value === 0)).toBe(true)
  })

  it('refuses an offset that bytes can’t count', () => {
    expect(() => write({ tokenOffset: 250 })).toThrow('makes 260 tokens')
    expect(() => write({ tokenOffset: -1 })).toThrow('token offset of -1')
  })

  it('writes free weights out, for the boards that it is asked for', () => {
    const { model: tied, dense } = tiedFixture('board')
    const bytes = new Uint8Array(Buffer.concat([...toPyTorch(tied, { board: { rows: 3, columns: 5 } })]))
    const { tensors, metadata } = readSafetensors(bytes)
    for (const [name, { shape }] of dense)
      expect(tensors.get(`_orig_mod.model.inner.${name}`)!.shape).toEqual(shape)
    expect(JSON.parse(metadata['ptrm']!)).toMatchObject({ seq_len: 15, least_board: [3, 5] })
    const usual = importCheckpoint(new Uint8Array(Buffer.concat([...toPyTorch(tied)])), { given: {} })
    expect(usual.config).toMatchObject({ seqLen: 100, leastBoard: { rows: 10, columns: 10 } })
    const wrong = () => importCheckpoint(bytes, { given: { leastBoard: { rows: 3, columns: 4 } } })
    expect(wrong).toThrow('least_board is 3x4, but a board has seq_len 15 cells')
  })
})
