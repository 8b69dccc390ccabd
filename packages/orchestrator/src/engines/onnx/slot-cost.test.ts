/** Counted bytes against what the graph says of its own inputs and outputs. */

import { exportOnnx, exportRollout } from '@ptrm/checkpoints'
import { type Model, readModel } from '@ptrm/core-wasm'
import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { officialFixture } from '../../../../core-wasm/test/official.ts'
import { tiedFixture } from '../../../../core-wasm/test/tied.ts'
import { loadModelBytes } from '../../node.ts'
import { slotCost } from './slot-cost.ts'

const sudoku = readModel(await loadModelBytes('sudoku'))
const official = (name: 'mlp-sudoku'): Model => {
  const { config, weights } = officialFixture(name)
  return { kind: 'sudoku', config, tensors: weights, recommended: {} }
}

describe('slotCost', () => {
  const BYTES: Record<string, number> = { float32: 4, int64: 8, uint8: 1 }
  const models = [sudoku, official('mlp-sudoku'), tiedFixture('rooms').model]
  /** Of all inputs and outputs, for a batch of one. */
  const bytesOf = async (graph: Uint8Array) => {
    const session = await InferenceSession.create(graph)
    const values = [...session.inputMetadata, ...session.outputMetadata]
    await session.release()
    return values.reduce((sum, value) => {
      if (!value.isTensor || value.name === 'puzzle_id') return sum
      // Open axes are the batch.
      const size = value.shape.reduce<number>((a, b) => a * (typeof b === 'number' && b > 0 ? b : 1), 1)
      return sum + BYTES[value.type]! * size
    }, 0)
  }
  it.each([
    ['one step', 1, {}, 'none'],
    ['four steps', 4, { steps: 4 }, 'zL'],
    ['four steps, noise on both', 4, { steps: 4 }, 'both'],
  ] as const)(
    'is what the graph of %s takes and gives for a batch of one',
    async (_, stepsPerRun, options, noise) => {
      for (const model of models) {
        const noises = noise === 'both' ? 2 : 1
        const bytes = await bytesOf(exportOnnx(model, { ...options, noise }))
        expect(slotCost(model, { stepsPerRun, noises }).ioBytes).toBe(bytes)
      }
    },
  )

  it.each([
    ['zL', 1],
    ['both', 2],
  ] as const)('is what a graph with its own noise on %s takes and gives', async (noise, noises) => {
    for (const model of models)
      for (const steps of [1, 8]) {
        const bytes = await bytesOf(exportRollout(model, { steps, noise, form: 'loop' }))
        expect(slotCost(model, { stepsPerRun: steps, noises, noise: 'graph' }).ioBytes).toBe(bytes)
      }
  })

  it('counts what cells see of one another where the puzzle says it', () => {
    const [rooms, board] = (['rooms', 'board'] as const).map((name) => tiedFixture(name).model)
    const [large, larger] = [10, 20].map((side) => slotCost(rooms!, { board: { rows: side, columns: side } }))
    const within = 27 * 4 // numbers a pair of cells
    expect(larger!.workBytes - large!.workBytes).toBeGreaterThan(within * (400 ** 2 - 100 ** 2))
    expect(large!.weightBytes).toBeGreaterThan(35 * 100 ** 2 * 4)
    expect(large!.weightBytes).toBeLessThan(4 * slotCost(board!).weightBytes)
  })

  it('copies less a step where a run has several', () => {
    const [one, eight] = [slotCost(sudoku), slotCost(sudoku, { stepsPerRun: 8 })]
    const latent = 82 * 128 * 4
    expect(one.copiedBytes).toBe(81 * 8 + 4 * latent + 81 + 8)
    expect(eight.copiedBytes).toBe((81 * 8 + 4 * latent) / 8 + latent + 81 + 8)
    const inGraph = slotCost(sudoku, { stepsPerRun: 8, noise: 'graph' })
    expect(inGraph.copiedBytes).toBe((81 * 8 + 4 * latent + 8) / 8 + 4 + 8 + 81 + 4)
  })
})
