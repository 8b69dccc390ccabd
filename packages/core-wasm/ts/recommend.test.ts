/** A recommended plan is written and read back, and nothing else of the file changes. */
import { readFileSync } from 'node:fs'
import { bundledModel } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { readModel } from './model-file.ts'
import { withRecommended } from './recommend.ts'

describe('withRecommended', () => {
  const before = readFileSync(bundledModel('sudoku')!.weights)
  const model = readModel(before)

  it('changes what a plan is made of, and nothing else', () => {
    const plan = { rollouts: 7, steps: 5, sigma: 0.45, noiseTarget: 'both' } as const
    const after = readModel(withRecommended(before, plan))
    expect(after.recommended).toEqual(plan)
    expect({ ...after, recommended: model.recommended }).toEqual(model)
  })

  it('keeps what the plan leaves out, and gives the same bytes for the same plan', () => {
    const after = withRecommended(before, { steps: 3 })
    expect(readModel(after).recommended).toEqual({ ...model.recommended, steps: 3 })
    expect(withRecommended(after, { steps: 3 })).toEqual(after)
  })

  it('refuses a file that is no model', () => {
    expect(() => withRecommended(before.subarray(0, 99), {})).toThrow('truncated')
  })
})
