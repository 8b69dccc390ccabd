/** Values in errors: short, and never the cause of another error. */
import { expect, it } from 'vitest'
import { shown } from './plan-values.ts'

it('shows any value, however it is made', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
  const bare: Record<string, unknown> = Object.create(null)
  bare['self'] = bare
  expect([undefined, null, '1', 1, 1n, Number.NaN, [1n]].map(shown)).toEqual([
    'undefined',
    'null',
    '"1"',
    '1',
    '1n',
    'NaN',
    '["1"]',
  ])
  expect([deep, bare].map(shown)).toEqual(['[object Array]', '[object Object]'])
  expect(shown('x'.repeat(1000))).toHaveLength(123)
})
