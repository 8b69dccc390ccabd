import { expect, it } from 'vitest'
import { Seldom } from './seldom.ts'

it('is due when it is wanted and long enough ago, and once', () => {
  const seldom = new Seldom(250)
  expect(seldom.isDue(0)).toBe(false)
  seldom.isWanted = true
  expect([seldom.isDue(0), seldom.isDue(1000)]).toEqual([true, false])
  seldom.isWanted = true
  expect([seldom.isDue(249), seldom.isWanted, seldom.isDue(250), seldom.isWanted]).toEqual([
    false,
    true,
    true,
    false,
  ])
})

it('is due at once after what was is forgotten', () => {
  const seldom = new Seldom(250)
  seldom.isWanted = true
  seldom.isDue(0)
  seldom.isWanted = true
  seldom.forget()
  expect(seldom.isDue(1)).toBe(true)
})
