import { expect, it } from 'vitest'
import { Seldom } from './seldom.ts'

it('is due when it is wanted and long enough ago, until it is done', () => {
  const seldom = new Seldom(250)
  expect(seldom.isDue(0)).toBe(false)
  seldom.isWanted = true
  expect([seldom.isDue(0), seldom.isDue(0)]).toEqual([true, true])
  seldom.done(0)
  expect([seldom.isWanted, seldom.isDue(1000)]).toEqual([false, false])
  seldom.isWanted = true
  expect([seldom.isDue(249), seldom.isDue(250)]).toEqual([false, true])
})

it('is due at once after what was is forgotten', () => {
  const seldom = new Seldom(250)
  seldom.done(0)
  seldom.isWanted = true
  seldom.forget()
  expect(seldom.isDue(1)).toBe(true)
})
