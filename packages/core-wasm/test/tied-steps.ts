/** Holds a loaded model against the steps that PyTorch made of a tied model. */
import { expect } from 'vitest'
import type { TrmModel } from '../ts/index.ts'
import { relativeError, slice } from './official.ts'
import type { TiedCase } from './tied.ts'

/** Of logits, relative to the largest, and of q. */
export const TOLERANCE = 2e-4

/** Expects of a loaded model that it steps as PyTorch did, from the states that each of its steps starts from. */
export function expectPytorchSteps(run: TrmModel, { rows, columns, get }: TiedCase, what: string): void {
  const [boards, steps] = get('q').shape as [number, number]
  for (let board = 0; board < boards; board++) {
    run.start(0, { rows, columns, tokens: Uint8Array.from(slice(get('tokens'), board)) })
    for (let step = 0; step < steps; step++) {
      run.writeLatent(0, 'zH', slice(get('z_H'), board, step))
      run.writeLatent(0, 'zL', slice(get('z_L'), board, step))
      run.step(0)
      const where = `${what}, board ${board}, step ${step}`
      expect(relativeError(run.logits(0), slice(get('logits'), board, step)), where).toBeLessThan(TOLERANCE)
      expect(Math.abs(run.q(0)[0]! - get('q').data[board * steps + step]!), where).toBeLessThan(TOLERANCE)
    }
  }
}
