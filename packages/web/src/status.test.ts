/** What the element says of itself. */
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
