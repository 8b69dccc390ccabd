import type { StepEvent } from '@ptrm/orchestrator/browser'
import { expect, it } from 'vitest'
import { Rollouts } from './rollouts.ts'
import { confidenceText, counted, faultText, qText, tallyText } from './words.ts'

function step(rollout: number, verified: boolean): StepEvent {
  return { type: 'step', rollout, step: 1, tokens: new Uint8Array(), q: 0, verified }
}

it('counts as right the tries whose latest answer is, not those that once were', () => {
  const rollouts = new Rollouts(3, 2)
  expect(tallyText(rollouts)).toBe('3 tries to run')
  for (const event of [step(0, true), step(1, true), step(1, false)]) rollouts.hear(event)
  rollouts.end(1)
  expect(tallyText(rollouts)).toBe('1 of 3 right, 1 done')
})

it('says one of one, and minus with its own sign', () => {
  expect([counted(1, 'cell'), counted(0, 'cell')]).toEqual(['1 cell', '0 cells'])
  expect([faultText(1), faultText(2)]).toEqual(['1 cell breaks a rule', '2 cells break a rule'])
  expect([qText(-11.34), qText(8)]).toEqual(['−11.3', '8.0'])
  expect([-9, -1, 0, 9].map(confidenceText)).toEqual([
    'under 1\u00a0%',
    '27\u00a0%',
    '50\u00a0%',
    'over 99\u00a0%',
  ])
})
