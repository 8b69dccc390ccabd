/** What the element says of itself. */
import type { SelectorName, SolveResult } from '@ptrm/orchestrator/browser'
import { expect, it } from 'vitest'
import { statusText } from './status.ts'

it('says what the reader of the puzzle had to decide, until there is more to say', () => {
  const progress = { rollouts: 4, done: 0, q: undefined }
  const note = 'cells with one digit were taken as givens'
  expect(statusText('idle', { progress, note })).toBe(note)
  expect(statusText('idle', { progress })).toBe('')
  expect(statusText('solving', { progress, note })).toBe('0 of 4 tries')
  expect(statusText('solving', { progress: { rollouts: 1, done: 1, q: -2 } })).toBe(
    '1 of 1 try, best q −2.00',
  )
})

it('says of a run without a right answer what is shown, and what other tries came to', () => {
  const progress = { rollouts: 3, done: 3, q: 1 }
  const right = { step: 1, tokens: new Uint8Array(), q: 2 }
  const result = (firsts: readonly (typeof right | undefined)[]) =>
    ({
      answer: 'some',
      rollout: 2,
      candidates: firsts.map((firstVerified) => ({ firstVerified })),
    }) as unknown as SolveResult
  const none = result([undefined, undefined, undefined])
  const said = (result: SolveResult, select?: SelectorName) =>
    statusText('unsolved', { progress, result, select })
  expect(said(none)).toBe('None of 3 tries is right; shown is the best by q')
  expect(said(none, 'mode')).toBe('None of 3 tries is right; shown is what most tries say')
  expect(said(result([right, right, undefined]), 'best-q')).toBe(
    'Try 2 was chosen, as the best by q, and is wrong; 2 of 3 tries came to a right answer',
  )
  expect(said({ candidates: [] } as unknown as SolveResult)).toMatch(/nothing is shown$/)
})
