/** Counted operations against an independent count. */
import { readFileSync } from 'node:fs'
import { bundledModel } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { officialFixture } from '../test/official.ts'
import { fixedLength } from './config.ts'
import { stepCost } from './cost.ts'
import { writtenOut } from './dense.ts'
import { readModel } from './model-file.ts'

const sudoku = readModel(readFileSync(bundledModel('sudoku')!.weights))

describe('stepCost', () => {
  it('counts a step of the bundled model, written out, as its sizes say', () => {
    // 4 calls of 2 layers: three maps of 82 rows by 128 channels with inner widths 256 and 384, then the heads.
    const wanted = 4 * 2 * (6 * 82 * 128 * (256 + 384)) + 2 * 81 * 128 * 10
    expect(stepCost(writtenOut(sudoku))).toEqual({ netCalls: 4, flops: wanted })
    expect(stepCost(sudoku).netCalls).toBe(4)
    expect(stepCost(sudoku).flops).toBeLessThan(wanted / 9)
  })

  it('counts attention by its projections and scores', () => {
    const { config, weights: tensors } = officialFixture('att-rope')
    const { hiddenSize: d, layers, prefix, vocabSize, hCycles, lCycles } = config
    const seqLen = fixedLength(config)
    const inner = tensors.get('L_level.layers.0.mlp.down_proj.weight')!.shape[1]!
    const rows = seqLen + prefix
    const projections = 2 * rows * d * (3 * d) + 2 * rows * d * d
    const scores = 2 * (2 * rows * rows * d)
    const layer = projections + scores + 3 * (2 * rows * d * inner)
    expect(stepCost({ config, tensors }).flops).toBe(
      hCycles * (lCycles + 1) * layers * layer + 2 * seqLen * d * vocabSize,
    )
  })
})
