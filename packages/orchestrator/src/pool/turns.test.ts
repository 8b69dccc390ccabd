/** Between two turns a timer comes through, whatever the runtime has to make turns of. */
import { afterEach, expect, it, vi } from 'vitest'
import { openTurns } from './turns.ts'

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['what Node has', []],
  ['messages, as in a page', ['setImmediate']],
  ['timers alone', ['setImmediate', 'MessageChannel']],
])('by %s', async (_, missing) => {
  for (const name of missing) vi.stubGlobal(name, undefined)
  const turns = openTurns()
  let isWoken = false
  setTimeout(() => {
    isWoken = true
  }, 5)
  const end = performance.now() + 5000
  let count = 0
  for (; !isWoken && performance.now() < end; count++) await turns.next()
  turns.close()
  expect(isWoken).toBe(true)
  expect(count).toBeGreaterThan(1)
})
