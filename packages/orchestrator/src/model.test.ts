/** A model is held against its kind wherever it comes in: its board, its tokens, its answers. */
import { configToJson, ModelFormatError, readModel, type TrmConfig } from '@ptrm/core-wasm'
import { bundledModels } from '@ptrm/models'
import { fixedBoard, kindNamed } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { openModel } from './model.ts'
import { createSolver, loadModelBytes } from './node.ts'

const sudoku = await loadModelBytes('sudoku')
const own = readModel(sudoku)

/** The bundled Sudoku model with another config in its metadata; the weights stay as they are. */
function withConfig(change: Partial<TrmConfig>, kind = 'sudoku'): Uint8Array {
  const length = Number(new DataView(sudoku.buffer, sudoku.byteOffset).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(sudoku.subarray(8, 8 + length)))
  const config = configToJson({ kind, config: { ...own.config, ...change }, recommended: {} })
  header.__metadata__ = { ptrm: JSON.stringify(config) }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + sudoku.length - 8 - length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(sudoku.subarray(8 + length), 8 + text.length)
  return bytes
}

describe('openModel', () => {
  it.each(bundledModels.map(({ name }) => name))(
    'takes %s, which has the vocabulary of its kind',
    async (name) => {
      const { kind, config } = openModel(await loadModelBytes(name))
      const { size, answers } = kindNamed(kind).vocabulary
      expect([config.vocabSize, config.answerTokens]).toEqual([size, answers])
    },
  )

  it.each(bundledModels)('finds in $name the largest board that is said of it', async ({ name, largest }) => {
    const board = fixedBoard(openModel(await loadModelBytes(name)).config)
    expect(largest).toEqual(board && { rows: board.rows, cols: board.columns })
  })

  it('gives a model that does not say its answer tokens those of its kind', () => {
    expect(openModel(withConfig({ answerTokens: [] })).config.answerTokens).toEqual(own.config.answerTokens)
  })

  it.each<[string, Partial<TrmConfig>, string]>([
    ['tokens that are no digits', { vocabSize: 12, answerTokens: [3, 10, 11] }, 'answer_tokens holds 10, 11'],
    [
      'a vocabulary that nothing explains',
      { vocabSize: 12, answerTokens: [] },
      'has 12 tokens, sudoku has 10',
    ],
    ['fewer tokens than the board needs', { vocabSize: 9, answerTokens: [1] }, 'knows 9 tokens'],
    ['another board', { seqLen: 100, tie: undefined }, 'reads 100 cells'],
    ['a tie of another board', { seqLen: 100 }, 'seq_len: found 100, wanted 81'],
  ])('refuses %s, before any engine sees it', async (_, change, message) => {
    const bytes = withConfig(change)
    expect(() => openModel(bytes)).toThrow(ModelFormatError)
    await expect(createSolver({ model: bytes })).rejects.toThrow(message)
  })

  it('refuses the same numbers for another kind', () => {
    expect(() => openModel(withConfig({}, 'tapa'))).toThrow(
      'the model does not fit its kind: the model knows 10 tokens, tapa has 46',
    )
  })

  it('lets the weights of a kind that is not ours through', () => {
    expect(openModel(withConfig({ answerTokens: [] }, 'slither')).kind).toBe('slither')
  })
})
