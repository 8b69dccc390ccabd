/** Counted costs against what the graph says of its own inputs and outputs, and against an independent count. */

import { exportOnnx } from '@ptrm/checkpoints'
import { type Model, readModel } from '@ptrm/core-wasm'
import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { officialFixture } from '../../../core-wasm/test/official.ts'
import { loadModelBytes } from '../node.ts'
import { stepCost } from './cost.ts'
import { slotCost } from './onnx/slot-cost.ts'

const sudoku = readModel(await loadModelBytes('sudoku'))
const official = (name: 'att-rope' | 'mlp-sudoku'): Model => {
  const { config, weights } = officialFixture(name)
  return { kind: 'sudoku', config, tensors: weights, recommended: {} }
}

describe('stepCost', () => {
  it('counts a step of the bundled model as its sizes say', () => {
    // 4 calls of 2 layers: three maps of 82 rows by 128 channels with inner widths 256 and 384, then the heads.
    const wanted = 4 * 2 * (6 * 82 * 128 * (256 + 384)) + 2 * 81 * 128 * 10
    expect(stepCost(sudoku)).toEqual({ netCalls: 4, flops: wanted })
  })

  it('counts attention by its projections and scores', () => {
    const model = official('att-rope')
    const { hiddenSize: d, layers, seqLen, prefix, vocabSize, hCycles, lCycles } = model.config
    const inner = model.tensors.get('L_level.layers.0.mlp.down_proj.weight')!.shape[1]!
    const rows = seqLen + prefix
    const projections = 2 * rows * d * (3 * d) + 2 * rows * d * d
    const scores = 2 * (2 * rows * rows * d)
    const layer = projections + scores + 3 * (2 * rows * d * inner)
    expect(stepCost(model).flops).toBe(hCycles * (lCycles + 1) * layers * layer + 2 * seqLen * d * vocabSize)
  })
})

describe('slotCost', () => {
  const BYTES: Record<string, number> = { float32: 4, int64: 8, uint8: 1 }
  it.each([
    ['one step', 1, {}, 'none'],
    ['four steps', 4, { steps: 4 }, 'zL'],
    ['four steps, noise on both', 4, { steps: 4 }, 'both'],
  ] as const)(
    'is what the graph of %s takes and gives for a batch of one',
    async (_, stepsPerRun, options, noise) => {
      for (const model of [sudoku, official('mlp-sudoku')]) {
        const session = await InferenceSession.create(exportOnnx(model, { ...options, noise }))
        const bytes = [...session.inputMetadata, ...session.outputMetadata].reduce((sum, value) => {
          if (!value.isTensor || value.name === 'puzzle_id') return sum
          // Open axes are the batch.
          return (
            sum +
            BYTES[value.type]! *
              value.shape.reduce<number>((a, b) => a * (typeof b === 'number' && b > 0 ? b : 1), 1)
          )
        }, 0)
        const noises = noise === 'both' ? 2 : 1
        expect(slotCost(model, { stepsPerRun, noises }).ioBytes).toBe(bytes)
        await session.release()
      }
    },
  )

  it('copies less a step where a run has several', () => {
    const [one, eight] = [slotCost(sudoku), slotCost(sudoku, { stepsPerRun: 8 })]
    const latent = 82 * 128 * 4
    expect(one.copiedBytes).toBe(81 * 8 + 4 * latent + 81 + 8)
    expect(eight.copiedBytes).toBe((81 * 8 + 4 * latent) / 8 + latent + 81 + 8)
  })
})
