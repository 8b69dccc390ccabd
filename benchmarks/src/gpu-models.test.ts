/** What is counted of the models of the bench, by hand, and that both sides read the same weights. */
import { existsSync, readFileSync } from 'node:fs'
import { denseModel, readModel } from '@ptrm/core-wasm'
import { afterAll, describe, expect, it } from 'vitest'
import { makeModels } from './gpu-models.ts'

const { models, close } = makeModels({ tapa: 16, sudoku: 16, official: 2 })
afterAll(close)
const model = (name: 'tapa' | 'sudoku' | 'official') => models.get(name)!

describe('makeModels', () => {
  it('counts the operations of the official size', () => {
    // H 3 times (L 6 + 1) calls of two layers; in each, gate, up and down of the mix over 97 rows (inner 512) and of that over
    // 512 channels (inner 1536); then logits of 81 cells and 11 tokens. A multiplication and an addition are two.
    const mixRows = 3 * 2 * 97 * 512 * 512
    const mixChannels = 3 * 2 * 97 * 512 * 1536
    expect(model('official').flopsPerRolloutStep).toBe(
      3 * 7 * 2 * (mixRows + mixChannels) + 2 * 81 * 512 * 11,
    )
    expect(model('official').netCalls).toBe(21)
    // Two layers of both mixes, token embedding and head, prefix, H_init and L_init, q head with bias.
    const weights = 2 * (3 * 97 * 512 + 3 * 512 * 1536) + 2 * 11 * 512 + 16 * 512 + 2 * 512 + 2 * 512 + 2
    expect(model('official').denseWeights).toBe(weights)
  })

  it('counts bundled models as they are run, written out', () => {
    expect(model('sudoku').flopsPerRolloutStep).toBe(4 * 2 * (6 * 82 * 128 * (256 + 384)) + 2 * 81 * 128 * 10)
    const { config, tensors } = readModel(readFileSync(model('tapa').denseFile))
    const [d, rows] = [config.hiddenSize, config.prefix + 100]
    const inner = (mix: string) => tensors.get(`L_level.layers.0.${mix}.down_proj.weight`)!.shape[1]!
    const call = 2 * 3 * 2 * rows * d * (inner('mlp_t') + inner('mlp'))
    expect(model('tapa').flopsPerRolloutStep).toBe(
      config.hCycles * (config.lCycles + 1) * call + 2 * 100 * d * config.vocabSize,
    )
  })

  it("writes what is bundled out for PyTorch, on the boards' size", () => {
    for (const name of ['tapa', 'sudoku'] as const) {
      const { file, denseFile, board, boards } = model(name)
      const wanted = denseModel(readModel(readFileSync(file)), board.rows, board.columns)
      const found = readModel(readFileSync(denseFile))
      expect(found.config).toEqual(wanted.config)
      expect(found.tensors).toEqual(wanted.tensors)
      expect(new Set(boards.map(({ length }) => length))).toEqual(new Set([board.rows * board.columns]))
    }
  })

  it('leaves nothing behind', () => {
    const other = makeModels({ tapa: 1, sudoku: 1, official: 1 })
    const files = [...other.models.values()].map(({ denseFile }) => denseFile)
    expect(files.every((file) => existsSync(file))).toBe(true)
    other.close()
    expect(files.some((file) => existsSync(file))).toBe(false)
  })
})
