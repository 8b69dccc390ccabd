/** Rounding to half precision, against every half there is and the midpoints between them. */
import { expect, it } from 'vitest'
import { toHalf } from './half.ts'

/** What a binary16's bits stand for, by the definition. */
function fromHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15)
}

it('keeps every finite half, and rounds midpoints to even', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [value, next] = [fromHalf(bits), fromHalf(bits + 1)]
    const middle = (value + next) / 2
    const even = bits % 2 === 0 ? bits : bits + 1
    const nearer = [value * 0.75 + next * 0.25, value * 0.25 + next * 0.75]
    expect([...toHalf(Float32Array.of(value, -value, middle, ...nearer))]).toEqual([
      bits,
      bits | 0x8000,
      even,
      bits,
      bits + 1,
    ])
  }
})

it('has infinity and NaN', () => {
  expect([...toHalf(Float32Array.of(65_504, 65_519, 65_520, 1e9, -1e9, Number.NaN))]).toEqual([
    0x7bff, 0x7bff, 0x7c00, 0x7c00, 0xfc00, 0x7e00,
  ])
})
