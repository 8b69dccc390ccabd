/** Distances between floats, at the places where bits are no plain numbers. */
import { expect, it } from 'vitest'
import { ulpsBetween } from './ulps.ts'

const smallest = 2 ** -149

it('counts the floats between two', () => {
  const found = Float32Array.of(1, 1 + 2 ** -23, -1, 0, smallest, -smallest, 2, Number.NaN, -0)
  const wanted = Float32Array.of(1, 1, -1 - 2 ** -22, -0, -smallest, 0, 2 - 2 ** -22, 1, 0)
  expect(ulpsBetween(found, wanted)).toEqual([0, 1, 2, 0, 2, 1, 2, Number.NaN, 0])
})

it('refuses lists of different lengths', () => {
  expect(() => ulpsBetween(new Float32Array(2), new Float32Array(3))).toThrow('found 2 values, wanted 3')
})
