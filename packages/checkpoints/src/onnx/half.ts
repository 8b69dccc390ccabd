/** Rounds f32 values to IEEE 754 binary16, for graphs with half-width weights. */

const value = new Float32Array(1)
const word = new Uint32Array(value.buffer)

/** Bits of each value, nearest with ties to even; what is too large becomes infinity. */
export function toHalf(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, halfBits)
}

function halfBits(x: number): number {
  value[0] = Math.abs(x)
  const bits = word[0]!
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0
  if (Number.isNaN(x)) return 0x7e00
  // Adding 2^23 * 2^-24 = 0.5 lets the f32 adder itself round to a multiple of 2^-24, the subnormal's step.
  if (bits < 0x38800000) {
    value[0] = value[0]! + 0.5
    return sign | (word[0]! - 0x3f000000)
  }
  const odd = (bits >>> 13) & 1
  const rounded = (bits + 0xfff + odd - 0x38000000) >>> 13
  return sign | Math.min(rounded, 0x7c00)
}
